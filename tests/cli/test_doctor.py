"""Does `fiveohtwo doctor` find what is missing?"""

from __future__ import annotations

import asyncio
import json
import re
import resource
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from anyio.from_thread import start_blocking_portal
from click.testing import Result
from discord.http import Route

from bot.checks.interfaces import Own
from bot.settings import SettingsError
from bot.storage.address import Address
from bot.storage.engines import engine_of
from bot.storage.ours import Bot
from bot.storage.schema import upgrade
from bot.storage.sql import Database
from cli_shared import Run, assert_golden
from databases import Server
from e2e.command import Command
from e2e.stage import Stage, raw
from fakes import HandClock
from globalping_standin import GlobalpingStandin
from standin.server import TOKEN, Standin


@pytest.fixture(autouse=True)
def _discord_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no later test of this process meet the stand-in."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)


def found(done: Result) -> dict[str, dict[str, Any]]:
    """Return what was examined, by name."""
    return {item["name"]: item for item in json.loads(done.stdout)}


@pytest.fixture
def discord() -> Iterator[Standin]:
    """Run the stand-in for Discord in a thread of its own."""
    with start_blocking_portal() as loop, loop.wrap_async_context_manager(Standin()) as standing:
        yield standing


def dated(stage: Stage, name: str, off: timedelta, **headers: str) -> str:
    """Return the address of a server whose clock differs."""
    told = {"Date": format_datetime(datetime.now(UTC) + off, usegmt=True)} | headers
    return stage.site(name, raw("204 No Content", **told))


def test_healthy_installation_is_healthy(run_on: Run, stage: Stage, discord: Standin, tmp_path: Path) -> None:
    """With a resolver, a canary, a token and a database everything is fine, and the exit code says so."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    run_on("db", "upgrade", database_url=url)
    canary = dated(stage, "on-time", timedelta())
    done = run_on(
        "doctor", "--json", discord_token=TOKEN, discord_api=discord.api_url, database_url=url, canary=canary,
        own_addresses="45.33.32.156, 2a02:8071:5abc:1::50",
    )  # fmt: skip
    assert done.exit_code == 0
    examined = json.loads(done.stdout)
    assert_golden("doctor", examined)
    assert [item["name"] for item in examined] == [
        "python", "knowledge", "own side", "resolver", "connection", "clock", "discord", "database",
    ]  # fmt: skip
    assert {item["result"] for item in examined} == {"ok"}
    assert found(done)["resolver"]["said"] == f"{stage.name_server} answers"
    assert found(done)["connection"]["said"] == "proved by on-time.example.com"
    assert found(done)["discord"]["said"] == "logged in as Fiveohtwo; reads messages for pasted errors"
    assert found(done)["database"]["said"] == f"{tmp_path}/x.sqlite3 is ready"
    assert TOKEN not in done.stdout


def test_healthy_bot_is_asked_for_without_alarms(stage: Stage, discord: Standin, tmp_path: Path) -> None:
    """Nothing of what discord.py misses, and the bot never needs, is said beside the findings."""
    settings = {"resolvers": stage.name_server, "canary": "", "database_url": "memory:"}
    done = Command(tmp_path, settings).run("doctor", discord_token=TOKEN, discord_api=discord.api_url)
    assert "logged in as Fiveohtwo" in done.stdout
    assert done.stderr == ""


def test_language_without_words_is_found(run_on: Run) -> None:
    """What ends `run` at once is no healthy installation."""
    knowledge = found(run_on("doctor", "--json", language="de"))["knowledge"]
    assert knowledge["result"] == "fail"
    assert 'no words in "de"' in knowledge["said"]


def test_public_address_that_is_not_known_is_a_hint(run_on: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """In a container no interface has the public address: doctor says so and names the setting, and all else works."""
    monkeypatch.setattr("bot.checks.interfaces.has_route", lambda ip: ip.version == 4)
    monkeypatch.setattr("bot.checks.interfaces.own", lambda: Own(frozenset({ip_address("172.17.0.2")})))
    examined = found(run_on("doctor", "--json"))["own side"]
    assert examined["result"] == "warn"
    assert "no public address for IPv4 is known" in examined["said"]
    assert "FIVEOHTWO_OWN_ADDRESSES" in examined["remedy"]
    named = found(run_on("doctor", "--json", own_addresses="45.33.32.0/24"))["own side"]
    assert (named["result"], named["remedy"]) == ("ok", None)


def test_token_that_discord_refuses_is_found(run_on: Run, discord: Standin) -> None:
    """A token that was reset is a failure, and the token is not repeated."""
    done = run_on("doctor", "--json", discord_token="former.bot.token", discord_api=discord.api_url)
    assert done.exit_code == 1
    assert found(done)["discord"]["said"] == "Discord does not take the token"
    assert "former.bot.token" not in done.stdout + done.stderr


def test_missing_intent_is_found_where_it_is_wanted(run_on: Run, discord: Standin) -> None:
    """Without the message content intent `run` would be refused: told with both ways out. Not wanted: all is well."""
    discord.gateway.approved = 0
    at = {"discord_token": TOKEN, "discord_api": discord.api_url}
    examined = found(run_on("doctor", "--json", **at))["discord"]
    assert examined["result"] == "fail"
    assert "developer portal" in examined["remedy"]
    assert "FIVEOHTWO_DISCORD_MESSAGE_CONTENT=false" in examined["remedy"]
    examined = found(run_on("doctor", "--json", **at, discord_message_content="false"))["discord"]
    assert examined["result"] == "ok"
    assert "reads no messages; commands, menus and mentions work" in examined["said"]


def test_endpoint_that_takes_all_clicks_is_found(run_on: Run, discord: Standin) -> None:
    """With an interactions endpoint set Discord sends the bot no command and no click."""
    discord.interactions_at = "https://example.com/interactions"
    examined = found(run_on("doctor", "--json", discord_token=TOKEN, discord_api=discord.api_url))["discord"]
    assert examined["result"] == "fail"
    assert "interactions endpoint" in examined["remedy"]


def test_discord_that_does_not_answer_is_found(run_on: Run) -> None:
    """What came instead of an answer is told, without a traceback."""
    done = run_on("doctor", "--json", discord_token=TOKEN, discord_api="http://127.0.0.1:9/api/v10")
    examined = found(done)["discord"]
    assert (done.exit_code, examined["result"]) == (1, "fail")
    assert examined["said"] == "Discord cannot be asked: ClientConnectorError"


@pytest.mark.parametrize(
    ("hours", "headers", "said"),
    [
        (-1, {}, "3600 s ahead of others"),
        (1, {}, "3600 s behind others"),
        (-1, {"Age": "3600"}, "agrees with others"),
        (0, {"Date": "yesterday"}, "nobody to compare it with"),
    ],
)
def test_clock_is_compared(run_on: Run, stage: Stage, hours: int, headers: dict[str, str], said: str) -> None:
    """The clock is held against the canary's; what a cache has kept for an hour was written an hour ago."""
    site = dated(stage, f"clock{hours}{len(headers)}", timedelta(hours=hours), **headers)
    examined = found(run_on("doctor", "--json", canary=site))["clock"]
    numbers = re.compile(r"\d+")
    assert numbers.sub("#", examined["said"]) == numbers.sub("#", said)
    told, wanted = (sum(map(int, numbers.findall(each))) for each in (examined["said"], said))
    assert abs(told - wanted) <= 5
    assert examined["result"] == ("ok" if "agrees" in said else "warn" if "nobody" in said else "fail")


