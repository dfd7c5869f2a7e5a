"""May a service that is free for all be asked now? Our own limit, and its own when it has said "not now"."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

HOUR_S = 3600.0
LONGEST_PAUSE_S = 24 * HOUR_S
"""No answer silences the bot for longer: a mistaken one must not do so forever."""
UNNAMED_PAUSE_S = 60.0
"""After a refusal that names no time."""


class Ration:
    """Counts for this process alone: at most this many questions in any hour, and none while told to wait."""

    def __init__(self, per_hour: int, monotonic: Callable[[], float]) -> None:
        self._per_hour = per_hour
        self._monotonic = monotonic
        self._asked: deque[float] = deque()
        self._silent_until = self._spent_until = float("-inf")

    @property
    def silent(self) -> bool:
        """The service said "not now", and the time that it named is not over: nothing at all is asked."""
        return self._monotonic() < self._silent_until

    def take(self) -> bool:
        """Take one question; False: none is left."""
        now = self._monotonic()
        while self._asked and self._asked[0] <= now - HOUR_S:
            self._asked.popleft()
        if self.silent or now < self._spent_until or len(self._asked) >= self._per_hour:
            return False
        self._asked.append(now)
        return True

    def refused(self, seconds: float | None) -> None:
        """Ask nothing for this many seconds (None: for a minute)."""
        self._silent_until = max(self._silent_until, self._monotonic() + _pause(seconds))

    def spent(self, seconds: float | None) -> None:
        """Start nothing new for this many seconds: what is left is not enough. What is under way goes on."""
        self._spent_until = max(self._spent_until, self._monotonic() + _pause(seconds))


def _pause(seconds: float | None) -> float:
    return UNNAMED_PAUSE_S if seconds is None else min(max(seconds, 1.0), LONGEST_PAUSE_S)
