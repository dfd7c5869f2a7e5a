"""Who looks at a site when several processes of one bot want to? One of them; the others get its report.

Before a look the store is asked. What another process saw a moment ago is handed out with its age; while another one
is looking, its report is waited for; and between two looks at one host all processes together keep the pause that each
keeps by itself. A process that dies in the middle of a look holds its turn only for a time. The guard decides in the
process that looks, as always; without the store each process looks by itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from bot.diagnosis.findings import Report
from bot.engine.aside import Aside
from bot.engine.flight import Flights, OnFinding, tell
from bot.ports import NOBODY, Asker, Busy, Checker, Clock, Looks, Turn, Wanted

PATIENCE_S = 2.0
"""No look waits longer than this for an answer from the store."""
FIRST_ASKED_AGAIN_S, LAST_ASKED_AGAIN_S = 0.2, 1.0
"""Between questions about whether the other process is done."""
OWN = frozenset({"own-address", "own-network"})
"""Refused as the bot's own: that says something about one machine only."""


@dataclass(frozen=True, slots=True)
class Site:
    """An address in its one canonical form."""

    url: str
    host: str


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms under which looks are shared; the checks know them."""

    site_of: Callable[[str], Site | None]
    """Reads an address as a person gave it; None: it is refused as it is, and nothing is shared."""
    lives_s: Callable[[Report], float]
    """How long a report is reused."""
    pause_s: float
    """From the start of one look at a host to the start of the next."""
    lease_s: float
    """By then a look is over; afterwards another process looks."""
    rules: str
    """Mark of what the operator allows and how looks are made: a report goes to processes with the same one."""
    patience_s: float = float("inf")
    """A turn that is farther away is not waited for."""
    wide_rules: str | None = None
    """The mark of looks after which other places may be asked; None: none ever is."""


class Sharing:
    """A `Checker` in front of another one."""

    def __init__(self, checker: Checker, looks: Looks, terms: Terms, clock: Clock, new_id: Callable[[], str]) -> None:
        self._checker = checker
        self._looks = looks
        self._terms = terms
        self._clock = clock
        self._new_id = new_id
        self._store = Aside("looks are not shared with other processes", PATIENCE_S)
        self._flights = Flights[tuple[str, bool, bool]]()

    async def run(
        self,
        url: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        """See `ports.Checker`. The same question at the same moment is asked once in this process."""
        site = self._terms.site_of(url)
        if site is None:
            return await self._checker.run(url, fresh=fresh, elsewhere=elsewhere, on_finding=on_finding, by=by)
        wide = elsewhere and self._terms.wide_rules is not None
        rules = (self._terms.wide_rules if wide else None) or self._terms.rules
        wanted = Wanted(site.url, site.host, rules, fresh, self._terms.pause_s, patience_s=self._terms.patience_s)
        key = site.url, fresh, wide

        async def run(announce: OnFinding) -> Report:
            look = partial(self._checker.run, url, fresh=fresh, elsewhere=wide, on_finding=announce, by=by)
            return await self._report(wanted, look, announce)

        return await self._flights.join_or_start(key, run).join(on_finding)

    async def _report(self, wanted: Wanted, look: Callable[[], Awaitable[Report]], announce: OnFinding) -> Report:
        holder = self._new_id()
        try:
            known = await self._turn(wanted, holder)
            if isinstance(known, Report):
                for finding in known.local.findings:
                    tell(announce, finding)
                return known
            await self._clock.sleep(known.after_s)
            seen = await look()
        except BaseException:
            await self._store.ask(partial(self._looks.leave, wanted, holder))
            raise
        await self._share(wanted, holder, seen)
        return seen

    async def _turn(self, wanted: Wanted, holder: str) -> Report | Turn:
        """Wait for another process's report, or for one's own turn; without the store it is always one's turn."""
        loop = asyncio.get_running_loop()
        began, again_s = loop.time(), FIRST_ASKED_AGAIN_S
        while True:
            asked = wanted._replace(waited_s=loop.time() - began)
            answer = await self._store.ask(partial(self._looks.take, asked, holder, self._terms.lease_s))
            if not isinstance(answer, Busy):
                return answer or Turn(0.0)
            await self._clock.sleep(min(again_s, answer.for_s))
            again_s = min(1.5 * again_s, LAST_ASKED_AGAIN_S)

    async def _share(self, wanted: Wanted, holder: str, seen: Report) -> None:
        """Share what was seen, unless it says nothing to others."""
        lives_s = self._terms.lives_s(seen)
        if seen.refusal in OWN or lives_s <= 0:
            await self._store.ask(partial(self._looks.leave, wanted, holder))
        else:
            await self._store.ask(partial(self._looks.put, wanted, holder, seen, lives_s))
