"""Are people who did not enter an address shown only its site?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.diagnosis.findings import Finding, Outcome, Report, Vantage
from bot.diagnosis.front import front_only, front_page


@pytest.mark.parametrize(
    ("url", "front"),
    [
        ("https://shop.example.com/private/path?sid=abc", "https://shop.example.com/"),
        ("http://shop.example.com:8080/a//b?next=//c", "http://shop.example.com:8080/"),
        ("//shop.example.com/private", "//shop.example.com/"),
        ("https://[2001:db8::1]:8443/private", "https://[2001:db8::1]:8443/"),
        ("/login?next=/private", "/"),
        ("private/path", "/"),
    ],
)
def test_front_page_names_no_page(url: str, front: str) -> None:
    """Scheme, host and port stay, whatever follows goes."""
    assert front_page(url) == front


def test_report_of_the_front_names_no_page_either() -> None:
    """Where the answer came from, and where redirects led, tell the page as well; all else that was seen stays."""
    facts = {
        "url": "https://shop.example.com/private/end",
        "redirects": [{"status": 302, "location": "/private/end"}],
        "status": 502,
    }
    seen = Vantage(name="local", findings=(Finding(check="http", outcome=Outcome.FAIL, facts=facts),))
    url, at = "https://shop.example.com/private/path", datetime(2026, 11, 3, tzinfo=UTC)
    front = front_only(Report(url=url, host="shop.example.com", checked_at=at, elapsed_ms=1, vantages=(seen,)))
    assert "private" not in front.model_dump_json()
    (finding,) = front.local.findings
    assert finding.facts["status"] == 502
    assert finding.facts["redirects"] == [{"status": 302, "location": "/"}]
