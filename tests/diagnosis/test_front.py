"""Are people who did not enter an address shown only its site?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.diagnosis.findings import Finding, Outcome, Report, Vantage
from bot.diagnosis.front import front_only, front_page, of_another_page


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


@pytest.mark.parametrize(
    ("asked", "url"),
    [
        ("https://shop.example.com/cart", "https://shop.example.com/cart"),
        ("//shop.example.com/", "http://shop.example.com/"),
    ],
)
def test_look_at_another_page_tells_of_the_site_only(asked: str, url: str) -> None:
    """Its answer counts for the site, under the address that was asked for; nothing of that page is told."""
    facts = {"url": "http://shop.example.com/private", "title": "private", "ids": {"cf-ray": "private"}, "status": 502}
    findings = Finding(check="tcp", outcome=Outcome.OK), Finding(check="http", outcome=Outcome.FAIL, facts=facts)
    report = Report(
        url="http://shop.example.com/private", host="shop.example.com", checked_at=datetime(2026, 11, 3, tzinfo=UTC),
        elapsed_ms=1, age_s=3.0, vantages=(Vantage(name="local", findings=findings),),
    )  # fmt: skip
    other = of_another_page(report, asked)
    assert (other.url, other.age_s, other.local.findings[0]) == (url, 3.0, findings[0])
    assert other.local.findings[1].facts == {"url": "http://shop.example.com/", "status": 502, "other-page": True}
