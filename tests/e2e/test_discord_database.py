"""Does the bot process tell which database it cannot use, and use it once it was mended, without a restart?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from databases import Server
from e2e.bot_process import Desk, desk, pause
from e2e.stage import Stage

pytestmark = pytest.mark.soak


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a PostgreSQL server."""
    server = Server()
    yield server
    server.close()


async def _says(server: Server, statement: str) -> None:
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_role_without_rights_is_told_and_served_once_it_has_them(
    server: Server, stage: Stage, tmp_path: Path
) -> None:
    """A role that may make no tables is named in the log in one line; after GRANT the bot answers who called it meanwhile."""
    await server.empty_database()
    await _says(server, "CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA public TO plain")
    async with desk(stage, tmp_path, database_url=server.url().replace("postgres@", "plain@")) as at:
        await at.bot.start()
        asking = asyncio.ensure_future(at.called(at.alice))
        await at.stand.record.until(lambda: at.bot.log.count("InsufficientPrivilegeError") > 1, "a word about it")
        await _says(server, "GRANT CREATE ON SCHEMA public TO plain")
        assert "Guide me" in (await asking).buttons
        assert "Traceback" not in at.bot.log, at.bot.log


async def test_channel_that_is_off_stays_off_while_the_database_is_away(resting: Desk) -> None:
    """The process starts beside a locked file: it is silent unasked, there and elsewhere, until it can read the modes."""
    await resting.bot.start()
    await resting.mod.uses_slash(resting.channel, "settings", mode="off")
    assert await resting.bot.stop() == 0
    other = resting.stand.world.add_channel("errors")["id"]
    plea = f"help, I get 502 Bad Gateway nginx/1.24.0 at {resting.site()}"
    (file,) = resting.bot.home.rglob("*.sqlite3")
    with closing(sqlite3.connect(file, isolation_level=None)) as locking:
        locking.execute("PRAGMA locking_mode=EXCLUSIVE")
        locking.execute("BEGIN EXCLUSIVE")
        await resting.bot.start()
        for channel in (resting.channel, other):
            resting.alice.writes(channel, plea)
        await resting.stand.record.until(lambda: "the store is away" in resting.bot.log, "an outage", 40.0)
        await pause(10.0)
        assert [resting.bob.sees(channel) for channel in (resting.channel, other)] == [[], []]
        locking.execute("ROLLBACK")
    await pause(12.0)
    for channel in (resting.channel, other):
        resting.bob.writes(channel, plea)
    await resting.bob.until(other, lambda one: "Guide me" in one.buttons, "a card where it may speak")
    assert resting.bob.sees(resting.channel) == []
