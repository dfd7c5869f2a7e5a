"""When is a conversation's time up? One sleeping task per conversation.

Waiting follows elapsed time, never the wall clock, so setting the clock changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from bot.ports import Clock

log = logging.getLogger(__name__)

Ring = Callable[[str, str], None]


class Alarms:
    """Rings (key, effect) when the time is up; a conversation's new alarm replaces its old one."""

    def __init__(self, clock: Clock, ring: Ring) -> None:
        self._clock = clock
        self._ring = ring
        self._waiting: dict[str, asyncio.Task[None]] = {}

    def set(self, key: str, effect: str, after_s: float) -> None:
        """Ring after this many seconds."""
        self.cancel(key)
        self._waiting[key] = asyncio.ensure_future(self._wait(key, effect, after_s))

    def cancel(self, key: str) -> None:
        """Do not ring for this conversation."""
        earlier = self._waiting.pop(key, None)
        if earlier is not None:
            earlier.cancel()

    def cancel_of(self, theirs: Callable[[str], bool]) -> None:
        """Do not ring for these conversations."""
        for key in [key for key in self._waiting if theirs(key)]:
            self.cancel(key)

    async def aclose(self) -> None:
        """Stop ringing."""
        waiting = list(self._waiting.values())
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _wait(self, key: str, effect: str, after_s: float) -> None:
        await self._clock.sleep(after_s)
        del self._waiting[key]
        try:
            self._ring(key, effect)
        except Exception:
            log.exception("an alarm was not taken", extra={"conversation": key})
