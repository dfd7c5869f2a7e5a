"""Do other places add what they saw to a failed look, and never more trouble than that?"""

from __future__ import annotations

import asyncio
import json
import logging
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.checks.address import Address
from bot.checks.page import Reader
from bot.checks.vantage.api import MAX_ANSWER, Access
from bot.checks.vantage.globalping import Globalping, Terms
from bot.diagnosis.findings import Failure, Finding, Outcome, Vantage
from globalping_standin import (
    DALLAS,
    FRANKFURT,
    ID,
    RATE,
    TOKYO,
    GlobalpingStandin,
    failed,
    finished,
    never,
    raw,
    under_way,
)

SITE = Address("https", "shop.example.com", 443, "/cart")
IPS = (ip_address("93.184.216.34"),)
BROKEN = (
    Finding(check="canary", outcome=Outcome.OK),
    Finding(check="http", outcome=Outcome.FAIL, facts={"status": 502, "url": SITE.shown}),
)
FINE = (Finding(check="http", outcome=Outcome.OK, facts={"status": 200, "url": SITE.shown}),)
READER = Reader((), None, lambda: datetime(2026, 11, 24, tzinfo=UTC))
NAMES = ["globalping: Frankfurt, DE, AS3320", "globalping: Dallas, US, AS7018", "globalping: Tokyo, JP, AS2497"]


class Clock:
    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def made(standin: GlobalpingStandin, lo: Any, clock: Clock | None = None, **terms: Any) -> Globalping:
    quick = {"access": Access(standin.url), "patience": 5.0, "pause": 0.01}
    reach = replace(lo.reach(), monotonic=clock) if clock else lo.reach()
    return Globalping(reach, READER, Terms(**(quick | terms)))


def told(vantages: tuple[Vantage, ...]) -> list[object]:
    return [finding.failure or finding.facts["status"] for vantage in vantages for finding in vantage.findings]


async def test_each_place_tells_what_it_saw(standin: GlobalpingStandin, lo: Any) -> None:
    """One question, three places on three continents, asked until the measurement is over."""
    standin.results = [
        finished(502),
        finished(200, DALLAS),
        failed("connect ECONNREFUSED 93.184.216.34:443", place=TOKYO),
    ]
    standin.looks_under_way = 3
    seen = await made(standin, lo).look(SITE, IPS, BROKEN)
    assert [vantage.name for vantage in seen] == NAMES
    assert told(seen) == [502, 200, Failure.REFUSED]
    (body,) = standin.bodies
    assert {place["continent"] for place in body["locations"]} == {"EU", "NA", "AS"}
    assert {key: value for key, value in body.items() if key != "locations"} == {
        "type": "http", "target": "shop.example.com", "timeout": 5,
        "measurementOptions": {
            "protocol": "HTTPS", "port": 443, "ipVersion": 4, "request": {"method": "GET", "path": "/cart"},
        },
    }  # fmt: skip
    assert standin.questions == 4
    conditional = [headers.get("If-None-Match") for method, _, headers in standin.asked if method == "GET"]
    assert conditional == [None, 'W/"False"', 'W/"False"', 'W/"False"']


async def test_pause_between_questions_is_kept(standin: GlobalpingStandin, lo: Any) -> None:
    """Between an answer and the next question lies the pause that the API wants."""
    standin.results = [finished(502)]
    now = asyncio.get_running_loop().time
    started = now()
    await made(standin, lo, pause=0.2).look(SITE, IPS, BROKEN)
    assert now() - started >= 0.2
    assert Terms().pause >= 0.5


async def test_good_look_asks_nobody(standin: GlobalpingStandin, lo: Any) -> None:
    """A site that works from here is nobody else's business."""
    assert await made(standin, lo).look(SITE, IPS, FINE) == ()
    assert standin.asked == []


async def test_private_target_is_never_sent(standin: GlobalpingStandin, lo: Any) -> None:
    """What only the operator's own list lets pass stays here, whatever the look was like."""
    globalping = made(standin, lo)
    assert await globalping.look(SITE, (ip_address("127.0.0.2"),), BROKEN) == ()
    assert await globalping.look(Address("http", "127.0.0.2", 80, "/"), (ip_address("127.0.0.2"),), BROKEN[:1]) == ()
    assert standin.asked == []


async def test_all_failed_at_the_probes_is_nothing(standin: GlobalpingStandin, lo: Any) -> None:
    """Places that could not look say nothing of the site."""
    standin.results = [failed("no disk left", "internal", place) for place in (FRANKFURT, DALLAS, TOKYO)]
    assert await made(standin, lo).look(SITE, IPS, BROKEN) == ()


