"""Do real `fiveohtwo peer` processes tell a real `fiveohtwo check` for whom a site is down?"""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from e2e.bot_process import BAD_GATEWAY, FINE
from e2e.command import COMMAND, Command
from e2e.stage import Stage
from nats_servers import BOT, PEER, ROLES, NatsServer

STARTS_WITHIN_S = 40.0


@pytest.fixture(scope="module")
def nats(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """Return a server that knows a bot and its peers."""
    with NatsServer(tmp_path_factory.mktemp("nats"), {"authorization": ROLES}) as server:
        yield server


class Machines:
    """Peers, each a process with settings of its own."""

    def __init__(self, command: Command, nats: NatsServer) -> None:
        self.command = command
        self._nats = nats
        self._alive: list[subprocess.Popen[bytes]] = []

    def begin(self, place: str, **settings: str) -> Path:
        """Start one, and wait until it listens; return where it logs."""
        log = self.command.home / f"{place}.log"
        own = {"peer_name": place, "nats_url": self._nats.as_user("peer", PEER), "log_level": "info",
               "heartbeat": str(self.command.home / place)}  # fmt: skip
        with log.open("wb") as file:
            environment = self.command.environment(own | settings)
            process = subprocess.Popen([COMMAND, "peer"], stderr=file, cwd=self.command.home, env=environment)
        self._alive.append(process)
        until = time.monotonic() + STARTS_WITHIN_S
        while '"listening"' not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        return log

    def check(self, url: str, **settings: str) -> tuple[dict[str, Any], int]:
        """Run `check --json`; return what it says, and its exit code."""
        wanted = {"vantages": "local,peers", "nats_url": self._nats.as_user("bot", BOT)} | settings
        done = self.command.run("check", url, "--json", **wanted)
        assert done.stderr == ""
        return json.loads(done.stdout), done.returncode

    def end(self) -> list[int]:
        """Tell all to stop; return their exit codes."""
        for process in self._alive:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(20) for process in self._alive]
        self._alive.clear()
        return codes


@pytest.fixture
def machines(command: Command, nats: NatsServer) -> Iterator[Machines]:
    """Return peers to begin, which are ended with the test."""
    machines = Machines(command, nats)
    yield machines
    assert set(machines.end()) <= {0}


def test_verdict_follows_what_peers_see(machines: Machines, stage: Stage) -> None:
    """Down for all where all fail, not everywhere where others get in: the page, the strength and the places say so."""
    logs = [machines.begin(place) for place in ("Frankfurt, DE", "Helsinki")]
    expected = {
        "peers-fail": ((BAD_GATEWAY,), "gateway-without-answer-everywhere", "down", [502, 502]),
        "peers-open": ((BAD_GATEWAY, BAD_GATEWAY, FINE), "opens-elsewhere", "degraded", [200, 200]),
        # Whoever of the two comes first gets the page; the other one asks twice.
        "peers-part": ((BAD_GATEWAY, BAD_GATEWAY, FINE, BAD_GATEWAY), "opens-elsewhere", "degraded", [200, 502]),
    }
    for name, (answers, cause, state, statuses) in expected.items():
        told, code = machines.check(stage.site(name, *answers))
        assert [vantage["name"] for vantage in told["vantages"]] == ["local", "peer: Frankfurt, DE", "peer: Helsinki"]
        checks = [[found["check"] for found in vantage["findings"]] for vantage in told["vantages"]]
        assert checks == [["canary", "dns", "tcp", "tls", "http"]] * 3
        got = sorted(vantage["findings"][4]["facts"]["status"] for vantage in told["vantages"][1:])
        assert (told["verdict"]["cause"], told["verdict"]["state"], got) == (cause, state, statuses), name
        assert code == 1
    alone, _ = machines.check(stage.site("peers-alone", BAD_GATEWAY), vantages="local")
    assert (alone["verdict"]["cause"], len(alone["vantages"])) == ("gateway-without-answer", 1)
    fine, code = machines.check(stage.site("peers-fine", FINE))
    assert (len(fine["vantages"]), code) == (1, 0)
    said = machines.command.run(
        "check",
        stage.site("peers-said", BAD_GATEWAY),
        vantages="peers,local",
        nats_url=machines._nats.as_user("bot", BOT),
    )
    assert "Seen from 3 places at" in said.stdout.replace("\n", " ")
    assert machines.end() == [0, 0]
    for log in logs:
        assert "Traceback" not in log.read_text()
        assert "example.com" not in log.read_text(), "a peer's log names a site"


def test_peers_that_could_not_look_are_shown_and_not_counted(machines: Machines, stage: Stage) -> None:
    """One that is blind, and one whose own rules forbid the address, say so; the verdict is that of one place."""
    machines.begin("Blind", canary=f"http://{stage.dead}/")
    machines.begin("Strict", allow_networks=f"{stage.name_server.partition(':')[0]}/32", canary="")
    url = stage.site("peers-blind", BAD_GATEWAY, at=(stage.second_ip,))
    told, code = machines.check(url)
    seen = {vantage["name"]: vantage["findings"] for vantage in told["vantages"]}
    assert [(found["check"], found["outcome"]) for found in seen["peer: Blind"]] == [("canary", "fail")]
    assert [(found["check"], found["failure"]) for found in seen["peer: Strict"]] == [("http", "refused-address")]
    assert (told["verdict"]["cause"], code) == ("gateway-without-answer", 1)
    assert stage.asked["peers-blind.example.com"] == 4, "the blind one looked, and the strict one did not"


def test_place_of_the_asker_does_not_answer(machines: Machines, stage: Stage) -> None:
    """A peer beside the bot, of the same name, is no other place."""
    machines.begin("Here")
    machines.begin("There")
    told, _ = machines.check(stage.site("peers-here", BAD_GATEWAY), peer_name="Here")
    assert [vantage["name"] for vantage in told["vantages"]] == ["local", "peer: There"]


def test_nats_that_is_away_costs_a_check_its_peers_alone(machines: Machines, stage: Stage, tmp_path: Path) -> None:
    """The verdict rests on the bot's own look, as without peers; the log says why, and people are told nothing of it."""
    url, gone = stage.site("peers-away", BAD_GATEWAY), "nats://bot:hidden@127.0.0.1:9"
    began = time.monotonic()
    done = machines.command.run("check", url, "--json", vantages="local,peers", nats_url=gone)
    assert time.monotonic() - began < 20
    told = json.loads(done.stdout)
    assert (told["verdict"]["cause"], len(told["vantages"])) == ("gateway-without-answer", 1)
    assert "peers cannot be asked: no server answers" in done.stderr
    assert "hidden" not in done.stderr
