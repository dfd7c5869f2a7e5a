"""Does Alembic move a connection's schema forward, in the open transaction?"""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import Connection, inspect

from bot.storage import ours, schema
from bot.storage.address import Address
from bot.storage.engines import engine_of
from bot.storage.migrating import known, migrate


def test_this_releases_schema_is_known() -> None:
    """What a database has to come to is one of the revisions that there are."""
    assert ours.NEWEST in known()


async def test_revision_is_reached_step_by_step(address: Address) -> None:
    """A database goes to the revision that is asked for, and no further."""
    engine = engine_of(address)

    def forward(connection: Connection, to: str) -> tuple[str | None, bool]:
        migrate(connection, to)
        return schema.current(connection), inspect(connection).has_table("watchers")

    assert await engine.ask(partial(forward, to="0001")) == ("0001", False)
    assert await engine.ask(partial(forward, to="head")) == (ours.NEWEST, True)
    await engine.dispose()


async def test_step_that_breaks_off_is_taken_back(address: Address) -> None:
    """The tables of a migration go with the transaction in which they were made."""
    engine = engine_of(address)

    def broken(connection: Connection) -> None:
        migrate(connection, "head")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await engine.ask(broken)
    assert await engine.ask(schema.current) is None
    await engine.dispose()
