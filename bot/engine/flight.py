"""Who else is waiting for the same check? One run, many waiters, none of whom can spoil it for the others."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

from bot.diagnosis.findings import Finding, Report

log = logging.getLogger(__name__)

OnFinding = Callable[[Finding], None]
Run = Callable[[OnFinding], Awaitable[Report]]
Key = TypeVar("Key", bound=Hashable)


class Flight:
    """A run under way. It goes on while anybody waits; when the last one leaves, it is cancelled."""

    def __init__(self, run: Run) -> None:
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


class Flights(Generic[Key]):
    """Runs under way, each by the question that it answers: whoever asks the same joins it."""

    def __init__(self) -> None:
        self._under_way: dict[Key, Flight] = {}

    def __contains__(self, key: Key) -> bool:
        """Tell whether there is a run to join."""
        return key in self._under_way

    def join_or_start(self, key: Key, run: Run) -> Flight:
        """Return the run under way for a key; without one, or after one that nobody waited for, this run begins."""
        flight = self._under_way.get(key)
        if flight is None or flight.abandoned:

            async def run_and_leave(announce: OnFinding) -> Report:
                try:
                    return await run(announce)
                finally:
                    if self._under_way.get(key) is flight:
                        del self._under_way[key]

            flight = self._under_way[key] = Flight(run_and_leave)
        return flight


def tell(listener: OnFinding, finding: Finding) -> None:
    """A listener's fault is its own problem: the run and the other listeners go on."""
    try:
        listener(finding)
    except Exception:
        log.exception("a listener failed on a finding of %s", finding.check)
