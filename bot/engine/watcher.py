"""Who looks at broken sites until they are back, and who tells the people who wait?

Any number of processes may do both at once: work is claimed in the store until a time (`ports.Watches`), so an
address is looked at by one of them at a time, and what a killed process held is taken over by another one when its
time is up. A look that is done twice harms nobody; that a person was told is noted afterwards, and the surface gives
its message the watch's name, by which the platform drops a second one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.diagnosis.facts import gather
from bot.diagnosis.findings import Report
from bot.diagnosis.recovery import Next, Pace, Sight, follow
from bot.diagnosis.site import site_of
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase, State
from bot.ports import WATCHES, Checker, Claim, Clock, Counts, Incidents, Look, News, StoreUnavailable, Watches

log = logging.getLogger(__name__)

LEASE_S = 120.0
"""A look is over long before (its deadline and the confirmation); after this another process takes the address."""
POLL_S = 15.0
"""The store is looked at again after at most this many seconds, if nothing was heard from it."""
AGAIN_AFTER_S = 5.0
"""Between attempts while the store is away."""
AT_ONCE = 8
"""Looks, and messages, that one process has under way."""

Tell = Callable[[News], Awaitable[bool]]
"""Tells one person; True when they were told or never can be, False to try again later."""


def judged(kb: KnowledgeBase, report: Report) -> Sight:
    """Return what a look says about the site; an address that must not be contacted (any more) says nothing."""
    if report.refusal is not None:
        return Sight(State.UNKNOWN)
    return sight_of(kb, judge(kb, gather(kb, None, None, report, {})))


def sight_of(kb: KnowledgeBase, verdict: Verdict) -> Sight:
    """Return what a verdict says to those who wait."""
    return Sight(verdict.state, kb.causes[verdict.cause].opens)


def promised_s(report: Report) -> float | None:
    """Return for how long the site asked to wait (Retry-After), in seconds."""
    http = report.local.finding("http") if report.vantages else None
    asked = http.facts.get("retry_after_s") if http is not None else None
    return float(asked) if isinstance(asked, int | float) else None


def _log_rest(what: str, error: Exception) -> None:
    """A store that is away comes back by itself; anything else is our fault."""
    if isinstance(error, StoreUnavailable):
        log.warning("%s, the store is away: %s", what, error)
    else:
        log.error("%s", what, exc_info=error)


@dataclass
class Watcher:
    """Looks at addresses whose time has come, until it is cancelled."""

    kb: KnowledgeBase
    watches: Watches
    checker: Checker
    clock: Clock
    holder: str
    """Names this process in claims."""
    pace: Pace
    jitter: Callable[[], float]
    """Returns a number in [0, 1)."""
    lease_s: float = LEASE_S
    incidents: Incidents | None = None
    """Where a site that is back ends what people reported about it."""
    counts: Counts | None = None
    """Counts the looks, if somebody wants to know."""
    _looking: set[asyncio.Task[None]] = field(default_factory=set)
    _freed: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Look, and wait, forever."""
        seen = 0
        try:
            while True:
                try:
                    wait_s = await self._take_on()
                except Exception as error:  # noqa: BLE001 - whatever it is, other watches must go on
                    _log_rest("watches rest", error)
                    await self.clock.sleep(AGAIN_AFTER_S)
                    continue
                if len(self._looking) >= AT_ONCE:
                    self._freed.clear()
                    await self._freed.wait()
                else:
                    seen = await self.watches.changed(seen, wait_s)
        finally:
            looking = list(self._looking)
            for task in looking:
                task.cancel()
            await asyncio.gather(*looking, return_exceptions=True)

    async def _take_on(self) -> float:
        """Start what is due; return how long there is nothing more to do."""
        now = self.clock.now()
        room = AT_ONCE - len(self._looking)
        claimed = await self.watches.claim(Claim(self.holder, now, now + timedelta(seconds=self.lease_s), room))
        for look in claimed.looks:
            task = asyncio.ensure_future(self._look(look))
            self._looking.add(task)
            task.add_done_callback(self._looked)
        if claimed.next_at is None:
            return POLL_S
        return min(max((claimed.next_at - now).total_seconds(), 0.05), POLL_S)

    async def _look(self, look: Look) -> None:
        try:
            report = await self.checker.run(look.url, fresh=True, by=WATCHES)
            sight = judged(self.kb, report)
            if self.counts is not None:
                self.counts.looked("watch", None if report.refusal is not None else sight.state)
            after = follow(look.course, sight, self.pace, self.jitter(), promised_s(report))
            if after.back and after.what == "back" and self.incidents is not None:
                await self.incidents.over(site_of(report.host), report.checked_at)
            await self._settled(look.url, after)
        except StoreUnavailable as error:
            log.warning("a look is not noted, the store is away: %s", error)
        except Exception:
            log.exception("a watched address could not be looked at")

    async def _settled(self, url: str, after: Next) -> None:
        counts = await self.watches.settle(self.holder, url, after, self.clock.now())
        log.info("watched", extra={"state": after.course.state, "back": after.back, "counts": counts})

    def _looked(self, task: asyncio.Task[None]) -> None:
        self._looking.discard(task)
        self._freed.set()


@dataclass
class Teller:
    """Tells the people of one surface what they waited for, until it is cancelled."""

    watches: Watches
    clock: Clock
    surface: str
    tell: Tell
    holder: str
    lease_s: float = LEASE_S

    async def run(self) -> None:
        """Tell, and wait, forever."""
        seen = 0
        while True:
            try:
                told = await self._round(self.clock.now())
            except Exception as error:  # noqa: BLE001 - whatever it is, others must be told
                _log_rest("nobody can be told", error)
                await self.clock.sleep(AGAIN_AFTER_S)
                continue
            if not told:
                seen = await self.watches.changed(seen, POLL_S)

    async def _round(self, now: datetime) -> int:
        claim = Claim(self.holder, now, now + timedelta(seconds=self.lease_s), AT_ONCE)
        news = await self.watches.claim_news(self.surface, claim)
        await asyncio.gather(*(self._one(each) for each in news))
        return len(news)

    async def _one(self, news: News) -> None:
        try:
            over = await self.tell(news)
        except Exception:
            log.exception("a person could not be told")
            return
        if over:
            await self.watches.told(self.holder, news.watch.id)
