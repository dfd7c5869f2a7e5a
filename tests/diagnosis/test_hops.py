"""Is Cloudflare's diagram read?"""

from __future__ import annotations

import pytest

from bot.diagnosis.hops import diagram, signed
from bot.diagnosis.identification import Hops


def test_drawing_says_which_station_failed() -> None:
    """Each station has its own word."""
    text = "You Browser Working Warsaw Cloudflare Working shop.example.com Host Error"
    assert diagram(text) == Hops(visitor="working", edge="working", origin="error")


def test_edge_can_fail() -> None:
    """The middle of the drawing can be the broken one."""
    assert diagram("Browser: Working, Cloudflare: Error, Host: Working") == Hops(
        visitor="working", edge="error", origin="working"
    )


def test_other_text_has_no_drawing() -> None:
    """A text without the three stations proves nothing."""
    assert diagram("my browser is working and the host is fine") is None


@pytest.mark.parametrize(
    ("page", "host", "own"),
    [
        ("Generated Tue by front.club.example.com (squid/5.7)", "shop.club.example.com", True),
        ("Generado Tue by FRONT.example.com (squid)", "example.com", True),
        ("Generated Tue by proxy.office.example.net (squid/5.7)", "example.com", False),
        ("Generated Tue by proxy (squid/5.7)", "example.com", False),
        ("Generated Tue by front.example.com (nginx/1.2)", "example.com", False),
    ],
)
def test_page_signed_by_the_site_clears_the_visitor(page: str, host: str, own: bool) -> None:
    """A Squid whose name belongs to the failed site is in front of that site; any other name proves nothing."""
    expected = Hops(visitor="working", edge="working", origin="error") if own else None
    assert signed(page, host) == expected
