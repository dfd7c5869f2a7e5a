"""Who gets a new look at a site, who joins one that is under way, and who gets what was seen a moment ago?"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from cachetools import LRUCache

from bot.checks.address import Address, Refusal
from bot.checks.cache import Recent
from bot.checks.canary import Canary
from bot.checks.course import Course, Seen, Tools
from bot.checks.page import Reader, Recognise
from bot.checks.reach import Reach
from bot.checks.vantage.globalping import Globalping, Terms
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage
from bot.diagnosis.neutral import neutral
from bot.diagnosis.scheme import is_open, with_scheme, without_scheme
from bot.engine.flight import Flight, OnFinding, tell
from bot.kb.lists import Product

_Key = tuple[str, bool]
"""Canonical address (without a scheme where none was given), and whether other places may be asked: whoever wants
those is not served without."""
_HOSTS = 4096
_REMOVED = re.compile(r"%3C(?:token|password|cookie|private-key)%3E")
_USER_INFORMATION = re.compile(r"//(?:[^/?#]*@|[^/?#:@]*:(?![0-9]+(?:[/?#]|\Z))[^?#]*@)")
"""The second form has a slash in its password, which no address may."""
_HOST = re.compile(r"//(\[[^/?#\]]{1,64}\]|[^/?#:\]]+)")


def utc_now() -> datetime:
    """Return the time of day, for the dates of certificates and of Retry-After."""
    return datetime.now(UTC)  # noqa: TID251 - only the default; whoever composes may give another clock


class Runner:
    """Runs checks for everybody: the same address at the same moment is looked at once, and no host is hammered."""

    def __init__(
        self,
        reach: Reach,
        products: Sequence[Product] = (),
        *,
        recognise: Recognise | None = None,
        now: Callable[[], datetime] = utc_now,
        globalping: Terms | None = None,
    ) -> None:
        self._reach = reach
        reader = Reader(products, recognise, now)
        self._tools = Tools(reach, reader, Canary(reach))
        self._globalping = Globalping(reach, reader, globalping) if globalping is not None else None
        self._now = now
        self._recent = Recent(reach.settings, reach.monotonic)
        self._flights: dict[_Key, Flight] = {}
        self._turns = asyncio.Semaphore(reach.settings.concurrency)
        self._started: LRUCache[str, float] = LRUCache(_HOSTS)

    async def run(
        self, url_text: str, *, fresh: bool = False, elsewhere: bool = False, on_finding: OnFinding | None = None
    ) -> Report:
        """Check an address as a person gave it (`//host/path`: without a scheme). Never raises but for a cancellation.

        `fresh` asks for a new look; a look that began a moment ago is fresh enough. With `elsewhere` other places are
        asked after a look that failed, if the operator wants that at all.
        """
        address = self._reach.guard.parse(with_scheme(url_text))
        if isinstance(address, Refusal):
            return _handed_out(self._refused(with_scheme(url_text), address), on_finding)
        asked = _without_secrets(address)
        url = without_scheme(asked.url) if is_open(url_text) else asked.url
        key = url, elsewhere and self._globalping is not None
        if key in self._flights or (kept := self._kept(key, fresh=fresh)) is None:
            report = await self._flight(asked, key).join(on_finding)
        else:
            report = _handed_out(kept, on_finding)
        return report if asked == address else _shortened(report)

    def _kept(self, key: _Key, *, fresh: bool) -> Report | None:
        kept = self._recent.get(key)
        if kept is None or not fresh:
            return kept
        began_ago = kept.age_s + kept.elapsed_ms / 1000
        return kept if began_ago < self._reach.settings.target_pause else None

    def _flight(self, address: Address, key: _Key) -> Flight:
        flight = self._flights.get(key)
        if flight is None or flight.abandoned:

            async def run(announce: OnFinding) -> Report:
                try:
                    report = await self._look(address, announce, key)
                    self._recent.put(key, report)
                    return report
                finally:
                    if self._flights.get(key) is flight:
                        del self._flights[key]

            flight = self._flights[key] = Flight(run)
        return flight

    async def _look(self, address: Address, announce: OnFinding, key: _Key) -> Report:
        """Wait for this host's turn and for a free place, then run all checks; other places are asked at the end."""
        await asyncio.sleep(self._reserve(address.host))
        async with self._turns:
            checked_at = self._now()
            started = self._reach.monotonic()
            seen = await Course(address, self._tools, announce, open_scheme=is_open(key[0])).run()
        vantages = (
            Vantage(name="local", findings=seen.findings),
            *await self._others(seen, elsewhere=key[1]),
        )
        return Report(
            url=seen.address.url,
            host=address.host,
            checked_at=checked_at,
            elapsed_ms=round((self._reach.monotonic() - started) * 1000, 1),
            vantages=vantages,
            refusal=seen.refusal.reason if seen.refusal else None,
        )

    async def _others(self, seen: Seen, *, elsewhere: bool) -> tuple[Vantage, ...]:
        if self._globalping is None or not elsewhere or seen.refusal is not None:
            return ()
        return await self._globalping.look(seen.address, seen.addresses, seen.findings)

    def _reserve(self, host: str) -> float:
        """Take this host's next turn; return the seconds until then."""
        now = self._reach.monotonic()
        last = self._started.get(host)
        turn = now if last is None else max(now, last + self._reach.settings.target_pause)
        self._started[host] = turn
        return turn - now

    def _refused(self, url_text: str, refusal: Refusal) -> Report:
        """Report an address that is not taken. Nothing is contacted, and no secret of the text is repeated."""
        text = _USER_INFORMATION.sub("//", url_text[:2048], count=1).partition("?")[0].partition("#")[0]
        host = _HOST.search(text)
        finding = Finding(check="http", outcome=Outcome.SKIP, failure=Failure.REFUSED_ADDRESS)
        return Report(
            url=neutral(text),
            host=neutral(host[1].strip("[]")) if host else "",
            checked_at=self._now(),
            elapsed_ms=0.0,
            vantages=(Vantage(name="local", findings=(finding,)),),
            refusal=refusal.reason,
        )


def _without_secrets(address: Address) -> Address:
    """Leave out what was a secret before it was redacted: no site knows the placeholder in its place."""
    path, _, query = address.target.partition("?")
    if _REMOVED.search(path):
        return replace(address, target="/")
    return replace(address, target=path) if _REMOVED.search(query) else address


def _shortened(report: Report) -> Report:
    """Note in a report that the address was asked for without a part of it."""
    findings = tuple(
        each.model_copy(update={"facts": {**each.facts, "secret-removed": True}}) if each.check == "http" else each
        for each in report.local.findings
    )
    local = report.local.model_copy(update={"findings": findings})
    return report.model_copy(update={"vantages": (local, *report.vantages[1:])})


def _handed_out(report: Report, on_finding: OnFinding | None) -> Report:
    """Announce what is known already, and return it."""
    if on_finding is not None:
        for finding in report.local.findings:
            tell(on_finding, finding)
    return report
