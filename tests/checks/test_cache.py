"""How long is a report reused?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.checks.cache import Recent
from bot.checks.limits import CheckSettings
from bot.checks.unlooked import unlooked
from bot.diagnosis.facts import NOT_LOOKED
from bot.diagnosis.findings import Finding, Outcome, Report, Vantage


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def report(outcome: Outcome, refusal: str | None = None) -> Report:
    finding = Finding(check="http", outcome=outcome)
    return Report(
        url="http://www.site.test/",
        host="www.site.test",
        checked_at=datetime(2026, 11, 24, tzinfo=UTC),
        elapsed_ms=1.0,
        vantages=(Vantage(name="local", findings=(finding,)),),
        refusal=refusal,
    )


def test_report_comes_back_with_its_age() -> None:
    """A kept report says how old it is each time."""
    clock = Clock()
    recent = Recent(CheckSettings(), clock)
    recent.put("a", report(Outcome.OK))
    assert recent.get("b") is None
    ages = []
    for clock.now in (1000.0, 1012.5, 1040.0):
        kept = recent.get("a")
        assert kept is not None
        ages.append(kept.age_s)
    assert ages == [0.0, 12.5, 40.0]


def test_good_report_lives_longer_than_a_failing_one() -> None:
    """A minute for good reports, half of it for failing and refused ones."""
    clock = Clock()
    recent = Recent(CheckSettings(), clock)
    recent.put("good", report(Outcome.OK))
    recent.put("skipped", report(Outcome.SKIP))
    recent.put("failing", report(Outcome.FAIL))
    recent.put("refused", report(Outcome.SKIP, "private"))
    clock.now += 29
    assert all(recent.get(key) for key in ("good", "skipped", "failing", "refused"))
    clock.now += 2
    assert [recent.get(key) is not None for key in ("good", "skipped", "failing", "refused")] == [
        True,
        True,
        False,
        False,
    ]
    clock.now += 30
    assert recent.get("good") is None


@pytest.mark.parametrize("why", NOT_LOOKED)
def test_report_of_no_look_is_handed_out_to_nobody_else(why: str) -> None:
    """What was not seen is looked at by the next one who asks."""
    recent = Recent(CheckSettings(), Clock())
    recent.put("a", unlooked("http://www.site.test/", why, datetime(2026, 11, 24, tzinfo=UTC)))
    assert recent.get("a") is None
