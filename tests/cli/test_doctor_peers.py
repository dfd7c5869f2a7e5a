"""Does `fiveohtwo doctor` tell whether peers can be asked, who answers, and what is wrong with them?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checks.limits import CheckSettings
from bot.checks.reach import open_reach
from cli_shared import Run, found
from nats_servers import BOT, PEER, ROLES, NatsServer
from peers_stage import Looker, peer


@pytest.fixture
def nats(tmp_path: Path) -> Iterator[NatsServer]:
    with NatsServer(tmp_path, {"authorization": ROLES}) as server:
        yield server


@contextmanager
def peers(nats: NatsServer, **places: float) -> Iterator[None]:
    """Run peers in a thread of their own: name -> how far its clock is ahead."""
    loop, begun, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with AsyncExitStack() as stack:
            for place, ahead_s in places.items():
                clock = _ahead(ahead_s)
                name = place.partition("_")[0]
                await stack.enter_async_context(
                    peer(open_reach(CheckSettings()), nats.as_user("peer", PEER), name, Looker(), now=clock)
                )
            begun.set()
            await over.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert begun.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(10)
        loop.close()


def _ahead(seconds: float) -> Callable[[], datetime]:
    return lambda: datetime.now(UTC) + timedelta(seconds=seconds)


def examined(run_on: Run, **settings: str) -> dict[str, Any]:
    return found(run_on("doctor", "--json", vantages="local,peers", **settings))["peers"]


def test_peers_are_named_where_they_are_wanted(run_on: Run, nats: NatsServer) -> None:
    """NATS is reached, and who answers is told; what nobody configured is not examined."""
    assert "peers" not in found(run_on("doctor", "--json", nats_url=nats.as_user("bot", BOT)))
    with peers(nats, Frankfurt=0, Oslo=1):
        said = examined(run_on, nats_url=nats.as_user("bot", BOT))
    assert said == {
        "name": "peers", "result": "ok", "said": "NATS answers, and so do 2: Frankfurt, Oslo", "remedy": None,
    }  # fmt: skip


def test_nobody_who_answers_is_told(run_on: Run, nats: NatsServer) -> None:
    """A server without peers is a warning, with what to start; this place's own peer is no other place."""
    said = examined(run_on, nats_url=nats.as_user("bot", BOT))
    assert (said["result"], said["said"]) == ("warn", "NATS answers, and no peer does")
    assert "fiveohtwo peer" in said["remedy"]
    with peers(nats, Oslo=0):
        assert "no peer does" in examined(run_on, nats_url=nats.as_user("bot", BOT), peer_name="Oslo")["said"]


def test_wrong_clock_and_doubled_name_are_told(run_on: Run, nats: NatsServer) -> None:
    """Which peer it is, and how far its clock is off; and that one of two of a name is not heard."""
    with peers(nats, Frankfurt=0, Oslo=-120):
        said = examined(run_on, nats_url=nats.as_user("bot", BOT))
    assert (said["result"], said["said"][-37:]) == ("warn", "; their clock is wrong: Oslo (-120 s)")
    with peers(nats, Oslo=0, Oslo_again=0):
        said = examined(run_on, nats_url=nats.as_user("bot", BOT))
    assert (said["result"], said["said"][-30:]) == ("warn", "; more than one is called Oslo")
    assert "FIVEOHTWO_PEER_NAME" in said["remedy"]


def test_what_keeps_it_from_asking_is_told(run_on: Run, nats: NatsServer, tmp_path: Path) -> None:
    """A password that is not taken, a user that may not ask, a key that is none, nobody there: each with a remedy."""
    wrong = examined(run_on, nats_url=nats.as_user("bot", "wrong-secret"))
    assert (wrong["result"], wrong["said"]) == ("warn", "NATS cannot be used: the server does not take the credentials")
    assert "wrong-secret" not in str(wrong)
    mute = examined(run_on, nats_url=nats.as_user("peer", PEER))
    assert "does not let this process ask" in mute["said"]
    assert "fiveohtwo.answer.*" in mute["remedy"]
    plain = examined(run_on, nats_url=f"tls://u:p@127.0.0.1:{nats.port}")
    assert "offers no encryption" in plain["said"]
    (tmp_path / "empty.creds").touch()
    no_key = examined(run_on, nats_url=nats.url, nats_credentials=str(tmp_path / "empty.creds"))
    assert "neither those of nsc" in no_key["said"]
    assert "FIVEOHTWO_NATS_CREDENTIALS" in no_key["remedy"]


def test_nats_that_is_away_is_a_warning(run_on: Run) -> None:
    """It is no failure, for all else works without."""
    said = examined(run_on, nats_url="nats://127.0.0.1:9")
    assert (said["result"], said["said"]) == ("warn", "NATS cannot be used: no server answers")
    assert "sees from here alone" in said["remedy"]
