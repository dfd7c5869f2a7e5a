"""How long does anybody wait for a store that is useful but not essential? A moment, then not again for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.engine.under_way import UnderWay
from bot.ports import StoreUnavailable

log = logging.getLogger(__name__)

RESTS_FOR_S = 10.0
"""For this long nobody is kept waiting again for a store that was away."""
Answer = TypeVar("Answer")


class Aside:
    """Asks alongside the real work. While the store is away, which is logged once, the work goes on without it."""

    def __init__(self, missing: str, patience_s: float) -> None:
        self._missing = missing
        """What is missing meanwhile, for the log."""
        self._patience_s = patience_s
        self._rests_until = 0.0
        self._away = False
        self._questions = UnderWay()

    async def ask(self, question: Callable[[], Coroutine[Any, Any, Answer]]) -> Answer | None:
        """Return the answer, None if there is none in time; a question under way is not cancelled."""
        if asyncio.get_running_loop().time() < self._rests_until:
            return None
        task = await self._questions.ask(question(), self._patience_s)
        if task is None:
            self._rest("it takes too long")
            return None
        try:
            answer = task.result()
        except StoreUnavailable as error:
            self._rest(f"the store is away: {error}")
        except Exception:
            log.exception("%s", self._missing)
        else:
            self._back()
            return answer
        return None

    def _rest(self, why: str) -> None:
        self._rests_until = asyncio.get_running_loop().time() + RESTS_FOR_S
        if not self._away:
            log.warning("%s, %s", self._missing, why)
        self._away = True

    def _back(self) -> None:
        if self._away:
            log.warning("the store answers again: no longer is it so that %s", self._missing)
        self._away = False
