"""When does the bot trust its own connection?"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.checks.canary import Canary, look
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Outcome


async def test_without_canaries_it_is_skipped(lo: Any) -> None:
    """No canary configured: skipped, which is neither good nor bad."""
    found = await look(lo.reach())
    assert (found.outcome, found.failure, found.facts) == (Outcome.SKIP, None, {})


@pytest.mark.parametrize("status", ["200 OK", "204 No Content", "302 Found"])
async def test_any_good_answer_counts(status: str, lo: Any) -> None:
    """A success or a redirect, not followed, proves the connection."""
    server = await lo.serve(lo.reply(status, b"", Location="/elsewhere"))
    found = await look(lo.reach(canary=(server.url(),)))
    assert (found.outcome, found.facts) == (Outcome.OK, {"answered": ["127.0.0.2"], "failed": []})
    assert len(server.requests) == 1
    assert set(found.facts) <= set(CHECKS["canary"])


async def test_one_of_several_is_enough(lo: Any, closed_port: int) -> None:
    """A canary that is down itself is outvoted by one that answers."""
    server = await lo.serve(lo.reply())
    found = await look(lo.reach(canary=(f"http://127.0.0.2:{closed_port}/", server.url())))
    assert found.outcome is Outcome.OK


async def test_slow_canary_is_not_waited_for(lo: Any) -> None:
    """The first good answer ends the look."""

    async def mute(reader: Any, writer: Any) -> None:
        await asyncio.sleep(30)

    slow, quick = await lo.serve(mute), await lo.serve(lo.reply())
    async with asyncio.timeout(5):
        found = await look(lo.reach(canary=(slow.url(), quick.url()), canary_timeout=30.0, read_timeout=30.0))
    assert found.outcome is Outcome.OK


async def test_nothing_answers(lo: Any, closed_port: int) -> None:
    """When no canary answers well, the bot's own connection is in doubt, with the first reason."""
    down = f"http://127.0.0.2:{closed_port}/"
    found = await look(lo.reach(canary=(down,)))
    assert (found.outcome, found.failure, found.facts["failed"]) == (Outcome.FAIL, Failure.REFUSED, ["127.0.0.2"])
    broken = await lo.serve(lo.reply("502 Bad Gateway"))
    found = await look(lo.reach(canary=(broken.url(),)))
    assert (found.outcome, found.failure) == (Outcome.FAIL, None)


async def test_certificate_of_a_canary_must_be_good(lo: Any) -> None:
    """An answer over unverified TLS proves nothing: it may come from a portal in between."""
    server = await lo.serve(lo.reply(), tls=lo.authority.server("untrusted"))
    found = await look(lo.reach(canary=(server.url("https"),)))
    assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.CERT_UNTRUSTED)


@pytest.mark.parametrize(
    ("url", "failure"),
    [
        ("http://gone.site.test/", Failure.NXDOMAIN),
        ("http://10.0.0.1/", Failure.REFUSED_ADDRESS),
        ("http://inside.site.test/", Failure.REFUSED_ADDRESS),
        ("nonsense", Failure.REFUSED_ADDRESS),
    ],
)
async def test_canary_that_cannot_be_asked_fails(url: str, failure: Failure, lo: Any) -> None:
    """A canary passes the guard like any target; what it refuses is a failed canary."""
    found = await look(lo.reach({"inside.site.test": lo.answer("10.0.0.1")}, canary=(url,)))
    assert (found.outcome, found.failure) == (Outcome.FAIL, failure)


async def test_good_look_is_remembered_for_a_moment_and_a_bad_one_never(lo: Any) -> None:
    """Within seconds the canaries are spared a second request; after a bad look they are asked again."""
    clock = [0.0]
    server = await lo.serve([lo.reply("502 Bad Gateway"), lo.reply()])
    canary = Canary(replace(lo.reach(canary=(server.url(),)), monotonic=lambda: clock[0]))
    outcomes = [(await canary.look()).outcome for _ in range(3)]
    assert outcomes == [Outcome.FAIL, Outcome.OK, Outcome.OK]
    assert len(server.requests) == 2
    clock[0] += 16
    await canary.look()
    assert len(server.requests) == 3
