"""What is in a refusal?"""

from __future__ import annotations

from bot.checks.refusal import Refusal, Refused


def test_refused_carries_the_refusal() -> None:
    """What the parser raises inside holds exactly what it returns outside."""
    assert Refused("block", "port").refusal == Refusal("block", "port")
