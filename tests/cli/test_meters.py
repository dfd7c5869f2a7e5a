"""Does Prometheus get a process's metrics over HTTP, where the operator wants that and nowhere else?"""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.checks import interfaces
from bot.checks.vantage.peers.did import DID
from bot.cli import meters
from bot.cli.meters import Meters, PeerMeters, obstacle_at, served
from bot.kb.model import State
from bot.settings import SettingsError
from bot.settings.model import Settings

README = Path(__file__).parents[2] / "deploy" / "README.md"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    return port


def numbers(port: int) -> dict[str, float]:
    """Return all that Prometheus would get."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
        assert answer.headers["Content-Type"].startswith("text/plain")
        lines = answer.read().decode().splitlines()
    told = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in told if not name.split("{")[0].endswith("_created")}


@contextmanager
def serving() -> Iterator[tuple[Meters, int]]:
    """Serve on a port of the loopback."""
    port = free_port()
    with served(Settings(metrics=str(port)), Meters) as here:
        assert here is not None
        yield here, port


@contextmanager
def peer_serving() -> Iterator[tuple[PeerMeters, int]]:
    """Serve what a peer tells."""
    port = free_port()
    with served(Settings(metrics=str(port)), PeerMeters) as here:
        assert here is not None
        yield here, port


def test_numbers_are_there_before_anything_happens() -> None:
    """Every metric of ours starts at zero, for each of its labels; the usual process metrics are there, too."""
    with serving() as (_, port):
        told = numbers(port)
    ours = {name: value for name, value in told.items() if name.startswith("fiveohtwo_")}
    assert set(ours.values()) == {0.0}
    assert len(ours) == 2 * (len(State) + 1) + 4 + 3
    assert told["process_resident_memory_bytes"] > 0


def test_what_happens_is_counted() -> None:
    """Each event raises its own number."""
    with serving() as (here, port):
        before = numbers(port)
        here.looked("conversation", State.DOWN)
        here.looked("watch", None)
        here.began()
        here.ended("solved")
        here.delayed()
        here.delayed()
        after = numbers(port)
    assert {name: value for name, value in after.items() if name.startswith("five") and value != before[name]} == {
        'fiveohtwo_looks_total{asker="conversation",state="down"}': 1,
        'fiveohtwo_looks_total{asker="watch",state="refused"}': 1,
        "fiveohtwo_conversations_begun_total": 1,
        'fiveohtwo_conversations_ended_total{outcome="solved"}': 1,
        "fiveohtwo_events_delayed_total": 2,
    }


def test_peer_counts_what_it_was_asked() -> None:
    """What became of each message is counted, from nought on, and nothing of conversations is told."""
    with peer_serving() as (here, port):
        before = numbers(port)
        here.asked("looked")
        here.asked("dropped")
        here.hear(None)
        after = numbers(port)
    ours = {name: value for name, value in before.items() if name.startswith("fiveohtwo_")}
    assert set(ours) == {f'fiveohtwo_peer_asked_total{{did="{did}"}}' for did in DID} | {"fiveohtwo_able"}
    assert set(ours.values()) == {0.0}
    assert {name for name in ours if after[name] == 1.0} == {
        'fiveohtwo_peer_asked_total{did="looked"}', 'fiveohtwo_peer_asked_total{did="dropped"}', "fiveohtwo_able",
    }  # fmt: skip


def test_process_that_gives_no_sign_is_not_able(monkeypatch: pytest.MonkeyPatch) -> None:
    """The numbers come from a thread of its own: it does not call a process able that hangs."""
    with serving() as (here, port):
        here.hear(None)
        assert numbers(port)["fiveohtwo_able"] == 1
        here.hear("not connected to Discord")
        assert numbers(port)["fiveohtwo_able"] == 0
        here.hear(None)
        monkeypatch.setattr(meters, "STALE_AFTER_S", -1)
        assert numbers(port)["fiveohtwo_able"] == 0


def test_numbers_end_with_the_process() -> None:
    """Afterwards the port is free again."""
    with serving() as (_, port):
        numbers(port)
    with served(Settings(metrics=f"127.0.0.1:{port}"), Meters):
        numbers(port)


def test_only_this_machine_is_told() -> None:
    """A port alone is not open to the network."""
    outside = [address for address in interfaces.own().addresses if not address.is_loopback and address.version == 4]
    with serving() as (_, port):
        for address in outside:
            with pytest.raises(OSError, match="refused"):
                socket.create_connection((str(address), port), timeout=5)


def test_port_that_is_taken_ends_nothing(caplog: pytest.LogCaptureFixture) -> None:
    """Two processes with the same settings both work: the second one tells no numbers, and logs why."""
    with serving() as (_, port), served(Settings(metrics=str(port)), Meters) as second:
        assert second is None
    assert f"FIVEOHTWO_METRICS: {port} is taken" in caplog.text


def test_address_that_is_not_here_is_refused() -> None:
    """The setting is named, and the reason."""
    refused = r"^FIVEOHTWO_METRICS: 192.0.2.1:9502 cannot be used \(Cannot assign requested address\)"
    with pytest.raises(SettingsError, match=refused), served(Settings(metrics="192.0.2.1:9502"), Meters):
        pass


def test_place_is_tried_without_keeping_it() -> None:
    """Whether numbers can be told somewhere is found out beforehand, and the port is free again."""
    port = str(free_port())
    assert obstacle_at(port) is None
    with served(Settings(metrics=port), Meters):
        assert isinstance(obstacle_at(port), OSError)


def test_nobody_is_told_by_default() -> None:
    """Without the setting nothing listens, and the library is not even imported."""
    code = (
        "import sys; from bot.cli.meters import Meters, served; from bot.settings.model import Settings\n"
        "with served(Settings(), Meters) as here: print(here, 'prometheus_client' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None False\n"


def test_every_number_is_explained() -> None:
    """The table of the README has each number of ours with its labels, and no other."""
    with serving() as (_, port), peer_serving() as (_, other):
        ours = [name for name in {**numbers(port), **numbers(other)} if name.startswith("fiveohtwo_")]
    labels = {name.split("{")[0]: set(re.findall(r"(\w+)=", name)) for name in ours}
    rows = re.findall(r"^\| `(fiveohtwo_\w+)`([^|]*)\|", README.read_text(), re.MULTILINE)
    assert {name: set(re.findall(r"`(\w+)`", said)) for name, said in rows} == labels
