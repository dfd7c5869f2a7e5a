"""Whom does an asker ask, and for how long does it wait?"""

from __future__ import annotations

from dataclasses import dataclass

from bot.checks.vantage.peers.account import Account

MOST_PLACES = 8
"""More rows help nobody to see, and two or three peers are what operators have."""


@dataclass(frozen=True)
class Terms:
    """Whom to ask, and for how long to wait."""

    account: Account
    subject: str = "fiveohtwo"
    here: str | None = None
    """How this place is called, if a peer runs here, too."""
    patience: float = 10.0
    """Seconds, for everything together: what a peer told until then counts."""
    most: int = MOST_PLACES
