"""Does a peer refuse to start where it cannot hear, and come back by itself ever after?"""

from __future__ import annotations

import json
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.checks.vantage.peers import serving
from bot.checks.vantage.peers.account import account_in
from bot.checks.vantage.peers.link import NO_ANSWER, NOT_TAKEN, UnreachableError, lent
from bot.checks.vantage.peers.serving import AWAY, NOT_HEARING
from bot.diagnosis.findings import Outcome
from nats_servers import BOT, PEER, ROLES, NatsServer
from peers_stage import BROKEN, IPS, SITE, Looker, asker, check, peer, statuses, until

SEES = (check("canary"), check("http", Outcome.FAIL, status=502))


async def ask(lo: Any, url: str) -> dict[str, Any]:
    return statuses(await asker(lo.reach(), url).look(SITE, IPS, BROKEN))


async def test_peer_does_not_start_without_nats(lo: Any, closed_port: int, tmp_path: Path) -> None:
    """Nobody there, and a password that is not taken, are faults of the settings."""
    with pytest.raises(UnreachableError, match=NO_ANSWER):
        async with peer(lo.reach(), f"nats://127.0.0.2:{closed_port}"):
            pass
    with NatsServer(tmp_path, {"authorization": ROLES}) as server, pytest.raises(UnreachableError, match=NOT_TAKEN):
        async with peer(lo.reach(), server.as_user("peer", "wrong")):
            pass


async def test_peer_that_may_not_listen_does_not_start(lo: Any, tmp_path: Path) -> None:
    """A user that may not hear the questions is told of as such."""
    with NatsServer(tmp_path, {"authorization": ROLES}) as server:
        with pytest.raises(UnreachableError, match=NOT_HEARING):
            async with peer(lo.reach(), server.as_user("bot", BOT)):
                pass
        async with peer(lo.reach(), server.as_user("peer", PEER), checker=Looker(*SEES)) as allowed:
            assert allowed.obstacle is None


async def test_peer_comes_back_with_nats(lo: Any, nats: NatsServer, caplog: pytest.LogCaptureFixture) -> None:
    """While NATS is away the peer says so, and logs it; when it is there again, questions are answered again."""
    async with peer(lo.reach(), nats.url, checker=Looker(*SEES)) as here:
        assert here.obstacle is None
        assert await ask(lo, nats.url) == {"peer: Frankfurt": 502}
        nats.stop()
        await until(lambda: here.obstacle == AWAY)
        nats.start()
        await until(lambda: here.obstacle is None)
        assert await ask(lo, nats.url) == {"peer: Frankfurt": 502}
    assert [record.getMessage() for record in caplog.records] == [
        "not connected to NATS; trying again", "connected to NATS again",
    ]  # fmt: skip


async def test_peer_that_is_thrown_out_tries_again(lo: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that takes the password away ends the connection for good; given it back, the peer comes back."""
    monkeypatch.setattr(serving, "RETRY_S", 0.2)
    server = NatsServer(tmp_path, {"authorization": ROLES})
    path = tmp_path / f"nats-{server.port}.conf"
    with server:
        async with peer(lo.reach(), server.as_user("peer", PEER), checker=Looker(*SEES)) as here:
            good = path.read_text()
            path.write_text(good.replace(PEER, "another"))
            server.signal(signal.SIGHUP)
            await until(lambda: here.obstacle == AWAY)
            path.write_text(good)
            server.signal(signal.SIGHUP)
            await until(lambda: here.obstacle is None)
            assert await ask(lo, server.as_user("bot", BOT)) == {"peer: Frankfurt": 502}


async def test_connection_that_does_not_come_back_is_made_anew(
    lo: Any, nats: NatsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library's own tries are not waited for forever."""
    monkeypatch.setattr(serving, "LOST_S", 0.3)
    monkeypatch.setattr(serving, "_LOOKS_UP_S", 0.1)
    monkeypatch.setattr(serving, "RETRY_S", 0.2)
    async with peer(lo.reach(), nats.url, checker=Looker(*SEES)) as here:
        first = here._connection
        assert first is not None
        nats.stop()
        await until(first.gone.is_set)
        nats.start()
        await until(lambda: here.obstacle is None)
        assert here._connection is not first
        assert await ask(lo, nats.url) == {"peer: Frankfurt": 502}


async def test_hostile_questions_leave_a_peer_well(lo: Any, tmp_path: Path) -> None:
    """Garbage, 10 MB, an answer to a foreign subject, a flood: all is counted, and the next question is answered."""
    did: Counter[str] = Counter()

    def count(one: str) -> None:
        did[one] += 1

    with NatsServer(tmp_path, {"max_payload": 16_000_000}) as server:
        async with (
            peer(lo.reach(), server.url, checker=Looker(*SEES), counted=count) as here,
            lent(account_in(server.url), "fiveohtwo", lo.contexts.web, "hostile") as hostile,
        ):
            heard: list[bytes] = []

            async def hear(message: Any) -> None:
                heard.append(message.data)

            await hostile.subscribe("elsewhere.>", cb=hear)
            inbox = hostile.new_inbox()
            good = {"v": 1, "id": "a" * 32, "what": "look", "url": "http://x/", "within_s": 5}
            for data in (b"garbage", b"x" * 10_000_000, json.dumps(good | {"url": "http://x/?a"}).encode()):
                await hostile.publish("fiveohtwo.ask", data, reply=inbox)
            await hostile.publish("fiveohtwo.ask", json.dumps(good).encode(), reply="elsewhere.x")
            await hostile.publish("fiveohtwo.ask", json.dumps(good).encode())
            for _ in range(200):
                await hostile.publish("fiveohtwo.ask", b"flood", reply=inbox)
            await hostile.flush()
            await until(lambda: did["dropped"] == 205)
            assert heard == []
            assert here.obstacle is None
            assert await ask(lo, server.url) == {"peer: Frankfurt": 502}
    assert did == {"dropped": 205, "looked": 1}


async def test_peer_ends_quietly_in_the_middle_of_a_look(lo: Any, nats: NatsServer) -> None:
    """Looks under way are given up."""
    looker = Looker(*SEES, takes_s=60)
    async with peer(lo.reach(), nats.url, checker=looker):
        asker_waits = asker(lo.reach(), nats.url, patience=1.5)
        assert await asker_waits.look(SITE, IPS, BROKEN) == ()
        assert looker.asked == [SITE.url]
    assert looker.given_up == 1
