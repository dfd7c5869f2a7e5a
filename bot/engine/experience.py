"""What have earlier conversations here shown, and what does this one add? Read now and then, counted in passing.

Each answer at a step is counted when it is given: it helped, or it did not. If only conversations that end well were
counted, the last step of a guide would look like a cure: everybody who got that far, and ended well, did so by it.

Experience is extra evidence. While the store is away conversations go on without it, and a count that is under way
when a process dies is lost.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.conversation.state import State
from bot.diagnosis.experience import Tally
from bot.ports import Clock, Outcomes

log = logging.getLogger(__name__)

KNOWN_FOR = timedelta(minutes=5)
"""For this long a process relies on what it has read; plans need nothing newer."""
PATIENCE_S = 1.0
"""A process's first conversations wait no longer than this, and later ones not at all."""
MOST_COUNTING = 200
"""When more counts than this wait for the store, further ones are lost: they are not worth the memory."""


class Lesson(NamedTuple):
    """A step helped against a cause, or it did not."""

    cause: str
    guide: str
    step: str
    solved: bool


class Experience:
    """Knows what was counted, as far as the stored outcomes tell; without any, nothing."""

    def __init__(self, outcomes: Outcomes | None, clock: Clock) -> None:
        self._outcomes = outcomes
        self._clock = clock
        self._known: Mapping[str, tuple[Tally, ...]] = {}
        self._asked_at: datetime | None = None
        self._asking: asyncio.Task[None] | None = None
        self._waited = False
        self._counting: set[asyncio.Task[None]] = set()

    async def known(self) -> Mapping[str, tuple[Tally, ...]]:
        """Return all counts by cause, as they were a while ago; older ones are read again meanwhile."""
        if self._outcomes is None:
            return {}
        now = self._clock.now()
        if self._asked_at is None or abs(now - self._asked_at) >= KNOWN_FOR:
            self._asked_at = now
            self._asking = self._asking or asyncio.ensure_future(self._ask(self._outcomes))
        if self._asking is not None and not self._waited:
            await asyncio.wait({self._asking}, timeout=PATIENCE_S)
            self._waited = True
        return self._known

    def learn(self, before: State | None, after: State) -> None:
        """Count what a person answered at a step; nobody waits for it."""
        lesson = lesson_of(before, after) if before is not None else None
        if self._outcomes is None or lesson is None or len(self._counting) >= MOST_COUNTING:
            return
        task = asyncio.ensure_future(self._count(self._outcomes, lesson))
        self._counting.add(task)
        task.add_done_callback(self._counting.discard)

    async def aclose(self) -> None:
        """Give counts under way a moment to finish; then stop waiting for anything."""
        if self._counting:
            await asyncio.wait(self._counting, timeout=PATIENCE_S)
        left = [*self._counting, *([self._asking] if self._asking is not None else [])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    async def _ask(self, outcomes: Outcomes) -> None:
        try:
            self._known = await outcomes.all()
        except Exception as error:  # noqa: BLE001 - whatever it is, conversations go on
            log.warning("experience is not known: %s", type(error).__name__)
        finally:
            self._asking = None

    async def _count(self, outcomes: Outcomes, lesson: Lesson) -> None:
        try:
            await outcomes.count(lesson.cause, lesson.guide, lesson.step, solved=lesson.solved)
        except Exception as error:  # noqa: BLE001 - whatever it is, conversations go on
            log.warning("an outcome is not counted: %s", type(error).__name__)


def lesson_of(before: State, after: State) -> Lesson | None:
    """Return what one event taught: the step whose outcome it changed, for the cause at the time it was tried."""
    if before.verdict is None or before.guide is None:
        return None
    for step, outcome in after.outcomes.items():
        if outcome in ("solved", "failed") and before.outcomes.get(step) != outcome:
            return Lesson(before.verdict.cause, before.guide, step, outcome == "solved")
    return None
