"""What does `fiveohtwo doctor` say about one thing that it looked at?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

CLOCK_OFF_S = 30.0
"""Clocks may be this far apart: certificates tolerate it, and nobody reads times more closely."""
Result = Literal["ok", "warn", "fail"]
MARKS: dict[Result, str] = {"ok": "✓", "warn": "!", "fail": "✗"}
COLOURS: dict[Result, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at."""

    name: str
    result: Result
    said: str
    remedy: str | None = None
