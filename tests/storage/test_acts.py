"""Do processes count together who asks for too many looks, and is what is counted shown, forgotten and over in time?"""

from __future__ import annotations

import asyncio

from sqlalchemy import Connection, func, select, update

from bot.ports import Act, Rate
from bot.storage.acts import SqlActs
from bot.storage.sql import Database, SqlPrivacy
from bot.storage.tables import acts as table
from databases import Server, open_database

ALICE = Act("check", "7", "9")
A_MINUTE = (Rate(2, 60.0), Rate(4, 3600.0))
MANY = (Rate(99, 60.0),)


async def later(database: Database, seconds: float) -> None:
    """Let time pass in the table."""
    older = {name: table.c[name] - seconds for name in ("at", "expires_at")}
    await database.ask(lambda connection: connection.execute(update(table).values(**older)))


async def rows(database: Database) -> int:
    def count(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return await database.ask(count)


async def test_windows_slide(database: Database) -> None:
    """The short and the long window each have a limit; what was refused does not count."""
    acts = SqlActs(database)
    assert [await acts.allows(ALICE, A_MINUTE, MANY) for _ in range(3)] == [True, True, False]
    await later(database, 61)
    assert [await acts.allows(ALICE, A_MINUTE, MANY) for _ in range(3)] == [True, True, False]
    await later(database, 61)
    assert not await acts.allows(ALICE, A_MINUTE, MANY)
    assert await rows(database) == 4
    await later(database, 3600 - 61)
    assert await acts.allows(ALICE, A_MINUTE, MANY)


async def test_person_and_server_are_counted_each_by_itself(database: Database) -> None:
    """One server's people share its rate; a person has theirs wherever they ask; in a direct message there is no server."""
    acts = SqlActs(database)
    for owner in ("1", "2"):
        assert await acts.allows(Act("check", owner, "9"), MANY, A_MINUTE)
    assert not await acts.allows(Act("check", "3", "9"), MANY, A_MINUTE)
    assert not await acts.allows(Act("check", None, "9"), MANY, A_MINUTE)
    assert await acts.allows(Act("check", "3", "8"), A_MINUTE, A_MINUTE)
    assert await acts.allows(Act("check", "3", None), A_MINUTE, A_MINUTE)
    assert not await acts.allows(Act("check", "3", None), A_MINUTE, A_MINUTE)
    assert await acts.allows(Act("another kind", "3", "9"), A_MINUTE, A_MINUTE)


async def test_processes_allow_together_what_one_would(server: Server) -> None:
    """However many ask at the same moment in however many processes, exactly as many as the rate are allowed."""
    address = await server.empty_database()
    databases = [await open_database(address) for _ in range(4)]
    try:
        crowd = [SqlActs(database) for database in databases]
        people = [Act("check", str(number % 5), "9") for number in range(60)]
        allowed = await asyncio.gather(
            *(crowd[number % 4].allows(act, (Rate(3, 60.0),), (Rate(10, 60.0),)) for number, act in enumerate(people))
        )
        assert sum(allowed) == 10
        assert await rows(databases[0]) == 10
    finally:
        for database in databases:
            await database.aclose()


async def test_person_counts_once_in_all_servers(server: Server) -> None:
    """Somebody who asks in many servers at the same moment is allowed what one person is."""
    address = await server.empty_database()
    databases = [await open_database(address) for _ in range(4)]
    try:
        crowd = [SqlActs(database) for database in databases]
        asked = [Act("check", "3", str(number)) for number in range(40)]
        few, many = (Rate(3, 60.0),), (Rate(100, 60.0),)
        allowed = await asyncio.gather(*(crowd[number % 4].allows(act, few, many) for number, act in enumerate(asked)))
        assert sum(allowed) == 3
    finally:
        for database in databases:
            await database.aclose()


async def test_person_sees_and_deletes_what_is_counted(database: Database) -> None:
    """Export holds a person's acts; forgetting a person or a server deletes theirs and no others."""
    acts, privacy = SqlActs(database), SqlPrivacy(database, "discord")
    for act in (ALICE, Act("check", "8", "9"), Act("check", "8", "10"), Act("check", None, "9")):
        await acts.allows(act, MANY, MANY)
    (exported,) = await privacy.export("7")
    assert [(one["kind"], one["owner"], one["server"]) for one in exported["acts"]] == [("check", "7", "9")]
    await privacy.forget("7")
    assert await privacy.export("7") == []
    await privacy.forget_server("9")
    (exported,) = await privacy.export("8")
    assert [one["server"] for one in exported["acts"]] == ["10"]
    assert await rows(database) == 1


async def test_nothing_is_kept_beyond_its_hour(database: Database) -> None:
    """What is over goes with the next question, and by the hourly task where nobody asks."""
    acts = SqlActs(database)
    await acts.allows(ALICE, MANY, MANY)
    await later(database, 3601)
    await acts.allows(Act("check", "8", None), MANY, MANY)
    assert await rows(database) == 1
    database.clock.jump(400 * 86400)  # type: ignore[attr-defined]
    await database.expire()
    assert await rows(database) == 0