def test_dead_network_is_found(run: Run) -> None:
    """Resolvers that answer nobody are a failure with a remedy; no canary and no token are warnings."""
    done = run("doctor", "--json")
    assert done.exit_code == 1
    assert found(done)["resolver"]["result"] == "fail"
    assert "FIVEOHTWO_RESOLVERS" in found(done)["resolver"]["remedy"]
    assert found(done)["connection"]["result"] == "warn"
    assert found(done)["discord"]["result"] == "warn"


def test_one_dead_resolver_of_two_is_a_warning(run_on: Run, stage: Stage) -> None:
    """As long as one name server answers, the installation works."""
    done = run_on("doctor", "--json", resolvers=f"{stage.name_server},127.0.0.1:9")
    assert done.exit_code == 0
    results = [item["result"] for item in json.loads(done.stdout) if item["name"] == "resolver"]
    assert sorted(results) == ["ok", "warn"]


def test_silent_canary_is_a_failure(run_on: Run, stage: Stage) -> None:
    """When no canary answers, the bot's own connection is in doubt, and the silent hosts are named."""
    done = run_on("doctor", "--json", canary=f"http://{stage.dead}/")
    assert done.exit_code == 1
    assert found(done)["connection"]["result"] == "fail"
    assert stage.dead.partition(":")[0] in found(done)["connection"]["said"]


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


def test_place_of_the_numbers_is_tried(run_on: Run) -> None:
    """A free port is fine, a taken one a warning, an address of another machine a failure; unwanted, none is named."""
    assert "numbers" not in found(run_on("doctor", "--json"))
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        taken = found(run_on("doctor", "--json", metrics=str(port)))["numbers"]
    assert (taken["result"], taken["said"]) == ("warn", f"{port} is taken by a process that runs")
    assert found(run_on("doctor", "--json", metrics=str(port)))["numbers"]["result"] == "ok"
    elsewhere = found(run_on("doctor", "--json", metrics=f"192.0.2.1:{port}"))["numbers"]
    assert elsewhere["result"] == "fail"
    assert "FIVEOHTWO_METRICS" in elsewhere["remedy"]