async def test_slow_places_are_not_waited_for(standin: GlobalpingStandin, lo: Any) -> None:
    """When the time is over, what was told until then counts."""
    standin.results = [finished(502), under_way(DALLAS), under_way(TOKYO)]
    standin.looks_under_way = 10**6
    now = asyncio.get_running_loop().time
    started = now()
    assert told(await made(standin, lo, patience=0.5).look(SITE, IPS, BROKEN)) == [502]
    assert now() - started < 2


@pytest.mark.parametrize("where", ["creating", "telling"])
async def test_silence_ends_with_the_time(standin: GlobalpingStandin, lo: Any, where: str) -> None:
    """A service that does not answer costs the time limit, and no more."""
    setattr(standin, where, never)
    now = asyncio.get_running_loop().time
    started = now()
    assert await made(standin, lo, patience=0.3).look(SITE, IPS, BROKEN) == ()
    assert now() - started < 2


async def test_nobody_there_is_nothing(lo: Any, closed_port: int) -> None:
    """A service that cannot be reached is no trouble."""
    globalping = Globalping(lo.reach(), READER, Terms(Access(f"http://127.0.0.2:{closed_port}")))
    assert await globalping.look(SITE, IPS, BROKEN) == ()


async def test_too_many_is_heeded_until_the_time_that_it_names(standin: GlobalpingStandin, lo: Any) -> None:
    """After a 429 nothing is asked until the limit resets, not even about another site; then it goes on."""
    clock = Clock()
    globalping = made(standin, lo, clock)
    standin.creating = standin.too_many(**RATE | {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "30"})
    assert await globalping.look(SITE, IPS, BROKEN) == ()
    standin.creating, standin.results = None, [finished(502)]
    clock.at += 29
    other = Address("https", "other.example.com", 443, "/")
    assert (
        await globalping.look(
            other, IPS, (*BROKEN[:1], Finding(check="http", outcome=Outcome.FAIL, facts={"status": 500}))
        )
        == ()
    )
    assert len(standin.asked) == 1
    clock.at += 1
    assert told(await globalping.look(SITE, IPS, BROKEN)) == [502]


async def test_too_many_questions_about_one_is_heeded(standin: GlobalpingStandin, lo: Any) -> None:
    """Retry-After counts as well, also for measurements that are under way."""
    clock = Clock()
    globalping = made(standin, lo, clock)
    standin.results, standin.telling = [finished(502)], standin.too_many(**{"Retry-After": "4"})
    assert await globalping.look(SITE, IPS, BROKEN) == ()
    assert await globalping.look(SITE, IPS, BROKEN) == ()
    assert (len(standin.bodies), standin.questions) == (1, 1)
    standin.telling = None
    clock.at += 4
    assert told(await globalping.look(SITE, IPS, BROKEN)) == [502]


async def test_refusal_silences_those_that_are_under_way(standin: GlobalpingStandin, lo: Any) -> None:
    """One that is told "not now" stops the others, too."""
    globalping = made(standin, lo)
    standin.results, standin.looks_under_way = [finished(502)], 10**6
    waiting = asyncio.ensure_future(globalping.look(SITE, IPS, BROKEN))
    await standin.until(questions=2)
    standin.creating = standin.too_many(**RATE)
    await globalping.look(SITE, IPS, BROKEN)
    questions = standin.questions
    await asyncio.wait_for(waiting, 2)
    assert standin.questions <= questions + 1


async def test_last_tests_are_left_alone(standin: GlobalpingStandin, lo: Any) -> None:
    """When fewer are left than one question needs, none is asked until the limit resets: no credits are spent."""
    clock = Clock()
    globalping = made(standin, lo, clock)
    standin.results = [finished(502)]
    body = json.dumps({"id": ID, "probesCount": 1}).encode()
    few = {
        name.replace("-", "_"): value
        for name, value in (RATE | {"X-RateLimit-Remaining": "2", "X-RateLimit-Reset": "60"}).items()
    }
    standin.creating = raw(body, 202, **few)
    assert told(await globalping.look(SITE, IPS, BROKEN)) == [502]
    assert await globalping.look(SITE, IPS, BROKEN) == ()
    clock.at += 60
    assert told(await globalping.look(SITE, IPS, BROKEN)) == [502]


async def test_busy_bot_keeps_its_own_limit(standin: GlobalpingStandin, lo: Any) -> None:
    """The number of questions an hour is limited."""
    standin.results = [finished(502)]
    globalping = made(standin, lo, Clock(), per_hour=2)
    assert [len(await globalping.look(SITE, IPS, BROKEN)) for _ in range(4)] == [1, 1, 0, 0]
    assert len(standin.bodies) == 2


