"""Do peers add what they saw to a failed look, and never more trouble or delay than that?"""

from __future__ import annotations

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.checks.address import Address
from bot.checks.vantage.peers.asking import HEARD_WITHIN_S, SILENCE_S
from bot.checks.vantage.peers.link import CLOSE_S, CONNECT_S, NO_ANSWER, NOT_TAKEN, UnreachableError
from bot.diagnosis.findings import Failure, Outcome, Vantage
from nats_servers import BOT, PEER, ROLES, NatsServer
from peers_stage import (
    BROKEN,
    FINE,
    IPS,
    NOW,
    SITE,
    Looker,
    asker,
    check,
    now,
    peer,
    said,
    saw,
    statuses,
    tricky,
)

SLACK_S = 0.8


@asynccontextmanager
async def lasts(at_most: float, at_least: float = 0.0) -> AsyncIterator[None]:
    began = time.monotonic()
    yield
    assert at_least <= time.monotonic() - began <= at_most + SLACK_S


async def test_each_peer_tells_what_it_sees(lo: Any, nats: NatsServer) -> None:
    """Three machines with their own name servers make the whole check, and are places of their own."""
    broken = await lo.serve(lo.reply("502 Bad Gateway"))
    fine = await lo.serve(lo.reply(), "127.0.0.3", broken.port)
    sees = {"Frankfurt": "127.0.0.2", "Helsinki, FI": "127.0.0.3", "Oslo": "127.0.0.9"}
    async with AsyncExitStack() as stack:
        for place, ip in sees.items():
            reach = lo.reach({SITE.host: lo.answer(ip)}, canary=(fine.url(),))
            await stack.enter_async_context(peer(reach, nats.url, place))
        seen = await asker(lo.reach(), nats.url).look(replace(SITE, port=broken.port), IPS, BROKEN)
    assert statuses(seen) == {"peer: Frankfurt": 502, "peer: Helsinki, FI": 200, "peer: Oslo": Failure.REFUSED}
    assert [found.check for found in seen[0].findings] == ["canary", "dns", "tcp", "tls", "http"]
    assert seen[0].findings[1].facts["v4"] == ["127.0.0.2"]
    assert b"GET /cart " in broken.requests[-1]


@pytest.mark.parametrize(
    ("address", "findings", "ips"),
    [
        (SITE, FINE, IPS),
        (replace(SITE, target="/cart?token=abc"), BROKEN, IPS),
        (SITE, BROKEN, ()),
    ],
    ids=["works-here", "has-a-query", "was-not-vetted"],
)
async def test_nobody_hears_of_what_is_not_theirs(
    lo: Any, nats: NatsServer, address: Address, findings: Any, ips: Any
) -> None:
    """A site that works, a query, and an address that the guard here has not passed stay here."""
    looker = Looker(check("http", status=200))
    async with peer(lo.reach(), nats.url, checker=looker):
        assert await asker(lo.reach(), nats.url).look(address, ips, findings) == ()
    assert looker.asked == []


async def test_question_holds_the_address_and_nothing_else(lo: Any, nats: NatsServer) -> None:
    """Address, id, time, version, and where the asker is."""
    questions: list[dict[str, Any]] = []

    async def answer(question: dict[str, Any], send: Any) -> None:
        questions.append(question)
        await send(saw(question))

    async with tricky(nats.url, answer):
        await asker(lo.reach(), nats.url, here="Oslo").look(SITE, IPS, BROKEN)
    (question,) = questions
    assert question.keys() == {"v", "id", "what", "url", "within_s", "here"}
    assert (question["url"], question["here"]) == ("http://www.site.test/cart", "Oslo")
    assert 3 < question["within_s"] < 5


async def test_nobody_listening_costs_nothing(lo: Any, nats: NatsServer) -> None:
    """The server itself says that there is no peer: there is nobody to wait for."""
    async with lasts(0.5):
        assert await asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN) == ()


async def test_silent_peer_is_not_waited_for(lo: Any, nats: NatsServer) -> None:
    """Whoever does not say at once that it looks is not there."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        return None

    async with tricky(nats.url, answer), lasts(HEARD_WITHIN_S):
        assert await asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN) == ()


async def test_late_peer_costs_the_time_limit_and_spoils_nothing(lo: Any, nats: NatsServer) -> None:
    """Whoever said that it looks is waited for until the time is over; what others told until then counts."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(said(question, "looking", "Late"))
        await send(saw(question, 502, "Oslo"))
        await asyncio.sleep(3)
        await send(saw(question, 200, "Late"))

    async with tricky(nats.url, answer), lasts(2.0 + CLOSE_S, 1.9):
        seen = await asker(lo.reach(), nats.url, patience=2.0).look(SITE, IPS, BROKEN)
    assert statuses(seen) == {"peer: Oslo": 502}