async def test_address_with_parameters_of_others_is_examined(run_on: Run) -> None:
    """What neither driver nor server understands is named; what a server refuses is a failure, not a traceback."""
    server = Server()
    try:
        url = (await server.empty_database()).url
        done = {
            query: await asyncio.to_thread(
                lambda query=query: run_on("doctor", "--json", database_url=f"{url}&{query}")
            )
            for query in ("channel_binding=require&keepalives=1", "foo=bar", "default_transaction_read_only=on")
        }
    finally:
        server.close()
    examined = {query: found(each)["database"] for query, each in done.items()}
    passed, refused, read_only = examined.values()
    assert passed["result"] == "ok"
    assert passed["said"].endswith("; passed over in its address: channel_binding, keepalives")
    assert (refused["result"], read_only["result"]) == ("fail", "fail")
    assert "foo" in refused["said"]
    assert "transaction_read_only" in read_only["said"]


def test_page_in_place_of_discord_is_found(run_on: Run, tmp_path: Path) -> None:
    """An address at which a web page answers is not Discord's, and all else is examined."""
    for page in ("users", "oauth2/applications"):
        (tmp_path / page / "@me").mkdir(parents=True)
    pages = partial(SimpleHTTPRequestHandler, directory=tmp_path)
    with ThreadingHTTPServer(("127.0.0.1", 0), pages) as server:
        threading.Thread(target=server.serve_forever).start()
        done = run_on("doctor", "--json", discord_token=TOKEN, discord_api=f"http://127.0.0.1:{server.server_port}")
        server.shutdown()
    assert found(done)["discord"]["said"] == "Discord cannot be asked: what answers there is not Discord"
    assert "database" in found(done)


def test_fault_in_one_examination_is_told_in_its_line(run_on: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever goes wrong with one thing, it is a failure of that thing, and the others are told."""

    async def broken(*_: object) -> None:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("bot.cli.doctor._clock", broken)
    done = run_on("doctor", "--json")
    assert done.exit_code == 1
    assert found(done)["clock"]["said"] == "could not be examined: ZeroDivisionError"
    assert {"resolver", "connection", "discord", "database"} <= set(found(done))


def test_settings_that_cannot_be_used_end_it(run_on: Run) -> None:
    """An address of no database is a fault of the settings, as in every other command."""
    with pytest.raises(SettingsError, match="FIVEOHTWO_DATABASE_URL"):
        run_on("doctor", database_url="mysql://x")


def test_person_reads_marks_and_remedies(run: Run) -> None:
    """Without --json each line begins with a mark, and what can be done stands below it."""
    done = run("doctor")
    assert done.exit_code == 1
    assert "✓ knowledge: " in done.stdout
    assert "! discord: no token\n    Set FIVEOHTWO_DISCORD_TOKEN" in done.stdout
    assert "✗ resolver: " in done.stdout
    assert "! connection: no canary is set\n    Set FIVEOHTWO_CANARY" in done.stdout


def test_globalping_is_named_where_it_is_wanted(run_on: Run) -> None:
    """Reachable, and how much is left; what nobody configured is not asked."""
    assert "globalping" not in found(run_on("doctor", "--json"))
    with GlobalpingStandin().in_a_thread() as globalping:
        wanted = {"vantages": "local,globalping", "globalping_api": globalping.url}
        examined = found(run_on("doctor", "--json", **wanted))["globalping"]
        assert (examined["result"], examined["remedy"]) == ("ok", None)
        assert examined["said"] == "reachable; 240 of 250 tests an hour are left for this machine's address"
        done = run_on("doctor", "--json", **wanted, globalping_token="of-nobody")
        assert found(done)["globalping"]["result"] == "warn"
        assert "of-nobody" not in done.stdout
        globalping.limits |= {"type": "user", "limit": 500}
        examined = found(run_on("doctor", "--json", **wanted, globalping_token="mine"))["globalping"]
        assert (examined["result"], examined["said"][-12:]) == ("ok", "this account")
        assert not globalping.bodies


def test_globalping_that_does_not_answer_is_a_warning(run_on: Run) -> None:
    """It is no failure, for all else works without."""
    with socket.socket() as held:  # bound, and nobody listens
        held.bind(("127.0.0.1", 0))
        nobody = f"http://127.0.0.1:{held.getsockname()[1]}"
        done = run_on("doctor", "--json", vantages="local,globalping", globalping_api=nobody)
    assert found(done)["globalping"]["result"] == "warn"
    assert "api.globalping.io" in found(done)["globalping"]["remedy"]
