"""What is asked for of an address that nobody gave to the bot?"""

from __future__ import annotations

import pytest

from bot.diagnosis.harmless import harmless, lasting

SITE = "https://shop.example.com"


@pytest.mark.parametrize(
    ("rest", "left", "page"),
    [
        ("/login?magic=x1#top", "/login?<query>", "/login"),
        ("?a=b", "?<query>", ""),
        ("/reset/abc?user=bob", "/reset/<token>?<query>", "/"),
        ("/password-reset/abc", "/password-reset/<token>", "/"),
        ("/e/Unsubscribe/12/bob", "/e/Unsubscribe/<token>/bob", "/"),
        ("/invite/x", "/invite/<token>", "/"),
        ("/v/a1b2c3d4e5f6a7b8c9d0", "/v/<token>", "/"),
        ("/i/550e8400-e29b-41d4-a716-446655440000/x", "/i/<token>/x", "/"),
        ("/hooks/<token>", "/hooks/<token>", "/"),
        ("/view?key=<token>&page=2", "/view?<query>", "/view"),
    ],
)
@pytest.mark.parametrize("place", [SITE, "//shop.example.com:8443"])
def test_what_may_be_good_only_once_is_left_out(place: str, rest: str, left: str, page: str) -> None:
    """Queries, and parts of a path that look made for one person; for a look again and again no trace of them stays."""
    assert harmless(place + rest) == place + left
    assert harmless(place + left) == place + left
    assert lasting(place + rest) == place + page


@pytest.mark.parametrize(
    "rest",
    [
        "", "/", "/cart", "/unsubscribe", "/unsubscribe/", "/how-to-fix-502-bad-gateway-in-nginx",
        "/2026/11/release-v2-of-the-quarterly-report", "/files/annual_report_2026_final.pdf", "/a/123456789012345678901234",
        "//cart",
    ],
)  # fmt: skip
def test_page_for_everybody_stays_whole(rest: str) -> None:
    """Words, dates and numbers in a path name a page."""
    assert harmless(SITE + rest) == SITE + rest
    assert lasting(SITE + rest) == SITE + rest