async def test_answers_are_taken_once_and_only_to_this_question(lo: Any, nats: NatsServer) -> None:
    """The first word of each peer counts; garbage, other questions' answers and 10 MB leave no trace."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(b"\x00\xff garbage")
        await send(b'{"v": 1}')
        await send(saw(question, 200, "Stranger", id="0" * 32))
        await send(saw(question, 200, "Newer", v=2))
        await send(saw(question, 200, "Bent\u202e"))
        await send(saw(question, 502))
        await send(saw(question, 200))
        await send(saw(question, 200, process="d" * 32))
        await send(saw(question, 200, "frankFURT"))

    async with tricky(nats.url, answer):
        seen = await asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN)
    assert statuses(seen) == {"peer: Frankfurt": 502}


async def test_ten_megabytes_are_not_read(lo: Any, tmp_path: Path) -> None:
    """Even from a server that lets them through, an answer beyond the bound is dropped, and others count."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(saw(question, 200, "Huge") | {"x": "y" * 10_000_000})
        await send(saw(question, 502, "Oslo"))

    with NatsServer(tmp_path, {"max_payload": 16_000_000}) as server:
        async with tricky(server.url, answer), lasts(HEARD_WITHIN_S + 2):
            seen = await asker(lo.reach(), server.url).look(SITE, IPS, BROKEN)
    assert statuses(seen) == {"peer: Oslo": 502}


async def test_flood_ends_by_itself(lo: Any, nats: NatsServer) -> None:
    """A peer that invents peers gets no more places than there may be, and no more time than anybody."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        for number in range(500):
            await send(saw(question, 200, f"Place {number}"))

    async with tricky(nats.url, answer), lasts(3):
        seen = await asker(lo.reach(), nats.url, most=3).look(SITE, IPS, BROKEN)
    assert len(seen) == 3


async def test_blind_peer_says_so_and_counts_for_nothing(lo: Any, nats: NatsServer) -> None:
    """A peer whose own connection does not work tells that alone."""
    looker = Looker(check("canary", Outcome.FAIL, Failure.TIMEOUT), check("http", Outcome.FAIL, Failure.TIMEOUT))
    async with peer(lo.reach(), nats.url, checker=looker):
        (seen,) = await asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN)
    assert seen == Vantage(name="peer: Frankfurt", findings=(check("canary", Outcome.FAIL, Failure.TIMEOUT),))
    assert not seen.looked

    async def lies(question: dict[str, Any], send: Any) -> None:
        failing = {"check": "canary", "outcome": "fail", "failure": "timeout"}
        await send(saw(question, findings=[failing, {"check": "http", "outcome": "ok", "facts": {"status": 200}}]))

    async with tricky(nats.url, lies):
        (told,) = await asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN)
    assert told == seen


async def test_guard_of_the_peer_decides(lo: Any, nats: NatsServer) -> None:
    """What the asker may contact and the peer may not is refused there; nothing of it is contacted."""
    server = await lo.serve(lo.reply("502 Bad Gateway"))
    open_here = lo.reach({SITE.host: lo.answer("127.0.0.2")})
    guard = type(open_here.guard)(replace(open_here.guard.policy, allow_networks=()))
    async with peer(replace(open_here, guard=guard), nats.url):
        (seen,) = await asker(open_here, nats.url).look(replace(SITE, port=server.port), IPS, BROKEN)
    assert seen.findings == (check("http", Outcome.SKIP, Failure.REFUSED_ADDRESS),)
    assert not seen.looked
    assert server.connections == 0


async def test_own_peer_is_no_other_place(lo: Any, nats: NatsServer) -> None:
    """A peer beside the asker, of the same name, does not look; one that does all the same is dropped."""
    looker = Looker(check("http", status=200))
    async with peer(lo.reach(), nats.url, "Oslo", looker):
        assert await asker(lo.reach(), nats.url, here="oslo").look(SITE, IPS, BROKEN) == ()
    assert looker.asked == []

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(saw(question, 200, "OSLO"))

    async with tricky(nats.url, answer):
        assert await asker(lo.reach(), nats.url, here="Oslo").look(SITE, IPS, BROKEN) == ()


async def test_nats_that_dies_in_the_middle_ends_the_question(lo: Any, nats: NatsServer) -> None:
    """What was told until then counts, and nobody waits for the rest."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(said(question, "looking", "Late"))
        await send(saw(question, 502, "Oslo"))
        nats.stop()

    async with tricky(nats.url, answer), lasts(1.0):
        seen = await asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN)
    assert statuses(seen) == {"peer: Oslo": 502}


