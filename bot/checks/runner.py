"""Who gets a new look at a site, who joins one that is under way, and who gets what was seen a moment ago?"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import NamedTuple
from weakref import WeakKeyDictionary

from bot.checks.address import Address, Refusal
from bot.checks.cache import Recent
from bot.checks.canary import Canary
from bot.checks.course import Course, Tools
from bot.checks.page import Reader, Recognise
from bot.checks.places import NotNow, Places
from bot.checks.reach import Reach
from bot.checks.turns import AT_ONCE, LONGEST_WAIT_S, Turns
from bot.checks.unlooked import places_of, refused, unlooked
from bot.checks.vantage.others import Others, Wanted
from bot.diagnosis.findings import Report, Vantage
from bot.diagnosis.front import front_page, of_another_page
from bot.diagnosis.scheme import is_open, with_scheme, without_scheme
from bot.engine.flight import Flight, Flights, OnFinding, tell
from bot.kb.lists import Product
from bot.ports import NOBODY, Asker

log = logging.getLogger(__name__)

_Key = tuple[str, bool]
"""Canonical address (without a scheme where none was given), and whether other places may be asked: whoever wants
those is not served without."""
ASK_NOBODY = Wanted()
_ASKED_AGAIN_S = 0.5
"""Between questions about whether somebody else is done with a site."""
_REMOVED = re.compile(r"%3C(?:token|password|cookie|private-key|query)%3E")


def utc_now() -> datetime:
    """Return the time of day, for the dates of certificates and of Retry-After."""
    return datetime.now(UTC)  # noqa: TID251 - only the default; whoever composes may give another clock


class _Wish(NamedTuple):
    """How a report is wanted, and on whose account."""

    fresh: bool
    elsewhere: bool
    by: Asker


class Runner:
    """Runs checks for everybody: the same address at the same moment is looked at once, and no host is hammered."""

    def __init__(
        self,
        reach: Reach,
        products: Sequence[Product] = (),
        *,
        recognise: Recognise | None = None,
        now: Callable[[], datetime] = utc_now,
        others: Wanted = ASK_NOBODY,
    ) -> None:
        self._reach = reach
        reader = Reader(products, recognise, now)
        self._tools = Tools(reach, reader, Canary(reach), Turns(reach.settings.target_pause, AT_ONCE))
        self._others = Others(reach, reader, others)
        self._now = now
        self._recent = Recent(reach.settings, reach.monotonic)
        self._sites = Recent(reach.settings, reach.monotonic)
        """The newest look at each site, whatever its page."""
        self._flights = Flights[_Key]()
        self._askers: WeakKeyDictionary[Flight, list[Asker]] = WeakKeyDictionary()
        self._places = Places(reach.settings.concurrency)
        self._hosts = Turns(reach.settings.target_pause)

    async def run(
        self,
        url_text: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        """Check an address as a person gave it (`//host/path`: without a scheme). Never raises but for a cancellation.

        `fresh` asks for a new look; a look that began a moment ago is fresh enough. With `elsewhere` other places are
        asked after a look that failed, if the operator wants that at all.
        """
        try:
            return await self._report(url_text, _Wish(fresh, elsewhere, by), on_finding)
        except NotNow:
            return _handed_out(unlooked(with_scheme(url_text), "busy", self._now()), on_finding)
        except Exception as error:  # noqa: BLE001 - whatever it is: a look that is never over would be made again
            log.error("a look broke: %s", places_of(error))  # noqa: TRY400 - its words may be somebody's
            return _handed_out(unlooked(with_scheme(url_text), "broken", self._now()), on_finding)

    async def _report(self, url_text: str, wish: _Wish, on_finding: OnFinding | None) -> Report:
        address = self._reach.guard.parse(with_scheme(url_text))
        if isinstance(address, Refusal):
            return _handed_out(refused(with_scheme(url_text), address, self._now()), on_finding)
        asked = _without_secrets(address)
        url = without_scheme(asked.url) if is_open(url_text) else asked.url
        key = url, wish.elsewhere and bool(self._others)
        if key in self._flights or (kept := self._kept(key, fresh=wish.fresh)) is None:
            report = await self._flight(asked, key, wish.by).join(on_finding)
        else:
            report = _handed_out(kept, on_finding)
        return report if asked == address else _shortened(report)

    def _kept(self, key: _Key, *, fresh: bool) -> Report | None:
        kept = self._recent.get(key)
        if kept is None or not fresh:
            return kept
        began_ago = kept.age_s + kept.elapsed_ms / 1000
        return kept if began_ago < self._reach.settings.target_pause else None

    def _flight(self, address: Address, key: _Key, by: Asker) -> Flight:
        askers = [by]

        async def run(announce: OnFinding) -> Report:
            return await self._look(address, announce, key, askers)

        flight = self._flights.join_or_start(key, run)
        known = self._askers.setdefault(flight, askers)
        if known is not askers and by not in known:
            known.append(by)
            self._places.look_round()
        return flight

    async def _look(self, address: Address, announce: OnFinding, key: _Key, askers: Sequence[Asker]) -> Report:
        """Wait for this host's turn and for a free place, then run all checks; other places are asked at the end."""
        known = await self._turn(address, key)
        if known is not None:
            for finding in known.local.findings:
                announce(finding)
            return known
        async with self._places.place(askers):
            checked_at = self._now()
            started = self._reach.monotonic()
            seen = await Course(address, self._tools, announce, open_scheme=is_open(key[0])).run()
        vantages = (
            Vantage(name="local", findings=seen.findings),
            *(await self._others.look(seen) if key[1] else ()),
        )
        report = Report(
            url=seen.address.url,
            host=address.host,
            checked_at=checked_at,
            elapsed_ms=round((self._reach.monotonic() - started) * 1000, 1),
            vantages=vantages,
            refusal=seen.refusal.reason if seen.refusal else None,
        )
        self._recent.put(key, report)
        if report.refusal is None:
            self._sites.put(_site(key), report)
        return report

    async def _turn(self, address: Address, key: _Key) -> Report | None:
        """Wait for this host's turn. If many come first, return what was seen a moment ago instead: of this address
        or, without what is only its page's, of another one of the same site."""
        while (wait_s := self._hosts.wait_s(address.host, self._reach.monotonic())) > LONGEST_WAIT_S:
            if (same := self._recent.get(key)) is not None:
                return same
            if (other := self._sites.get(_site(key))) is not None:
                return of_another_page(other, key[0])
            await asyncio.sleep(min(wait_s - LONGEST_WAIT_S, _ASKED_AGAIN_S))
        await asyncio.sleep(self._hosts.take(address.host, self._reach.monotonic()))
        return None


def _site(key: _Key) -> _Key:
    return front_page(key[0]), key[1]


def _without_secrets(address: Address) -> Address:
    """Leave out what was removed from the address before: no site knows the placeholder in its place."""
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
