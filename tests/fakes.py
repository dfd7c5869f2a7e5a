"""Which ports are faked in tests? A checker with scripted reports and a clock that is set by hand."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from itertools import count

from bot.diagnosis.findings import Report
from bot.ports import NOBODY, Asker, OnFinding


class ScriptedChecker:
    """Hands out one report after another; the last one repeats."""

    def __init__(self, *reports: Report) -> None:
        self._reports = deque(reports)
        self.asked: list[tuple[str, bool]] = []
        self.elsewhere: list[bool] = []
        """Look by look, whether other places might have been asked, too."""
        self.askers: list[Asker] = []
        """Look by look, on whose account."""
        self.gate: asyncio.Event | None = None
        """When set, a look waits for it before it returns."""

    async def run(
        self,
        url: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        """See `ports.Checker`."""
        self.asked.append((url, fresh))
        self.elsewhere.append(elsewhere)
        self.askers.append(by)
        report = self._reports[0] if len(self._reports) == 1 else self._reports.popleft()
        for finding in report.local.findings:
            if on_finding is not None:
                on_finding(finding)
        if self.gate is not None:
            await self.gate.wait()
        return report


class HandClock:
    """A clock that moves only when it is told to."""

    def __init__(self, now: datetime = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)) -> None:
        self._now = now
        self._elapsed = 0.0
        self._sleepers: list[tuple[float, asyncio.Event]] = []

    def now(self) -> datetime:
        """See `ports.Clock`."""
        return self._now

    async def sleep(self, seconds: float) -> None:
        """See `ports.Clock`."""
        over = asyncio.Event()
        sleeper = (self._elapsed + seconds, over)
        self._sleepers.append(sleeper)
        try:
            await over.wait()
        finally:
            self._sleepers.remove(sleeper)

    @property
    def asleep(self) -> int:
        """How many wait for time to pass."""
        return sum(not over.is_set() for _, over in self._sleepers)

    async def pass_time(self, seconds: float) -> None:
        """Let time pass, and let everybody who waited for it go on."""
        await settle()
        self._elapsed += seconds
        self._now += timedelta(seconds=seconds)
        for until, over in self._sleepers:
            if until <= self._elapsed:
                over.set()
        await settle()

    def jump(self, seconds: float) -> None:
        """Set the wall clock only, as a bad time server does."""
        self._now += timedelta(seconds=seconds)


async def settle() -> None:
    """Let all tasks that are ready run."""
    for _ in range(10):
        await asyncio.sleep(0)


_numbers = count(1)


def numbered_ids() -> Iterable[str]:
    """Return event ids in order; no two engines of a test run give out the same."""
    return (f"event-{number}" for number in _numbers)
