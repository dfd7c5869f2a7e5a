"""When is a conversation's time over? One task waits for the next of any number of alarms, one a conversation.

Waiting follows elapsed time, never the wall clock, so a clock that is set changes nothing.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
from collections.abc import Callable
from contextlib import suppress

from bot.ports import Clock

log = logging.getLogger(__name__)

Ring = Callable[[str, str], None]


class Alarms:
    """Rings (key, effect) when a time is over; a new alarm of a conversation replaces its old one."""

    def __init__(self, clock: Clock, ring: Ring) -> None:
        self._clock = clock
        self._ring = ring
        self._set: dict[str, tuple[float, str]] = {}
        self._heap: list[tuple[float, str, str]] = []
        self._task: asyncio.Task[None] | None = None
        self._earlier = asyncio.Event()

    def set(self, key: str, effect: str, after_s: float) -> None:
        """Ring after so many seconds."""
        at = self._clock.elapsed() + after_s
        self._set[key] = (at, effect)
        heapq.heappush(self._heap, (at, key, effect))
        if len(self._heap) > 2 * len(self._set) + 100:
            self._heap = [(at, key, effect) for key, (at, effect) in self._set.items()]
            heapq.heapify(self._heap)
        if self._heap[0][2] == effect:
            self._earlier.set()
        if self._task is None:
            self._task = asyncio.ensure_future(self._wait())

    def cancel(self, key: str) -> None:
        """Do not ring for this conversation."""
        self._set.pop(key, None)

    async def aclose(self) -> None:
        """Ring no more."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _wait(self) -> None:
        while True:
            self._earlier.clear()
            now = self._clock.elapsed()
            while self._heap and self._heap[0][0] <= now:
                at, key, effect = heapq.heappop(self._heap)
                if self._set.get(key) == (at, effect):
                    del self._set[key]
                    self._ring_safely(key, effect)
            await self._sleep(self._heap[0][0] - now if self._heap else None)

    def _ring_safely(self, key: str, effect: str) -> None:
        """One conversation whose ringing fails must not silence the others."""
        try:
            self._ring(key, effect)
        except Exception:
            log.exception("an alarm was not taken", extra={"conversation": key})

    async def _sleep(self, seconds: float | None) -> None:
        """Sleep, or less if an earlier alarm is set meanwhile."""
        changed: asyncio.Future[bool] = asyncio.ensure_future(self._earlier.wait())
        waiting: set[asyncio.Future[bool]] = {changed}
        if seconds is not None:
            waiting.add(asyncio.ensure_future(self._true_after(seconds)))
        try:
            await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in waiting:
                task.cancel()

    async def _true_after(self, seconds: float) -> bool:
        await self._clock.sleep(seconds)
        return True
