"""Where do checks run so that a chat stays responsive? On an event loop of their own, in a thread of their own.

Handshakes, compressed bodies and hostile answers then never delay the acknowledgement of a click, nor a heartbeat.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Callable
from contextvars import Context
from typing import TYPE_CHECKING, Any

from bot.diagnosis.findings import Finding, Report
from bot.ports import NOBODY, Asker

if TYPE_CHECKING:
    from bot.checks.runner import Runner
    from bot.engine.flight import OnFinding


class Apart:
    """A `Checker` that hands its work to a runner in another thread."""

    def __init__(self, make: Callable[[], Runner]) -> None:
        self._make = make
        self._loop = asyncio.new_event_loop()
        self._runner: Runner | None = None
        self._thread = threading.Thread(target=self._serve, name="checks", daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    async def run(
        self,
        url: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        """See `ports.Checker`. Findings are announced on the caller's loop."""
        caller = asyncio.get_running_loop()

        def announce(finding: Finding) -> None:
            if on_finding is not None:
                caller.call_soon_threadsafe(on_finding, finding)

        async def look() -> Report:
            runner = self._ready()
            return await runner.run(url, fresh=fresh, elsewhere=elsewhere, on_finding=announce, by=by)

        # In a context of its own: what surrounds the caller (a trace, a simulated clock) does not concern the checks.
        work = Context().run(asyncio.run_coroutine_threadsafe, look(), self._loop)
        try:
            return await asyncio.wrap_future(work)
        except asyncio.CancelledError:
            work.cancel()
            raise

    def _ready(self) -> Runner:
        if self._runner is None:
            self._runner = self._make()
        return self._runner

    def close(self) -> None:
        """End the thread; looks under way are abandoned."""
        if self._loop.is_running():
            asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result(timeout=5)
            self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=5)


async def _cancel_all() -> None:
    """Cancel what has begun; what is about to begin may take a first step, or its coroutine would never be awaited."""
    while others := asyncio.all_tasks() - {asyncio.current_task()}:
        begun = {task for task in others if _has_begun(task)}
        for task in begun:
            task.cancel()
        await asyncio.sleep(0)
        await asyncio.gather(*begun, return_exceptions=True)


def _has_begun(task: asyncio.Task[Any]) -> bool:
    coroutine = task.get_coro()
    return not inspect.iscoroutine(coroutine) or inspect.getcoroutinestate(coroutine) != inspect.CORO_CREATED
