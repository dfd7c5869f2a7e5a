"""When is a site called down, flapping, or different by address family?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest

from bot.checks.page import Reader
from bot.checks.visit import Errand, check
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.kb.lists import Product, Sign

V4 = ip_address("127.0.0.2")
V6 = ip_address("::1")
SHIELD = Product(id="shield", name="Shield", role="edge", signs=(Sign(proves="challenge", body="robot"),))
READER = Reader((SHIELD,), None, lambda: datetime.now(UTC))
KNOWING = Reader((), lambda status, _: f"generic-{status}", lambda: datetime.now(UTC))
GOOD = Finding(check="tls", outcome=Outcome.OK)
BAD = Finding(check="tls", outcome=Outcome.FAIL, failure=Failure.CERT_EXPIRED)


async def visit(
    lo: Any,
    server: Any,
    *ips: Any,
    within: float = 5.0,
    scheme: str = "http",
    tls: Any = None,
    reader: Reader = READER,
    **settings: Any,
) -> Finding:
    reach = lo.reach({"www.site.test": lo.answer(*map(str, ips or (V4,)))}, **settings)
    until = asyncio.get_running_loop().time() + within
    address = reach.guard.parse(server.url(scheme, "www.site.test"))
    return await check(Errand(address, reach, reader, until), ips or (V4,), tls)


async def said(finding: Finding) -> Finding:
    return finding


async def test_good_answer_is_asked_once(lo: Any) -> None:
    """A good answer needs no second request."""
    server = await lo.serve(lo.reply())
    found = await visit(lo, server)
    assert (found.outcome, found.failure, found.facts["status"]) == (Outcome.OK, None, 200)
    assert len(server.requests) == 1
    assert not {"confirmed", "flapping", "by_family"} & set(found.facts)


async def test_failing_answer_is_confirmed(lo: Any) -> None:
    """A 502 is asked for a second time, after the pause, and then it is confirmed."""
    server = await lo.serve(lo.reply("502 Bad Gateway"))
    found = await visit(lo, server, confirm_pause=0.2)
    assert (found.outcome, found.failure, found.facts["status"]) == (Outcome.FAIL, None, 502)
    assert found.facts["confirmed"] is True
    assert [one["status"] for one in found.facts["attempts"]] == [502, 502]  # type: ignore[index, union-attr]
    assert found.ms is not None
    assert found.ms >= 200


async def test_one_bad_and_one_good_answer_is_flapping(lo: Any) -> None:
    """A failing answer followed by a good one: flapping, and the good one is the last word."""
    server = await lo.serve([lo.reply("502 Bad Gateway"), lo.reply()])
    found = await visit(lo, server)
    assert (found.outcome, found.facts["status"], found.facts["flapping"]) == (Outcome.OK, 200, True)
    assert "confirmed" not in found.facts


async def test_error_page_that_is_sent_as_a_good_one_is_asked_for_again(lo: Any) -> None:
    """It is confirmed like any error; where the page itself follows, the site flaps."""
    posing = lo.reply(body=b"<title>502 Bad Gateway</title>")
    server = await lo.serve(posing)
    found = await visit(lo, server, reader=KNOWING)
    assert (found.outcome, found.failure, found.facts["status"]) == (Outcome.FAIL, None, 200)
    assert (found.facts["poses-as"], found.facts["confirmed"]) == ("generic-502", True)
    server = await lo.serve([posing, lo.reply()])
    found = await visit(lo, server, reader=KNOWING)
    assert found.facts["flapping"] is True
    assert not {"poses-as", "confirmed"} & set(found.facts)


@pytest.mark.parametrize(("bad", "then"), [("502 x", "404 x"), ("502 x", "403 x"), ("503 x", "401 x")])
async def test_fault_and_refusal_are_no_flapping(bad: str, then: str, lo: Any) -> None:
    """A bad answer followed by a refusal never opened, and confirms nothing either: the last answer stands, unsteady."""
    server = await lo.serve([lo.reply(bad), lo.reply(then)])
    found = await visit(lo, server)
    assert (found.facts["status"], found.facts["unsteady"]) == (int(then[:3]), True)
    assert not {"flapping", "confirmed"} & set(found.facts)
    assert set(found.facts) <= set(CHECKS["http"])


async def test_no_answer_is_confirmed_too(lo: Any) -> None:
    """A server that hangs up without a word is asked again before it is called silent."""
    server = await lo.serve(b"")
    found = await visit(lo, server)
    assert (found.outcome, found.failure, found.facts["confirmed"]) == (Outcome.FAIL, Failure.EMPTY_REPLY, True)
    assert server.connections == 2


@pytest.mark.parametrize(
    "raw", [b"HTTP/1.1 503 x\r\n\r\nrobot?", b"HTTP/1.1 302 x\r\nLocation: /\r\n\r\n", b"HTTP/1.1 404 x\r\n\r\n"]
)
async def test_what_a_second_try_cannot_change_is_asked_once(raw: bytes, lo: Any) -> None:
    """Refused robots, redirect loops and missing pages spare the site the second request."""
    server = await lo.serve(raw)
    await visit(lo, server)
    assert len(server.requests) == 1


async def test_both_families_are_asked(lo: Any) -> None:
    """When both accept, both are asked, and each answer is told."""
    server, other = await lo.pair(lo.reply(), lo.reply("404 Not Found"))
    found = await visit(lo, server, V4, V6)
    assert found.facts["by_family"] == {"v4": 200, "v6": 404}
    assert (len(server.requests), len(other.requests)) == (1, 1)
    assert set(found.facts) <= set(CHECKS["http"])


async def test_failing_family_is_confirmed_by_itself(lo: Any) -> None:
    """One family that fails is asked again; one that recovers is not held against the site."""
    server, other = await lo.pair(lo.reply(), [lo.reply("502 Bad Gateway"), lo.reply()])
    found = await visit(lo, server, V4, V6)
    assert found.facts["by_family"] == {"v4": 200, "v6": 200}
    server, other = await lo.pair(lo.reply(), b"")
    found = await visit(lo, server, V4, V6)
    assert (found.outcome, found.facts["by_family"]) == (Outcome.OK, {"v4": 200, "v6": "empty-reply"})
    assert other.connections == 2


async def test_later_hops_keep_the_family(lo: Any) -> None:
    """After a redirect the IPv6 visit goes on over IPv6 where the next host has it."""
    moved = b"HTTP/1.1 302 x\r\nLocation: /next\r\nContent-Length: 0\r\n\r\n"
    bad = lo.reply("502 Bad Gateway")
    server, other = await lo.pair([moved, lo.reply()], [moved, bad, moved, bad])
    found = await visit(lo, server, V4, V6)
    assert found.facts["by_family"] == {"v4": 200, "v6": 502}
    assert (len(server.requests), len(other.requests)) == (2, 4)


async def test_failed_tls_hides_http(lo: Any) -> None:
    """When TLS failed and nothing was reached, there is nothing to say of HTTP: skipped."""
    server = await lo.serve(lo.reply(), tls=lo.authority.server("expired"))
    assert (await visit(lo, server, scheme="https", tls=said(BAD))).outcome is Outcome.SKIP
    found = await visit(lo, server, scheme="https", tls=said(GOOD))
    assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.CERT_EXPIRED)


async def test_deadline_keeps_what_was_seen(lo: Any) -> None:
    """When there is no time for the confirmation the first answer stands, unconfirmed."""
    server = await lo.serve(lo.reply("502 Bad Gateway"))
    found = await visit(lo, server, within=1.0, confirm_pause=30.0)
    assert (found.outcome, found.facts["status"]) == (Outcome.FAIL, 502)
    assert "confirmed" not in found.facts


async def test_deadline_without_an_answer_is_a_deadline(lo: Any) -> None:
    """A drip feed ends at the deadline, and says so."""

    async def drip(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    found = await visit(lo, await lo.serve(drip), within=0.3, read_timeout=30.0)
    assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.DEADLINE)


async def test_second_answer_that_comes_too_late_is_left_out(lo: Any) -> None:
    """A confirmation that meets the deadline proves nothing; the first answer stands."""
    first = asyncio.Event()

    async def once(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        if first.is_set():
            await asyncio.sleep(30)
        first.set()
        writer.write(lo.reply("502 Bad Gateway"))

    found = await visit(lo, await lo.serve(once), within=0.4, read_timeout=30.0)
    assert (found.failure, found.facts["status"], len(found.facts["attempts"])) == (None, 502, 1)  # type: ignore[arg-type]
