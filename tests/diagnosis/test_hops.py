"""Is Cloudflare's drawing read?"""

from __future__ import annotations

from bot.diagnosis.hops import diagram
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
