"""Is what other places got counted, compared and reported?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.diagnosis.elsewhere import VIEWS
from bot.diagnosis.facts import VOCABULARY, gather
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage
from bot.kb.model import KnowledgeBase

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def places(here: Finding | None, *there: Finding) -> Report:
    looks = (Vantage(name=f"globalping: Place {number}", findings=(one,)) for number, one in enumerate(there))
    own = Vantage(name="local", findings=(here,) if here else ())
    return Report(
        url="https://shop.example.com/", host="shop.example.com", checked_at=AT, elapsed_ms=1, vantages=(own, *looks)
    )


def got(
    status: int | None = None, failure: Failure | None = None, outcome: Outcome = Outcome.FAIL, **more: str
) -> Finding:
    return Finding(check="http", outcome=outcome, failure=failure, facts=more | ({"status": status} if status else {}))


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        (got(502), [got(502), got(502), got(502)], (3, 0, 3, 3, "bad")),
        (got(502), [got(504), got(failure=Failure.TIMEOUT)], (2, 0, 2, 0, "bad")),
        (got(502), [got(200), got(301)], (2, 2, 0, 0, "good")),
        (got(502), [got(200), got(502)], (2, 1, 1, 1, "mixed")),
        (got(502), [got(404), got(502)], (2, 0, 1, 1, "unclear")),
        (got(502), [got(503, challenge="cloudflare"), got(200)], (2, 1, 0, 0, "unclear")),
        (got(502), [got(failure=Failure.SERVFAIL)], (1, 0, 0, 0, "unclear")),
        (got(502), [got(outcome=Outcome.SKIP)], (1, 0, 0, 0, "unclear")),
        (got(failure=Failure.REFUSED), [got(failure=Failure.TIMEOUT), got(502), got()], (3, 0, 3, 2, "bad")),
        (got(failure=Failure.TIMEOUT), [got(failure=Failure.NXDOMAIN), got(200, Failure.CERT_EXPIRED)], (2, 0, 2, 0, "bad")),
        (got(failure=Failure.CERT_EXPIRED), [got(failure=Failure.CERT_EXPIRED)], (1, 0, 1, 1, "bad")),
        (got(failure=Failure.REFUSED), [got(failure=Failure.CERT_EXPIRED)], (1, 0, 1, 0, "bad")),
    ],
)  # fmt: skip
def test_places_are_counted(
    kb: KnowledgeBase, here: Finding, there: list[Finding], expected: tuple[object, ...]
) -> None:
    """Good, bad, and as bad as here; what says nothing of the site is neither."""
    facts = gather(kb, None, None, places(here, *there), {})
    assert tuple(facts[f"elsewhere.{name}"] for name in ("tried", "good", "bad", "same", "seen")) == expected
    assert facts["elsewhere.seen"] in VIEWS


def test_places_are_told(kb: KnowledgeBase) -> None:
    """What each place got is one text, and there are not too many of them."""
    there = [got(502), got(failure=Failure.REFUSED), got()]
    facts = gather(kb, None, None, places(got(502), *there), {})
    assert facts["elsewhere.places"] == [
        "globalping: Place 0 = 502", "globalping: Place 1 = refused", "globalping: Place 2 = no answer",
    ]  # fmt: skip
    many = gather(kb, None, None, places(got(502), *[got(502)] * 50), {})
    assert len(many["elsewhere.places"]) == 8  # type: ignore[arg-type]
    assert many["vantages"] == 51


def test_nobody_elsewhere_is_no_fact(kb: KnowledgeBase) -> None:
    """Without other places, or without a page in what they saw, nothing is said of them."""
    assert not any(name.startswith("elsewhere.") for name in gather(kb, None, None, places(got(502)), {}))
    dns = Finding(check="dns", outcome=Outcome.OK)
    assert "elsewhere.tried" not in gather(kb, None, None, places(got(502), dns), {})


@pytest.mark.parametrize(
    ("here", "there", "all_same", "answered"),
    [
        (got(502), [got(502), got(502)], True, True),
        (got(502), [got(502), got(500)], False, True),
        (got(502), [got(502), got(failure=Failure.TIMEOUT)], False, True),
        (got(failure=Failure.REFUSED), [got(failure=Failure.TIMEOUT), got()], True, False),
        (got(failure=Failure.REFUSED), [got(failure=Failure.TIMEOUT), got(404)], False, True),
    ],
)
def test_what_all_and_what_some_got_is_told(
    kb: KnowledgeBase, here: Finding, there: list[Finding], all_same: bool, answered: bool
) -> None:
    """That all got the same and that some got an HTTP answer are facts of their own, for rules cannot count."""
    facts = gather(kb, None, None, places(here, *there), {})
    assert facts["elsewhere.all-same"] is all_same
    assert facts.get("elsewhere.answered", False) is answered
    assert {name for name in facts if name.startswith("elsewhere.")} <= set(VOCABULARY)


def check(name: str, outcome: Outcome, failure: Failure | None = None) -> Finding:
    return Finding(check=name, outcome=outcome, failure=failure)


NO_HTTP = check("http", Outcome.SKIP)
GOOD, NONE = check("canary", Outcome.OK), check("canary", Outcome.SKIP)


def peers(*there: tuple[Finding, ...]) -> Report:
    """Return a report with other places that made the whole check."""
    report = places(got(502))
    looks = (Vantage(name=f"peer: Place {number}", findings=all_of) for number, all_of in enumerate(there))
    return report.model_copy(update={"vantages": (*report.vantages, *looks)})


@pytest.mark.parametrize(
    ("there", "view", "told"),
    [
        ((GOOD, check("dns", Outcome.OK), got(200)), "good", "200"),
        ((GOOD, check("tcp", Outcome.FAIL, Failure.REFUSED), NO_HTTP), "bad", "refused"),
        ((GOOD, check("dns", Outcome.FAIL, Failure.NXDOMAIN), NO_HTTP), "bad", "nxdomain"),
        ((GOOD, check("dns", Outcome.FAIL, Failure.SERVFAIL), NO_HTTP), "unclear", "servfail"),
        ((NONE, check("tcp", Outcome.FAIL, Failure.TIMEOUT), NO_HTTP), "unclear", "timeout"),
        ((NONE, got(failure=Failure.TIMEOUT)), "unclear", "timeout"),
        ((NONE, got(502)), "bad", "502"),
    ],
)
def test_place_with_a_whole_check_tells_what_decided(
    kb: KnowledgeBase, there: tuple[Finding, ...], view: str, told: str
) -> None:
    """Where it did not come to HTTP the check before it decides; silence proves nothing without a canary."""
    facts = gather(kb, None, None, peers(there), {})
    assert (facts["elsewhere.seen"], facts["elsewhere.places"]) == (view, [f"peer: Place 0 = {told}"])


@pytest.mark.parametrize(
    "there",
    [
        (check("canary", Outcome.FAIL, Failure.TIMEOUT),),
        (check("canary", Outcome.FAIL, Failure.TIMEOUT), got(200)),
        (GOOD, check("http", Outcome.SKIP, Failure.REFUSED_ADDRESS)),
    ],
    ids=["blind", "blind-but-sure", "not-allowed"],
)
def test_place_that_could_not_look_does_not_count(kb: KnowledgeBase, there: tuple[Finding, ...]) -> None:
    """A connection that does not work, and rules that forbid the address, say nothing of the site."""
    facts = gather(kb, None, None, peers(there), {})
    assert facts["vantages"] == 1
    assert not any(name.startswith("elsewhere.") for name in facts)
    beside = gather(kb, None, None, peers(there, (GOOD, got(200))), {})
    assert (beside["vantages"], beside["elsewhere.tried"], beside["elsewhere.seen"]) == (2, 1, "good")
