"""Does every database, empty or filled by any release, get to this release's schema, and is no newer one touched?"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect, text

from bot.ports import KeptPlace, StoreUnavailable
from bot.storage import migrating, ours, schema
from bot.storage.address import Address, parse
from bot.storage.book import SqlPlaceBook
from bot.storage.engines import engine_of
from bot.storage.sql import Database, SqlPreferences, SqlStore, examine
from bot.storage.tables import metadata
from databases import Server, open_database, sqlite_address
from fakes import HandClock

SCRIPTS = ScriptDirectory(str(migrating.MIGRATIONS))
RELEASED = [script.revision for script in SCRIPTS.walk_revisions()][::-1]
FILLED: dict[str, tuple[str, ...]] = {
    "0001": (
        "INSERT INTO conversations (key, version, state, phase, updated_at, expires_at) VALUES"
        ' (\'k\', 4, \'{"version":1,"phase":"step","host":"shop.example.com"}\', \'step\', 1793707440, 1796299440)',
        "INSERT INTO effects (key, id, kind, body, due_at) VALUES"
        ' (\'k\', \'m4:wake\', \'wake\', \'{"kind":"wake","id":"m4:wake","after_s":1800}\', 1793709240)',
        "INSERT INTO replies (key, id, position, body) VALUES ('k', 'm4:0', 4000, '{\"choices\":[],\"key\":\"help\"}')",
        "INSERT INTO places (surface, key, owner, server, body, updated_at, expires_at) VALUES"
        " ('discord', 'k', '7', NULL, '{\"channel\":1}', 1793707440, 1796299440)",
        "INSERT INTO preferences (kind, scope, name, value) VALUES ('discord-mode', '9', '0', 'off')",
    ),
}
FILLED["0002"] = (
    *FILLED["0001"],
    "INSERT INTO watched (url, course, next_at, holder, held_until) VALUES"
    " ('https://shop.example.com/', '{\"looks\":3}', 1793709240, NULL, 0)",
    "INSERT INTO watchers (id, url, surface, owner, server, body, asked_at, expires_at, held_until) VALUES"
    " ('w', 'https://shop.example.com/', 'discord', '7', '9', '{\"channel\":1}', 1793707440, 1793880240, 0)",
    "INSERT INTO reports (server, site, owner, first_at, last_at, expires_at) VALUES"
    " ('9', 'example.com', '7', 1793707440, 1793707440, 1793793840)",
    "INSERT INTO outcomes (cause, guide, step, solved, failed) VALUES ('origin-down', 'visitor', 'reload', 3, 9)",
)
FILLED["0003"] = (
    *FILLED["0002"],
    "INSERT INTO duties (surface, shard, shards, holder, held_until) VALUES ('discord', 0, 1, 'p', 1793880240)",
)
FILLED["0004"] = (
    *FILLED["0003"],
    "INSERT INTO looks (url, rules, host, began_at, held_until, report, seen_at, fresh_until, expires_at) VALUES"
    " ('https://shop.example.com/', 'r', 'shop.example.com', 1793707440, 0, '{}', 1793707441, 1793707501, 1793707501)",
    "INSERT INTO acts (id, kind, owner, server, at, expires_at) VALUES"
    " ('a', 'check', '7', '9', 1793707440, 1793711040)",
)
FILLED["0005"] = (
    *FILLED["0004"],
    "INSERT INTO forgotten (surface, key, server, body, expires_at) VALUES"
    " ('discord', 'f', '9', '{\"channel\":1}', 1794312240)",
)
FILLED["0006"] = (
    *FILLED["0005"],
    "INSERT INTO applications (surface, application, settled_at) VALUES ('discord', '5', 1793707440)",
)
"""Revision -> rows as the release of that schema wrote them. A new migration adds its own entry."""


async def ask(address: Address, question: Any) -> Any:
    engine = engine_of(address)
    try:
        return await engine.ask(question)
    finally:
        await engine.dispose()


async def test_empty_database_gets_the_whole_schema(database: Database) -> None:
    """The migrations build exactly the tables that `tables.py` describes."""

    def differences(connection: Connection) -> list[Any]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    assert await database.ask(differences) == []
    assert await database.ask(schema.current) == ours.NEWEST


@pytest.mark.parametrize("revision", RELEASED)
async def test_filled_database_of_every_release_comes_up_to_date(address: Address, revision: str) -> None:
    """What any released schema held is there after the upgrade: state, pending things, places and settings."""
    await ask(address, lambda connection: schema.upgrade(connection, revision))

    def fill(connection: Connection) -> None:
        for statement in FILLED[revision]:
            connection.execute(text(statement.replace(":", "\\:")))

    await ask(address, fill)
    database = await open_database(address)
    store = SqlStore(database)
    stored = await store.load("k")
    assert stored is not None
    assert (stored.version, stored.state.host) == (4, "shop.example.com")
    (pending,) = await store.pending()
    assert [due.effect.id for due in pending.effects] == ["m4:wake"]
    assert [line.reply.key for line in pending.replies] == ["help"]
    assert await SqlPlaceBook(database, "discord").all() == (KeptPlace("k", "7", '{"channel":1}'),)
    assert await SqlPreferences(database).all("discord-mode") == (("9", "0", "off"),)
    await database.aclose()


async def test_newer_schema_is_refused_and_left_alone(address: Address) -> None:
    """A database that a newer release has changed is refused with what to do, and nothing in it is touched."""
    await ask(address, schema.upgrade)
    await ask(address, lambda connection: connection.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    database = Database(address, HandClock())
    with pytest.raises(ours.SchemaTooNew, match="newer release"):
        await database.open()
    with pytest.raises(ours.SchemaTooNew, match="FIVEOHTWO_DATABASE_URL"):
        await SqlStore(database).load("k")
    await database.aclose()
    assert await ask(address, schema.current) == "9999"


@pytest.mark.parametrize("emptied", [False, True])
async def test_tables_without_a_version_are_nobodys(address: Address, *, emptied: bool) -> None:
    """Tables of our names with nothing that says they are ours are refused, when they are examined and when opened."""
    if emptied:
        await ask(address, schema.upgrade)
        await ask(address, lambda connection: connection.execute(text("DELETE FROM alembic_version")))
    else:
        await ask(address, lambda connection: connection.execute(text("CREATE TABLE watchers (name text)")))
    database = Database(address, HandClock())
    with pytest.raises(ours.NotOurs, match="FIVEOHTWO_DATABASE_URL"):
        await database.open()
    await database.aclose()
    with pytest.raises(ours.NotOurs):
        await examine(address)


async def test_damaged_file_is_found(tmp_path: Path) -> None:
    """A file whose first page is whole is one that a start takes; an examination reads all of it."""
    address = sqlite_address(tmp_path)
    database = await open_database(address)
    await database.ask(
        lambda connection: [
            connection.execute(text(statement.replace(":", "\\:"))) for statement in FILLED[ours.NEWEST]
        ]
    )
    await database.aclose()
    assert await examine(address) == (ours.NEWEST, True, None)
    content = bytearray(address.path.read_bytes())
    content[20_000:60_000] = b"U" * 40_000
    await asyncio.to_thread(address.path.write_bytes, content)
    with pytest.raises(StoreUnavailable, match=r"damaged|malformed"):
        await examine(address)


async def test_server_that_takes_no_writes_is_found(server: Server) -> None:
    """A standby, or a role that may only read, is not ready for anything."""
    address = await server.empty_database()
    await (await open_database(address)).aclose()
    with pytest.raises(StoreUnavailable, match="transaction_read_only"):
        await examine(parse(f"{address.url}&default_transaction_read_only=on"))


async def test_processes_that_start_together_migrate_once(address: Address) -> None:
    """Of several processes that open one empty database, each finds it whole."""
    databases = [Database(address, HandClock()) for _ in range(4)]
    outcomes = await asyncio.gather(*(database.open() for database in databases), return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is not None] == []
    for database in databases:
        assert await database.ask(schema.current) == ours.NEWEST
        await database.aclose()


async def test_failed_migration_leaves_nothing_half_done(address: Address, monkeypatch: pytest.MonkeyPatch) -> None:
    """A migration that breaks off leaves the database as it was; the next start does all of it."""
    whole = schema.current

    def broken(connection: Connection) -> str | None:
        found = whole(connection)
        if found is not None:
            raise OSError("the machine stops here")
        return found

    monkeypatch.setattr(schema, "current", broken)
    database = Database(address, HandClock())
    with pytest.raises(StoreUnavailable):
        await database.open()
    monkeypatch.undo()
    assert await ask(address, lambda connection: inspect(connection).get_table_names()) == []
    await database.open()
    assert await database.ask(schema.current) == ours.NEWEST
    await database.aclose()


def test_every_released_schema_has_its_filled_database() -> None:
    """No migration comes without the rows that prove it, and the steps are one straight line."""
    assert set(FILLED) == set(RELEASED)
    assert SCRIPTS.get_heads() == [ours.NEWEST]
