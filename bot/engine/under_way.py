"""Who goes on with a question when nobody waits for it any more? It is not broken off, and its end is noticed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

Answer = TypeVar("Answer")


class UnderWay:
    """Questions under way. Whoever asks one waits for a time, and not longer."""

    def __init__(self, failed: Callable[[BaseException], None] = lambda _: None) -> None:
        self._failed = failed
        """Hears of each error, however late it comes."""
        self._tasks: set[asyncio.Task[Any]] = set()

    async def ask(self, question: Coroutine[Any, Any, Answer], patience_s: float) -> asyncio.Task[Answer] | None:
        """Return the question with its answer or its error; None if neither comes in time."""
        task = asyncio.ensure_future(question)
        self._tasks.add(task)
        task.add_done_callback(self._over)
        done, _ = await asyncio.wait({task}, timeout=patience_s)
        return task if done else None

    async def aclose(self) -> None:
        """Wait for nothing any more."""
        left = list(self._tasks)
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def _over(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error)
