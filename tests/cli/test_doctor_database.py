"""Does `fiveohtwo doctor` find what is wrong with the database?"""

from __future__ import annotations

import asyncio
import re
import resource
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from bot.storage.address import Address
from bot.storage.engines import engine_of
from bot.storage.ours import Bot
from bot.storage.schema import upgrade
from bot.storage.sql import Database
from cli_shared import Run, found
from databases import Server
from fakes import HandClock
from standin.server import TOKEN, Standin


def test_database_is_named_and_not_made(run_on: Run, tmp_path: Path) -> None:
    """Without a setting the file in the user's data folder is named; a look alone makes nothing."""
    done = run_on("doctor", "--json")
    assert found(done)["database"]["said"].endswith("fiveohtwo.sqlite3, to be made at the first start")
    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.parametrize(("kind", "result"), [("memory:", "warn"), ("sqlite:///{file}", "fail")])
def test_database_that_keeps_nothing_or_cannot_be_used_is_told(
    run_on: Run, tmp_path: Path, kind: str, result: str
) -> None:
    """Memory is a warning; a file that is no database is a failure. Both come with a remedy."""
    (tmp_path / "letter.txt").write_text("this is a letter and no database at all " * 50)
    done = run_on("doctor", "--json", database_url=kind.format(file=tmp_path / "letter.txt"))
    assert found(done)["database"]["result"] == result
    assert "FIVEOHTWO_DATABASE_URL" in found(done)["database"]["remedy"]


async def test_older_database_is_left_as_it_is(run_on: Run, tmp_path: Path) -> None:
    """A look does not upgrade: the release that made a database may still be the one that runs."""
    path = tmp_path / "x.sqlite3"
    engine = engine_of(Address("sqlite", path=path))
    await engine.ask(lambda connection: upgrade(connection, "0003"))
    await engine.dispose()
    before = path.read_bytes()
    examined = await asyncio.to_thread(lambda: found(run_on("doctor", "--json", database_url=f"sqlite:///{path}")))
    said = f"{path} has an older schema (0003); it is upgraded at the next start"
    assert (examined["database"]["result"], examined["database"]["said"]) == ("ok", said)
    assert path.read_bytes() == before


def test_empty_file_is_left_empty(run_on: Run, tmp_path: Path) -> None:
    """A file without anything in it is one whose tables the first start makes."""
    (tmp_path / "x.sqlite3").touch()
    examined = found(run_on("doctor", "--json", database_url=f"sqlite:///{tmp_path}/x.sqlite3"))["database"]
    assert examined["result"] == "ok"
    assert examined["said"].endswith("is empty; its tables are made at the next start")
    assert (tmp_path / "x.sqlite3").stat().st_size == 0


@pytest.mark.parametrize("path", ["/dev/null/x.db", "/proc/x/x.db", "/dev", f"/tmp/{'x' * 300}/x.db"])
def test_file_that_cannot_be_made_is_a_failure(run_on: Run, path: str) -> None:
    """What the first start could not make is told before it, without a traceback."""
    examined = found(run_on("doctor", "--json", database_url=f"sqlite:///{path}"))["database"]
    assert examined["result"] == "fail"
    assert examined["said"].startswith(path)


async def test_server_is_left_empty_and_its_role_examined(run_on: Run) -> None:
    """On an empty server nothing is made; a role that may make nothing there is a failure with its remedy."""
    server = Server()
    try:
        address = await server.empty_database()
        examined = await asyncio.to_thread(lambda: found(run_on("doctor", "--json", database_url=address.url)))
        assert examined["database"]["said"].endswith("is empty; its tables are made at the next start")
        connection = await asyncpg.connect(address.url)
        assert await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
        await connection.execute("CREATE ROLE plain LOGIN")
        await connection.close()
        plain = address.url.replace("postgres@", "plain@")
        examined = await asyncio.to_thread(lambda: found(run_on("doctor", "--json", database_url=plain)))
        assert examined["database"]["result"] == "fail"
        assert "GRANT" in examined["database"]["remedy"]
    finally:
        server.close()


def test_file_without_room_is_a_failure(run_on: Run, tmp_path: Path) -> None:
    """A disk that takes an empty file and nothing into it is full."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    run_on("db", "upgrade", database_url=url)
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        examined = found(run_on("doctor", "--json", database_url=url))["database"]
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert (examined["result"], examined["said"]) == ("fail", f"{tmp_path}/x.sqlite3: File too large")
    assert [path.name for path in tmp_path.glob("tmp*")] == []


def test_damaged_file_is_a_failure(run_on: Run, tmp_path: Path) -> None:
    """A file that opens and is broken behind its first pages is not ready."""
    path = tmp_path / "x.sqlite3"
    run_on("db", "upgrade", database_url=f"sqlite:///{path}")
    content = bytearray(path.read_bytes())
    content[20_000:60_000] = b"U" * 40_000
    path.write_bytes(content)
    examined = found(run_on("doctor", "--json", database_url=f"sqlite:///{path}"))["database"]
    assert examined["result"] == "fail"
    assert re.search("damaged|malformed", examined["said"])


def test_tables_of_another_program_are_a_failure(run_on: Run, tmp_path: Path) -> None:
    """Where the first start could not make its tables, doctor says so before it."""
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as connection:
        connection.execute("CREATE TABLE conversations (x)")
    examined = found(run_on("doctor", "--json", database_url=f"sqlite:///{tmp_path}/x.sqlite3"))["database"]
    assert examined["result"] == "fail"
    assert "'conversations'" in examined["said"]


@pytest.mark.parametrize(("owner", "result"), [("5", "fail"), (None, "ok")], ids=["another's", "its own"])
def test_database_of_another_bot_is_a_failure(
    run_on: Run, discord: Standin, tmp_path: Path, owner: str | None, result: str
) -> None:
    """Where `run` would be refused with this token, doctor says whose the database is; the bot's own is ready."""
    path = tmp_path / "x.sqlite3"
    bot = Bot("discord", owner or discord.world.bot["id"])

    async def claim() -> None:
        database = Database(Address("sqlite", path=path), HandClock(), bot=bot)
        await database.open()
        await database.aclose()

    asyncio.run(claim())
    url = f"sqlite:///{path}"
    assert found(run_on("doctor", "--json", database_url=url))["database"]["result"] == "ok"
    at = {"discord_token": TOKEN, "discord_api": discord.api_url, "database_url": url}
    examined = found(run_on("doctor", "--json", **at))["database"]
    assert examined["result"] == result
    assert ("belongs to another bot (application 5" in examined["said"]) is (result == "fail")
