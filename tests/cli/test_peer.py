"""Does `fiveohtwo peer` refuse what cannot work, and answer until it is told to stop?"""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.checks.address import Address
from bot.checks.limits import CheckSettings
from bot.checks.reach import open_reach
from bot.diagnosis.findings import Outcome
from cli_shared import Run
from e2e.command import COMMAND, Command
from e2e.stage import Stage, raw
from nats_servers import BOT, PEER, ROLES, NatsServer, free_port
from peers_stage import BROKEN, IPS, asker, statuses

WANTED = {"peer_name": "Frankfurt, DE", "nats_url": "nats://127.0.0.1:9"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"peer_name": "Oslo"}, "FIVEOHTWO_NATS_URL is not set"),
        ({"nats_url": "nats://127.0.0.1:9"}, "FIVEOHTWO_PEER_NAME is not set"),
        (WANTED, "NATS cannot be used: no server answers"),
    ],
    ids=["no-server", "no-name", "not-there"],
)
def test_peer_that_cannot_be_asked_does_not_start(run: Run, settings: dict[str, str], said: str) -> None:
    """What is wrong is said at once, with the setting to change."""
    done = run("peer", **settings)
    assert done.exit_code == 2
    assert said in done.stderr


def test_wrong_password_is_told_without_it(run: Run, tmp_path: Path) -> None:
    """The server's refusal ends the start; the password stands nowhere."""
    with NatsServer(tmp_path, {"authorization": ROLES}) as server:
        done = run("peer", peer_name="Oslo", nats_url=server.as_user("peer", "wrong-secret"), log_level="debug")
        allowed_to_ask = run("peer", peer_name="Oslo", nats_url=server.as_user("bot", BOT))
    assert (done.exit_code, allowed_to_ask.exit_code) == (2, 2)
    assert "the server does not take the credentials" in done.stderr
    assert "wrong-secret" not in done.output + done.stderr
    assert "NATS does not let this process listen" in allowed_to_ask.stderr


@contextmanager
def beginning(command: Command, **environment: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run the command, and end it whatever happens."""
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        [COMMAND, "peer"], stdout=pipe, stderr=pipe, cwd=command.home, env=command.environment({}) | environment
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def written(sign: Path, said: str) -> None:
    """Wait until a sign of life says this."""
    until = time.monotonic() + 40
    while not (sign.exists() and said in sign.read_text()):
        assert time.monotonic() < until, said
        time.sleep(0.1)


def test_peer_answers_until_it_is_told_to_stop(stage: Stage, tmp_path: Path) -> None:
    """systemd and health hear that it is able, numbers count what it did, the log names no site, the end is quiet."""
    stage.site("peered", raw("502 Bad Gateway"))
    port = free_port()
    with (
        NatsServer(tmp_path, {"authorization": ROLES}) as server,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd,
    ):
        systemd.bind(str(tmp_path / "notify"))
        systemd.settimeout(20)
        command = Command(
            tmp_path,
            {
                "peer_name": "Frankfurt, DE", "nats_url": server.as_user("peer", PEER), "metrics": str(port),
                "resolvers": stage.name_server, "canary": stage.canary, "allow_networks": "127.0.0.0/8",
                "allow_ports": ",".join(map(str, stage.ports)), "confirm_after_s": "0.05", "log_level": "info",
            },
        )  # fmt: skip
        with beginning(command, NOTIFY_SOCKET=str(tmp_path / "notify")) as process:
            said = systemd.recv(200)
            while b"able to work" not in said:
                said = systemd.recv(200)
            well = command.run("health", "peer")
            reach = open_reach(CheckSettings())
            address = Address("http", "peered.example.com", stage.port, "/")
            seen = asyncio.run(asker(reach, server.as_user("bot", BOT), patience=20.0).look(address, IPS, BROKEN))
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as told:
                numbers = told.read().decode()
            process.send_signal(signal.SIGTERM)
            out, err = process.communicate(timeout=20)
    assert statuses(seen) == {"peer: Frankfurt, DE": 502}
    canary = seen[0].finding("canary")
    assert canary is not None
    assert canary.outcome is Outcome.OK
    assert (well.returncode, well.stdout[:13]) == (0, "able to work ")
    assert 'fiveohtwo_peer_asked_total{did="looked"} 1.0' in numbers
    assert "fiveohtwo_able 1.0" in numbers
    assert (process.returncode, out) == (0, b"")
    assert b"Traceback" not in err
    assert b'"did": "looked"' in err
    assert b'"event": "stopping"' in err
    assert b"peered" not in err
    assert PEER.encode() not in err
    assert "not running" in command.run("health", "peer").stdout


@pytest.mark.soak
def test_peer_that_loses_nats_says_so_and_comes_back(stage: Stage, tmp_path: Path) -> None:
    """It does not end: health tells what is away, and then that it is able again."""
    with NatsServer(tmp_path) as server:
        command = Command(
            tmp_path,
            {
                "peer_name": "Oslo",
                "nats_url": server.url,
                "resolvers": stage.name_server,
                "canary": "",
                "heartbeat": str(tmp_path / "run.heartbeat"),
            },
        )
        with beginning(command) as process:
            sign = tmp_path / "run.heartbeat.peer"
            written(sign, '"obstacle":null')
            server.stop()
            written(sign, "not connected to NATS")
            server.start()
            written(sign, '"obstacle":null')
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"FIVEOHTWO_CANARY is empty" in err
    assert b"Traceback" not in err
