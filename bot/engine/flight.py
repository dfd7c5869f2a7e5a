"""Who else is waiting for the same check? One run, many waiters, none of whom can spoil it for the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.diagnosis.findings import Finding, Report

log = logging.getLogger(__name__)

OnFinding = Callable[[Finding], None]


class Flight:
    """A run under way. It goes on while anybody waits; when the last one leaves, it is cancelled."""

    def __init__(self, run: Callable[[OnFinding], Awaitable[Report]]) -> None:
        self._found: list[Finding] = []
        self._listeners: list[OnFinding] = []
        self._waiting = 0
        self.abandoned = False
        self._task = asyncio.ensure_future(run(self._announce))

    async def join(self, on_finding: OnFinding | None = None) -> Report:
        """Wait for the report; what was found before comes at once, what is found later as it is found."""
        if on_finding is not None:
            for finding in self._found:
                tell(on_finding, finding)
            self._listeners.append(on_finding)
        self._waiting += 1
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if self._waiting == 1 and not self._task.done():
                self.abandoned = True
                self._task.cancel()
                await asyncio.wait({self._task})  # so that its sockets are closed before anybody goes on
            raise
        finally:
            self._waiting -= 1
            if on_finding is not None:
                self._listeners.remove(on_finding)

    def _announce(self, finding: Finding) -> None:
        self._found.append(finding)
        for listener in list(self._listeners):
            tell(listener, finding)


def tell(listener: OnFinding, finding: Finding) -> None:
    """A listener's fault is its own problem: the run and the other listeners go on."""
    try:
        listener(finding)
    except Exception:
        log.exception("a listener failed on a finding of %s", finding.check)