async def test_nats_that_hangs_costs_no_more_than_the_bound(lo: Any, nats: NatsServer) -> None:
    """A server that is stopped in the middle of a question takes the time of the question, and no exception comes."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(said(question, "looking", "Late"))
        await send(saw(question, 502, "Oslo"))
        nats.signal(signal.SIGSTOP)

    async with tricky(nats.url, answer):
        async with lasts(1.5 + CLOSE_S):
            seen = await asker(lo.reach(), nats.url, patience=1.5).look(SITE, IPS, BROKEN)
        nats.signal(signal.SIGCONT)
    assert statuses(seen) == {"peer: Oslo": 502}


async def test_nats_that_is_away_is_left_alone_for_a_while(lo: Any, closed_port: int, caplog: Any) -> None:
    """Nobody there is no trouble; it is said once, and not tried again with each look."""
    at = 1000.0
    peers = asker(replace(lo.reach(), monotonic=lambda: at), f"nats://x:hidden@127.0.0.2:{closed_port}")
    async with lasts(0.5):
        for _ in range(3):
            assert await peers.look(SITE, IPS, BROKEN) == ()
    assert [record.getMessage() for record in caplog.records] == [f"peers cannot be asked: {NO_ANSWER}"]
    at += SILENCE_S + 1
    await peers.look(SITE, IPS, BROKEN)
    assert len(caplog.records) == 2
    assert "hidden" not in caplog.text


async def test_mute_nats_is_waited_for_only_so_long(lo: Any) -> None:
    """A server that takes the connection and says nothing costs the time of a connection, and less if less is left."""

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    server = await lo.serve(mute)
    async with lasts(CONNECT_S + CLOSE_S):
        assert await asker(lo.reach(), f"nats://127.0.0.2:{server.port}").look(SITE, IPS, BROKEN) == ()
    async with lasts(0.3 + CLOSE_S):
        assert await asker(lo.reach(), f"nats://127.0.0.2:{server.port}", patience=0.3).look(SITE, IPS, BROKEN) == ()


async def test_wrong_password_is_no_trouble_and_is_told(lo: Any, tmp_path: Path, caplog: Any) -> None:
    """The look stands by itself; the log says why, without the password."""
    caplog.set_level(logging.DEBUG)
    with NatsServer(tmp_path, {"authorization": ROLES}) as server:
        async with lasts(1.0):
            assert await asker(lo.reach(), server.as_user("bot", "wrong-secret")).look(SITE, IPS, BROKEN) == ()
    assert f"peers cannot be asked: {NOT_TAKEN}" in caplog.text
    assert "wrong-secret" not in caplog.text


async def test_roles_of_the_server_are_enough(lo: Any, tmp_path: Path) -> None:
    """A peer may only listen and answer, a bot only ask: that is all that they need."""
    looker = Looker(check("canary"), check("http", Outcome.FAIL, status=502))
    with NatsServer(tmp_path, {"authorization": ROLES}) as server:
        async with peer(lo.reach(), server.as_user("peer", PEER), checker=looker):
            seen = await asker(lo.reach(), server.as_user("bot", BOT)).look(SITE, IPS, BROKEN)
            roll = await asker(lo.reach(), server.as_user("peer", PEER)).roll(now)
    assert statuses(seen) == {"peer: Frankfurt": 502}
    assert (roll.peers, roll.may_ask) == ((), False)


async def test_roll_names_peers_and_their_clocks(lo: Any, nats: NatsServer) -> None:
    """Who is there, how far its clock is off, who has another's name, and who speaks another language."""

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send({"v": 7})

    def ahead() -> Any:
        return NOW + timedelta(seconds=90)

    async with (
        peer(lo.reach(), nats.url, "Frankfurt"),
        peer(lo.reach(), nats.url, "frankfurt"),
        peer(lo.reach(), nats.url, "Helsinki", now=ahead),
        tricky(nats.url, answer),
    ):
        roll = await asker(lo.reach(), nats.url).roll(now)
    assert {found.place.casefold(): round(found.off_s) for found in roll.peers} == {"frankfurt": 0, "helsinki": 90}
    assert {found.release for found in roll.peers} == {"1.2.3"}
    assert [name.casefold() for name in roll.twins] == ["frankfurt"]
    assert (roll.strange, roll.may_ask) == (1, True)


async def test_roll_without_nats_says_why(lo: Any, closed_port: int) -> None:
    """Whoever asks who is there is told when nobody can be asked."""
    with pytest.raises(UnreachableError, match=NO_ANSWER):
        await asker(lo.reach(), f"nats://127.0.0.2:{closed_port}").roll(now)


async def test_look_that_is_given_up_ends_at_once(lo: Any, nats: NatsServer) -> None:
    """Whoever stops waiting in the middle of a question waits no more, and leaves no connection open."""
    hearing = asyncio.Event()

    async def answer(question: dict[str, Any], send: Any) -> None:
        await send(said(question, "looking"))
        hearing.set()

    async with tricky(nats.url, answer):
        before, began = asyncio.all_tasks(), time.monotonic()
        looking = asyncio.ensure_future(asker(lo.reach(), nats.url).look(SITE, IPS, BROKEN))
        await hearing.wait()
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        assert time.monotonic() - began < 1
        await asyncio.sleep(0.1)
        assert asyncio.all_tasks() <= before
