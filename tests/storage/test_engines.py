"""Does SQLAlchemy keep a migration or a question in one transaction, on both databases?"""

from __future__ import annotations

import pytest
from sqlalchemy import text

from bot.storage.address import Address
from bot.storage.engines import engine_of


async def test_tables_are_made_in_a_transaction(address: Address) -> None:
    """A transaction that fails takes back even the tables that it made."""
    engine = engine_of(address)

    async def break_off() -> None:
        async with engine.begin() as connection:
            await connection.execute(text("CREATE TABLE half (x INTEGER)"))
            await connection.execute(text("INSERT INTO half VALUES (1)"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await break_off()
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE half (x INTEGER)"))
        assert (await connection.execute(text("SELECT count(*) FROM half"))).scalar() == 0
    await engine.dispose()


async def test_sqlite_is_as_durable_as_on_the_hot_path(address: Address) -> None:
    """Rare questions write as safely as events do, and overwrite what they delete."""
    if address.kind != "sqlite":
        return
    engine = engine_of(address)
    async with engine.connect() as connection:
        found = [
            (await connection.execute(text(f"PRAGMA {name}"))).scalar()
            for name in ("journal_mode", "synchronous", "secure_delete")
        ]
    assert found == ["wal", 2, 1]
    await engine.dispose()
