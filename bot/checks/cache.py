"""What was found a moment ago? Reports by what was asked (canonical address, how widely), handed out with their age."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from cachetools import TLRUCache

from bot.checks.limits import CheckSettings
from bot.checks.unlooked import says_nothing
from bot.diagnosis.findings import Outcome, Report

_ROOM = 1024


@dataclass(frozen=True)
class _Held:
    report: Report
    at: float


class Recent:
    """Keeps good reports for a minute, failing ones for half as long: an outage may be over sooner."""

    def __init__(self, settings: CheckSettings, monotonic: Callable[[], float]) -> None:
        self._settings = settings
        self._monotonic = monotonic
        self._held: TLRUCache[Hashable, _Held] = TLRUCache(maxsize=_ROOM, ttu=self._ends, timer=monotonic)

    def put(self, key: Hashable, report: Report) -> None:
        """Keep a report that was made just now."""
        self._held[key] = _Held(report, self._monotonic())

    def get(self, key: Hashable) -> Report | None:
        """Return the kept report with its present age, or None."""
        held = self._held.get(key)
        if held is None:
            return None
        return held.report.model_copy(update={"age_s": round(self._monotonic() - held.at, 1)})

    def _ends(self, _key: Hashable, held: _Held, now: float) -> float:
        return now + lives_s(self._settings, held.report)


def lives_s(settings: CheckSettings, report: Report) -> float:
    """Return for how many seconds a report is reused; one of no look is not."""
    if says_nothing(report):
        return 0.0
    failing = report.refusal is not None or any(
        finding.outcome is Outcome.FAIL for vantage in report.vantages for finding in vantage.findings
    )
    return settings.failing_fresh_for if failing else settings.fresh_for