BAD_ANSWERS = {
    "broken": raw(b'{"id": "abc'),
    "none": raw(b""),
    "no-json": raw(b"<html>"),
    "list": raw(b"[]", 202),
    "number": raw(b"7", 202),
    "no-id": raw(b"{}", 202),
    "hostile-id": raw(b'{"id": "../../v1/limits?x="}', 202),
    "strange-id": raw(b'{"id": ["a"]}', 202),
    "deep": raw(b"[" * 100_000),
    "long-number": raw(b"9" * 10_000),
    "huge": raw(b'"' + b"x" * (MAX_ANSWER + 1) + b'"'),
    "error": raw(b'{"error": {}}', 400),
    "no-probes": raw(b'{"error": {"type": "no_probes_found", "message": "none"}}', 422),
    "fault": raw(b"Internal Server Error", 500),
    "redirect": raw(b"", 302, Location="http://127.0.0.1:1/"),
    "not-unicode": raw(b'{"id": "\xff\xfe"}', 202),
}


@pytest.mark.parametrize("where", ["creating", "telling"])
@pytest.mark.parametrize("name", BAD_ANSWERS)
async def test_bad_answer_means_fewer_places(standin: GlobalpingStandin, lo: Any, where: str, name: str) -> None:
    """Whatever comes instead of an answer: no places, no exception, no other request."""
    standin.results = [finished(502)]
    setattr(standin, where, BAD_ANSWERS[name])
    assert await made(standin, lo, patience=2.0).look(SITE, IPS, BROKEN) == ()
    assert {path for _, path, _ in standin.asked} <= {"/v1/measurements", f"/v1/measurements/{ID}"}


async def test_fault_in_reading_is_no_fault_of_the_look(standin: GlobalpingStandin, lo: Any) -> None:
    """Whatever breaks over a page from elsewhere, the bot's own look stands."""

    def breaks(_status: int, _page: str) -> str | None:
        raise RuntimeError

    standin.results = [finished(502, body="a page")]
    globalping = Globalping(lo.reach(), replace(READER, recognise=breaks), Terms(Access(standin.url), pause=0.01))
    assert await globalping.look(SITE, IPS, BROKEN) == ()


async def test_log_does_not_name_the_address(
    standin: GlobalpingStandin, lo: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """What goes wrong is a line for debugging, without the site and without a word from outside."""
    caplog.set_level(logging.DEBUG)
    for answer in (raw(b"shop.example.com", 500), raw(b'"shop.example.com'), never):
        standin.creating = answer
        await made(standin, lo, patience=0.3).look(SITE, IPS, BROKEN)
    ours = [record for record in caplog.records if record.name.startswith("bot.")]
    assert len(ours) == 3
    assert all(record.levelno == logging.DEBUG for record in ours)
    assert not any("example" in record.getMessage() or "/cart" in record.getMessage() for record in ours)


async def test_cancelled_look_leaves_nothing_behind(standin: GlobalpingStandin, lo: Any) -> None:
    """Whoever leaves takes the question along, and its connection."""
    standin.results, standin.looks_under_way = [finished(502)], 10**6
    globalping = made(standin, lo)
    look = asyncio.ensure_future(globalping.look(SITE, IPS, BROKEN))
    await standin.until(questions=1)
    look.cancel()
    with pytest.raises(asyncio.CancelledError):
        await look
    questions = standin.questions
    await asyncio.sleep(0.1)
    assert standin.questions <= questions + 1
    standin.looks_under_way = 0
    assert told(await globalping.look(SITE, IPS, BROKEN)) == [502]


async def test_many_at_once_share_the_client(standin: GlobalpingStandin, lo: Any) -> None:
    """Questions at the same moment do not end each other."""
    standin.results = [finished(502)]
    globalping = made(standin, lo)
    seen = await asyncio.gather(*(globalping.look(SITE, IPS, BROKEN) for _ in range(8)))
    assert [told(one) for one in seen] == [[502]] * 8


shapes = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "status", "results", "result", "probe", "statusCode"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.binary(max_size=99) | shapes.map(lambda shape: json.dumps(shape).encode()),
    told=st.tuples(
        st.integers(200, 599),
        st.sampled_from(
            [
                {},
                {"Retry_After": "²"},
                {"ETag": "x" * 999},
                {"X_RateLimit_Remaining": "-1"},
                {"Content_Encoding": "gzip"},
            ]
        ),
    ),
    where=st.sampled_from(["creating", "telling"]),
)
async def test_no_answer_makes_it_raise(
    standin: GlobalpingStandin, lo: Any, body: bytes, told: tuple[int, dict[str, str]], where: str
) -> None:
    """Any bytes with any status at any point: some places or none, and never an exception."""
    standin.results, standin.creating, standin.telling = [finished(502)], None, None
    setattr(standin, where, raw(body, told[0], **told[1]))
    assert len(await made(standin, lo, patience=0.2).look(SITE, IPS, BROKEN)) <= 3
