"""Do findings keep to their closed list, and travel as JSON?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage

HTTP = Finding(check="http", outcome=Outcome.FAIL, failure=Failure.TIMEOUT, facts={"status": 502}, ms=3.5)
REPORT = Report(
    url="https://shop.example.com/",
    host="shop.example.com",
    checked_at=datetime(2026, 11, 3, 12, 4, tzinfo=UTC),
    elapsed_ms=12,
    vantages=(Vantage(name="local", findings=(HTTP,)), Vantage(name="far", findings=())),
)


def test_report_survives_json() -> None:
    """What was seen comes back equal from JSON."""
    assert Report.model_validate_json(REPORT.model_dump_json()) == REPORT


def test_local_vantage_is_the_first() -> None:
    """The bot's own look stands first, and findings are found by the check's name."""
    assert REPORT.local.name == "local"
    assert REPORT.local.finding("http") == HTTP
    assert REPORT.local.finding("dns") is None


def test_failure_outside_the_list_is_refused() -> None:
    """A new kind of failure must be added to the list; prose never takes its place."""
    with pytest.raises(ValidationError):
        Finding.model_validate({"check": "http", "outcome": "fail", "failure": "it broke somehow"})


def test_finding_cannot_be_changed() -> None:
    """Facts are facts: a finding is frozen."""
    with pytest.raises(ValidationError):
        HTTP.ms = 1.0  # type: ignore[misc]


def test_gist_is_what_decided() -> None:
    """HTTP decides, whatever it got; where it was skipped, the failure before it does, if there is one."""
    skipped = Finding(check="http", outcome=Outcome.SKIP)
    tcp = Finding(check="tcp", outcome=Outcome.FAIL, failure=Failure.REFUSED)
    assert Vantage(name="far", findings=(tcp, HTTP)).gist == HTTP
    assert Vantage(name="far", findings=(tcp, skipped)).gist == tcp
    assert Vantage(name="far", findings=(skipped,)).gist == skipped
    assert Vantage(name="far", findings=(tcp,)).gist is None


def test_only_places_that_looked_are_counted() -> None:
    """The bot's own place always is one; another one is not when its connection or its rules kept it from looking."""
    blind = Vantage(name="blind", findings=(Finding(check="canary", outcome=Outcome.FAIL),))
    refused = Finding(check="http", outcome=Outcome.SKIP, failure=Failure.REFUSED_ADDRESS)
    strict = Vantage(name="strict", findings=(refused,))
    report = REPORT.model_copy(update={"vantages": (blind, *REPORT.vantages[1:], strict, blind)})
    assert [place.name for place in report.places] == ["blind", "far"]
