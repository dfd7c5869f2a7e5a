"""How are reports of sites kept for the life of one process?"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bot.diagnosis.incidents import WINDOW_S, Others, others_of
from bot.ports import Met
from bot.storage.lifetimes import REPORTS_LIVE_S

WINDOW, LIFE = timedelta(seconds=WINDOW_S), timedelta(seconds=REPORTS_LIVE_S)


class _Key(NamedTuple):
    server: str
    site: str
    owner: str


class _Times(NamedTuple):
    first: datetime
    last: datetime


class MemoryIncidents:
    """`Incidents` in a dict."""

    def __init__(self) -> None:
        self._reports: dict[_Key, _Times] = {}

    async def note(self, met: Met) -> None:
        """See `ports.Incidents`."""
        self.expire(met.at)
        key = _Key(met.server, met.site, met.owner)
        old = self._reports.get(key)
        if old is None or old.last < met.at - WINDOW:
            self._reports[key] = _Times(met.at, met.at)
        else:
            self._reports[key] = _Times(old.first, max(old.last, met.at))

    async def others(self, met: Met) -> Others | None:
        """See `ports.Incidents`."""
        found = {
            key.owner: times.first
            for key, times in self._reports.items()
            if (key.server, key.site) == (met.server, met.site) and times.last >= met.at - WINDOW
        }
        else_ = [first for owner, first in found.items() if owner != met.owner]
        return others_of(len(found), len(else_), min(else_, default=None))

    async def withdraw(self, met: Met) -> None:
        """See `ports.Incidents`."""
        self._reports.pop(_Key(met.server, met.site, met.owner), None)

    async def over(self, site: str, seen_at: datetime) -> None:
        """See `ports.Incidents`."""
        self._reports = {key: times for key, times in self._reports.items() if key.site != site or times.last > seen_at}

    def expire(self, now: datetime) -> int:
        """Delete expired reports; return how many."""
        before = len(self._reports)
        self._reports = {key: times for key, times in self._reports.items() if times.last >= now - LIFE}
        return before - len(self._reports)

    def export(self, owner: str) -> list[dict[str, Any]]:
        """Return the reports of a person."""
        return [
            {**key._asdict(), "first_at": times.first.timestamp(), "last_at": times.last.timestamp()}
            for key, times in self._reports.items()
            if key.owner == owner
        ]

    def servers(self) -> set[str]:
        """Return the servers where somebody met an error."""
        return {key.server for key in self._reports}

    def forget(self, *, owner: str | None = None, server: str | None = None) -> None:
        """Delete the reports of a person or a server."""
        self._reports = {
            key: times for key, times in self._reports.items() if key.owner != owner and key.server != server
        }
