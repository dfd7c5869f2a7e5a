"""What must come directly before or after a place in a text?

A regular expression that ends at a place is slow to search for; nearly everything that may come before one ends with
one of a few words. They are looked at first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Before:
    """What must come directly before a place."""

    pattern: re.Pattern[str]
    ends: tuple[str, ...]
    """It ends with one of these, once its marks are removed (lower case)."""

    def search(self, before: str, bare: str) -> bool:
        """Is it there? `bare`: the same without the marks at its end, in lower case."""
        return self.found(before, bare) is not None

    def found(self, before: str, bare: str) -> re.Match[str] | None:
        """Find it."""
        return self.pattern.search(before) if bare.endswith(self.ends) else None


def ends_with(pattern: str, *ends: str) -> Before:
    """Prepare what a text must end with; `ends`: the words that can end it, in lower case."""
    return Before(re.compile(rf"(?:{pattern})\Z", re.IGNORECASE), ends)


def begins_with(pattern: str) -> re.Pattern[str]:
    """Prepare what a text must begin with (by `match`)."""
    return re.compile(pattern, re.IGNORECASE)
