"""Does `fiveohtwo doctor` find what is missing?"""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path

import pytest
from discord.http import Route

from bot.checks.interfaces import Own
from bot.settings import SettingsError
from cli_shared import Run, assert_golden, found
from databases import Server
from e2e.command import Command
from e2e.stage import Stage, raw
from globalping_standin import GlobalpingStandin
from standin.server import TOKEN, Standin


@pytest.fixture(autouse=True)
def _discord_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no later test of this process meet the stand-in."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)


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
    """Without --json each line begins with a mark, and what can be done is below it."""
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
