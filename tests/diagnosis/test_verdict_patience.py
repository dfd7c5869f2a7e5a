"""Is a site called down only on more than one bad look, and is a slow one told apart from a dead one?"""

from __future__ import annotations

import pytest

from bot.checks.limits import CheckSettings
from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Failure, Report
from bot.diagnosis.identify import identify
from bot.diagnosis.plan import choose_guide
from bot.diagnosis.verdict import judge
from bot.kb.model import Audience, KnowledgeBase, State, Strength
from playbook import seen

SLOW = ("http", Failure.TIMEOUT)
TWICE = {"confirmed": True}
CLOUDFLARE_522 = "Error 522 Ray ID: 7c0ffee1 Browser Working Cloudflare Working shop.example.com Host Error"


@pytest.mark.parametrize(
    ("text", "state", "cause", "guides"),
    [
        (CLOUDFLARE_522, State.DOWN, "answer-never-comes", ("visitor", "owner-cloudflare")),
        (
            "Error 524 A timeout occurred cloudflare",
            State.DOWN,
            "answer-never-comes",
            ("visitor-504", "owner-cloudflare"),
        ),
        ("504 Gateway Time-out nginx", State.DOWN, "answer-never-comes", ("visitor-504", "owner-504")),
        (
            'at=error code=H12 desc="Request timeout" status=503',
            State.DOWN,
            "answer-never-comes",
            (None, "owner-platform"),
        ),
        ("ERR_TIMED_OUT", State.DOWN, "answer-never-comes", ("visitor-connection", "owner-connection")),
        ("502 Bad Gateway nginx/1.24.0", State.DOWN, "answer-too-slow-with-error", ("visitor", "owner-nginx")),
        ("", State.DOWN, "answer-too-slow", ("visitor", "owner-504")),
    ],
)
def test_slow_answer_is_judged_with_the_text(
    kb: KnowledgeBase, text: str, state: State, cause: str, guides: tuple[str | None, str]
) -> None:
    """The bot gives up before gateways do: their timeout decides and leads. Nobody was seen to get the page, either way."""
    found = identify(kb, text)
    facts = gather(kb, found.match, found.hop, seen(failure=SLOW, **TWICE), {})
    verdict = judge(kb, facts)
    assert (verdict.state, verdict.cause, verdict.strength) == (state, cause, Strength.LIKELY)
    roles: tuple[Audience, Audience] = ("visitor", "owner")
    for role, guide in zip(roles, guides, strict=True):
        assert guide in (None, choose_guide(kb, verdict, facts, role).id)


def test_slow_answer_tells_how_long_was_waited(kb: KnowledgeBase) -> None:
    """The seconds in the words are those of the check."""
    waited = f"{CheckSettings().read_timeout:.0f} seconds"
    for cause in ("answer-too-slow", "answer-too-slow-with-error", "answer-never-comes"):
        assert waited in kb.causes[cause].reason


def test_slow_here_and_broken_elsewhere_is_down(kb: KnowledgeBase) -> None:
    """When all other places get errors, an answer that does not come here is none."""
    report = seen(failure=SLOW, elsewhere=(504, 504), **TWICE)
    assert judge(kb, gather(kb, None, None, report, {})).cause == "answer-never-comes"


LOOKS = [
    (seen(522, confirmed=None), seen(522), "server-error-once", "edge-cannot-reach-origin"),
    (seen(526, confirmed=None), seen(526), "server-error-once", "edge-rejects-origin-certificate"),
    (seen(503, confirmed=None, retry_after_s=60), seen(503, retry_after_s=60), "server-error-once", "maintenance"),
    (seen(503, confirmed=None, maintenance=True), seen(503, maintenance=True), "server-error-once", "maintenance"),
    *(
        (seen(failure=("http", failure)), seen(failure=("http", failure), **TWICE), "no-answer-once", cause)
        for failure, cause in (
            (Failure.EMPTY_REPLY, "answer-broken-off"), (Failure.RESET, "answer-broken-off"),
            (Failure.TRUNCATED, "answer-broken-off"), (Failure.NOT_HTTP, "answer-not-http"),
        )
    ),
]  # fmt: skip


@pytest.mark.parametrize(("one", "two", "weak", "sure"), LOOKS, ids=[f"{row[3]}-{n}" for n, row in enumerate(LOOKS)])
def test_one_look_does_not_call_a_site_down(kb: KnowledgeBase, one: Report, two: Report, weak: str, sure: str) -> None:
    """A bad answer that nobody confirmed is reported as one; the same answer twice has its cause."""
    once, twice = (judge(kb, gather(kb, None, None, report, {})) for report in (one, two))
    assert (once.cause, once.strength, once.state) == (weak, Strength.WEAK, State.DEGRADED)
    assert (twice.cause, twice.strength) == (sure, Strength.LIKELY)


def test_one_answer_that_was_waited_for_in_vain_tells_nothing(kb: KnowledgeBase) -> None:
    """After one wait nobody knows whether anybody gets the page; after two it is likely down."""
    once, twice = (judge(kb, gather(kb, None, None, seen(failure=SLOW, **more), {})) for more in ({}, TWICE))
    assert (once.cause, once.strength, once.state) == ("answer-too-slow-once", Strength.WEAK, State.UNKNOWN)
    assert (twice.cause, twice.strength, twice.state) == ("answer-too-slow", Strength.LIKELY, State.DOWN)


@pytest.mark.parametrize(
    ("status", "state", "cause"), [(404, State.DOWN, "page-missing"), (403, State.BLOCKED, "refused-here")]
)
def test_two_kinds_of_error_are_judged_weakly(kb: KnowledgeBase, status: int, state: State, cause: str) -> None:
    """After a server error and a refusal the refusal is judged, without being sure, and both are told."""
    steady = judge(kb, gather(kb, None, None, seen(status, confirmed=None), {}))
    shaken = judge(kb, gather(kb, None, None, seen(status, confirmed=None, unsteady=True), {}))
    assert (steady.cause, shaken.cause, shaken.state) == (cause, cause, state)
    assert (steady.strength, shaken.strength) == (Strength.LIKELY, Strength.WEAK)
    assert "http.unsteady" in {seen.fact for seen in shaken.evidence}
