"""Does SQLAlchemy keep a migration or a query in one transaction, on both databases?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from bot.storage.address import Address
from bot.storage.engines import engine_of


def _make_table(connection: Connection) -> int | None:
    connection.execute(text("CREATE TABLE half (x INTEGER)"))
    return connection.execute(text("SELECT count(*) FROM half")).scalar()


def _break_off(connection: Connection) -> None:
    _make_table(connection)
    connection.execute(text("INSERT INTO half VALUES (1)"))
    raise RuntimeError


async def test_tables_are_made_in_a_transaction(address: Address) -> None:
    """A transaction that fails takes back even the tables that it made."""
    engine = engine_of(address)
    with pytest.raises(RuntimeError):
        await engine.ask(_break_off)
    assert await engine.ask(_make_table) == 0
    await engine.dispose()


async def test_sqlite_is_as_durable_as_on_the_hot_path(address: Address) -> None:
    """Rare questions write as safely as events do, and overwrite what they delete."""
    if address.kind != "sqlite":
        return
    engine = engine_of(address)
    names = ("journal_mode", "synchronous", "secure_delete")
    found = await engine.ask(lambda connection: [connection.scalar(text(f"PRAGMA {name}")) for name in names])
    assert found == ["wal", 2, 1]
    await engine.dispose()


async def test_failed_statement_tells_nothing_of_what_it_was_given(address: Address) -> None:
    """A failure may be logged as it is: neither an address nor anybody's id is in it."""
    engine = engine_of(address)
    given = {"url": "https://shop.example.com/", "owner": "1577009122610511873"}
    with pytest.raises(SQLAlchemyError) as failed:
        await engine.ask(lambda connection: connection.execute(text("INSERT INTO gone VALUES (:url, :owner)"), given))
    assert "gone" in str(failed.value)
    assert not [value for value in given.values() if value in str(failed.value)]
    await engine.dispose()


def test_file_whose_schema_is_up_to_date_needs_neither_alembic_nor_asyncpg(tmp_path: Path) -> None:
    """What a file does not need once its schema is there is not imported: it would stay in memory forever."""
    opened = (
        "import asyncio, sys\n"
        "from pathlib import Path\n"
        "from bot.cli.compose import SystemClock\n"
        "from bot.cli.stores import in_database\n"
        "from bot.storage.address import parse\n"
        f"address = parse('sqlite:///{tmp_path}/kept.sqlite3')\n"
        "async def look():\n"
        "    await (await in_database(address, SystemClock())).close()\n"
        "asyncio.run(look())\n"
        "print([name for name in ('alembic', 'asyncpg', 'sqlalchemy.orm') if name in sys.modules])"
    )
    told = [subprocess.run([sys.executable, "-c", opened], capture_output=True, text=True, check=True) for _ in "ab"]
    assert "alembic" in told[0].stdout
    assert told[1].stdout.strip() == "[]"
