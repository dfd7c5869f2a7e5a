"""Who looks next? Few looks run at a time, and nobody takes all places.

A person has at most a fifth of the places, a server (and direct messages together) two fifths, the watches half. Of
those who wait and may, the one goes next whose server has the fewest looks running, then whose person has. A line that
is too long drops the last to come of those with most in it, so people with many looks are turned away before others.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.ports import NOBODY, Asker

LONGEST_LINE = 50


class NotNow(Exception):  # noqa: N818 - an answer, not a fault
    """Too many others are waiting, or were there just before: no look is made."""


@dataclass(eq=False)
class _Waiting:
    askers: Sequence[Asker]
    """All who want this look; more may join them."""
    turn: asyncio.Future[Asker]
    """On whose account it runs."""


class Places:
    """Hands out places."""

    def __init__(self, most: int, longest_line: int = LONGEST_LINE) -> None:
        self._most = most
        self._longest_line = longest_line
        self._line: list[_Waiting] = []
        self._running: list[Asker] = []

    @asynccontextmanager
    async def place(self, askers: Sequence[Asker]) -> AsyncIterator[None]:
        """Wait for a place, and keep it for the block. Raises NotNow where the line is too long."""
        asker = await self._wait(askers)
        try:
            yield
        finally:
            self._free(asker)

    def look_round(self) -> None:
        """Somebody joined a waiting look: perhaps it may begin now."""
        while len(self._running) < self._most and (chosen := self._next()) is not None:
            waiting, asker = chosen
            self._line.remove(waiting)
            self._running.append(asker)
            waiting.turn.set_result(asker)

    async def _wait(self, askers: Sequence[Asker]) -> Asker:
        waiting = _Waiting(askers, asyncio.get_running_loop().create_future())
        self._line.append(waiting)
        self.look_round()
        self._shorten()
        try:
            return await waiting.turn
        except asyncio.CancelledError:
            if waiting in self._line:
                self._line.remove(waiting)
            elif waiting.turn.done() and not waiting.turn.cancelled() and waiting.turn.exception() is None:
                self._free(waiting.turn.result())
            raise

    def _free(self, asker: Asker) -> None:
        self._running.remove(asker)
        self.look_round()

    def _next(self) -> tuple[_Waiting, Asker] | None:
        there = (waiting for waiting in self._line if not waiting.turn.done())  # else it was given up just now
        may = [(waiting, asker) for waiting in there for asker in waiting.askers if self._may(asker)]
        return min(may, key=lambda each: self._shares(each[1]), default=None)

    def _may(self, asker: Asker) -> bool:
        if asker == NOBODY:
            return True
        here, own = self._shares(asker)
        if asker.watch:
            return here < max(1, self._most // 2)
        return own < max(1, self._most // 5) and here < max(1, 2 * self._most // 5)

    def _shares(self, asker: Asker) -> tuple[int, int]:
        """Return how many places the asker's server has, and how many the asker."""
        return sum(_group(one) == _group(asker) for one in self._running), self._running.count(asker)

    def _shorten(self) -> None:
        known = [waiting for waiting in self._line if NOBODY not in waiting.askers and not waiting.turn.done()]
        if len(known) <= self._longest_line:
            return
        people = Counter(asker for waiting in known for asker in waiting.askers)
        groups = Counter(_group(asker) for waiting in known for asker in waiting.askers)

        def share(place: int) -> tuple[int, int, int]:
            """Of several who want one look, the one with the least in line counts."""
            askers = known[place].askers
            return *min((groups[_group(asker)], people[asker]) for asker in askers), place

        told = known[max(range(len(known)), key=share)]
        self._line.remove(told)
        told.turn.set_exception(NotNow())


def _group(asker: Asker) -> tuple[bool, str | None, bool]:
    return asker.watch, asker.server, asker == NOBODY
