"""Does the bot process say which database it cannot use, and use it once it is fixed, without a restart?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from databases import Server
from e2e.bot_process import BAD_GATEWAY, Desk, desk, pause
from e2e.command import Command
from e2e.stage import Stage
from e2e.test_discord_privacy import rows

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


async def test_stop_during_an_outage_tells_whose_words_are_lost(server: Server, stage: Stage, tmp_path: Path) -> None:
    """Whoever wrote or pressed something while the database was away reads that it was not kept, and how to go on."""
    await server.empty_database()
    async with desk(stage, tmp_path, database_url=server.url()) as at:
        await at.bot.start()
        _, panel = await at.guided(await at.card(at.site()))
        await asyncio.to_thread(server.stop)
        at.bob.writes(at.channel, f"help, I get 502 Bad Gateway nginx/1.24.0 at {at.stage.site('others', BAD_GATEWAY)}")
        await at.bob.until(at.channel, lambda one: "for 10 minutes" in one.text, "a word about the database")
        await at.presses(panel, "I am visiting it", "for 10 minutes")
        assert await at.bot.stop() == 0
        (told,) = [one for one in at.bob.sees(at.channel) if "could not keep this" in one.text]
        assert list(told.buttons) == ["Paste the error"]
        assert "could not keep this" in at.alice.sees(panel.channel)[-1].text
        assert "Traceback" not in at.bot.log, at.bot.log


@pytest.mark.parametrize("kind", ["folder", "letter", "file in the way", "newer", "foreign"])
async def test_file_that_can_never_work_ends_the_bot_before_it_is_online(
    resting: Desk, command: Command, kind: str
) -> None:
    """The bot ends with 2 and the line that `db upgrade` prints, and Discord never sees it online."""
    path = resting.bot.home / "fiveohtwo" / "fiveohtwo.sqlite3"
    await asyncio.to_thread(_spoil, path, kind)
    await resting.bot.begin(database_url=f"sqlite:///{path}")
    assert await resting.bot.ended() == 2
    assert resting.stand.record.received("IDENTIFY") == []
    assert "Traceback" not in resting.bot.log, resting.bot.log
    said = await asyncio.to_thread(command.run, "db", "upgrade", database_url=f"sqlite:///{path}")
    assert resting.bot.log.splitlines()[-1] == said.stderr.splitlines()[-1]


def _spoil(path: Path, kind: str) -> None:
    """Put something in the place of the database with which no bot can work."""
    if kind == "file in the way":
        path.parent.write_text("in the way")
        return
    (path if kind == "folder" else path.parent).mkdir(parents=True)
    if kind == "letter":
        path.write_bytes(b"this is a letter and no database at all " * 500)
    statement = {
        "newer": "CREATE TABLE alembic_version AS SELECT '9999' AS version_num",
        "foreign": "CREATE TABLE conversations (x)",
    }.get(kind)
    if statement is not None:
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(statement)


async def test_another_bot_leaves_a_database_alone(
    stage: Stage, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A bot with another token ends with 2 before it is online; once it may have the database, it deletes nothing."""
    url = {"database_url": f"sqlite:///{tmp_path}/kept.sqlite3"}
    async with desk(stage, tmp_path, **url) as at:
        await at.bot.start()
        await at.mod.uses_slash(at.channel, "settings", mode="offer")
        await at.called(at.alice)
        await at.bot.stop()
    before = rows(at)
    assert {"preferences", "places", "conversations", "reports"} <= set(before)
    async with desk(stage, tmp_path_factory.mktemp("other"), **url) as other:
        await other.bot.begin()
        assert await other.bot.ended() == 2
        assert other.stand.record.received("IDENTIFY") == []
        assert "belongs to another bot" in other.bot.log
        assert "Traceback" not in other.bot.log
        assert rows(at) == before
        released = Command(tmp_path).run("db", "release", **url)
        assert at.stand.world.bot["id"] in released.stdout
        await other.bot.start(log_level="warning")
        await other.stand.record.until(lambda: "1 servers that this bot does not know" in other.bot.log, "a warning")
        assert rows(at) == before
