"""In which order do the checks of one address run, and what does a failure hide from the later ones?

    canary ─┐ at the same time
    dns ────┴─> guard ─> tcp (all addresses) ─┬─> tls ┐ at the same time, as soon as one address accepts
                                              └─> http┘
Where no scheme was given, `scheme.py` first finds out which one is served.
A check that an earlier failure hides is skipped, never failed. One deadline applies to all of them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

from pydantic import JsonValue

from bot.checks import dns, tls, visit
from bot.checks.address import Address, Refusal
from bot.checks.canary import Canary
from bot.checks.page import Reader
from bot.checks.places import NotNow
from bot.checks.reach import Reach
from bot.checks.scheme import Settled, settle
from bot.checks.tcp import IP, Knocks, choose
from bot.checks.turns import LONGEST_WAIT_S, Tour, Turns
from bot.checks.unlooked import FACT, places_of
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome

log = logging.getLogger(__name__)

_LATE = 1.0
"""Seconds that a check with a deadline of its own gets to report what it has seen."""

OnFinding = Callable[[Finding], None]


@dataclass(frozen=True)
class Seen:
    """What one course saw."""

    findings: tuple[Finding, ...]
    refusal: Refusal | None
    address: Address
    """What was looked at: where no scheme was given, the one that was found."""
    addresses: tuple[IP, ...] = ()
    """Where the name led, all vetted; none when the course ended earlier."""


@dataclass(frozen=True)
class Tools:
    """What all courses share."""

    reach: Reach
    reader: Reader
    canary: Canary
    turns: Turns = field(default_factory=lambda: Turns(0.0))
    """For networks."""


class Course:
    """One run of all checks against one address."""

    def __init__(self, address: Address, tools: Tools, announce: OnFinding, *, open_scheme: bool = False) -> None:
        self._address = address
        self._open_scheme = open_scheme
        tour = Tour(tools.turns, tools.reach.guard.policy)
        self._reach = reach = replace(tools.reach, tour=tour)
        self._reader = tools.reader
        self._canary = tools.canary
        self._announce = announce
        self._began = reach.monotonic()
        self._until = asyncio.get_running_loop().time() + reach.settings.deadline
        self._findings: dict[str, Finding] = {}
        self._refusal: Refusal | None = None
        self._why: str | None = None
        """Why a check did not take place, where that is not about the site: a value of `facts.NOT_LOOKED`."""

    async def run(self) -> Seen:
        """Run everything to its end; what is unfinished at the deadline becomes `deadline`."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._finish("canary", self._canary.look()))
            ips = await self._addresses()
            if ips:
                await self._contact(group, ips)
        if self._canary_is_old() and self._saw_nothing():  # the bot's own connection may have broken meanwhile
            late = self._reach.settings.canary_timeout
            await self._finish("canary", self._canary.look(self._began), late=late)
        findings = tuple(self._findings[check] for check in CHECKS if check in self._findings)
        return Seen(findings, self._refusal, self._address, ips)

    def _canary_is_old(self) -> bool:
        """Was the bot's own connection last found to work before this course?"""
        return self._findings["canary"].outcome is Outcome.OK and not self._canary.was_good_since(self._began)

    def _saw_nothing(self) -> bool:
        """Did no server of the site answer, though one was looked for?"""
        return self._refusal is None and "status" not in self._findings["http"].facts

    async def _addresses(self) -> tuple[IP, ...]:
        """Look the host up and vet the answer; nothing comes back when the course ends here."""
        answer = dns.Answer()

        async def look_up() -> Finding:
            nonlocal answer
            finding, answer = await dns.check(self._address, self._reach.resolver)
            return finding

        found = await self._finish("dns", look_up())
        vetted = self._reach.guard.vet(self._address, answer.addresses)
        if isinstance(vetted, Refusal):
            self._refusal = vetted
            self._skip("tcp", "tls")
            self._note(Finding(check="http", outcome=Outcome.SKIP, failure=Failure.REFUSED_ADDRESS))
            return ()
        if found.outcome is not Outcome.OK or not vetted:
            self._skip("tcp", "tls", "http")
            return ()
        try:
            self._until += await self._reach.enter(choose(vetted), LONGEST_WAIT_S)
        except NotNow:
            self._why = "busy"
            self._skip("tcp", "tls", "http")
            return ()
        return vetted

    async def _contact(self, group: asyncio.TaskGroup, ips: tuple[IP, ...]) -> None:
        """Try to connect to all addresses; go on with those that accept while the others are still being tried."""
        settled = await self._settled(group, ips)
        self._address = settled.address
        tcp = group.create_task(self._finish("tcp", settled.finding(self._until), late=_LATE))
        opened = await settled.knocks.opened()
        if not opened:
            await tcp
            self._skip("tls", "http")
            return
        shaken = None
        if self._address.scheme == "https":
            greeting = tls.Greeting(self._address, self._reach, self._until)
            shaking = tls.check(greeting, opened, self._reader.now())
            shaken = group.create_task(self._finish("tls", shaking, late=_LATE))
        else:
            self._skip("tls")
        errand = visit.Errand(self._address, self._reach, self._reader, self._until)
        await self._finish("http", visit.check(errand, opened, shaken), late=_LATE)

    async def _settled(self, group: asyncio.TaskGroup, ips: tuple[IP, ...]) -> Settled:
        if self._open_scheme:
            return await settle(group, self._address, ips, self._reach, self._until)
        return Settled(self._address, Knocks(group, ips, self._address.port, self._reach))

    async def _finish(self, check: str, work: Awaitable[Finding], late: float = 0.0) -> Finding:
        """Wait for a check until the deadline, whatever happens in it, and announce the result."""
        started = asyncio.get_running_loop().time()
        try:
            async with asyncio.timeout_at(self._until + late):
                finding = await work
        except TimeoutError:
            finding = Finding(check=check, outcome=Outcome.FAIL, failure=Failure.DEADLINE, ms=self._since(started))
        except NotNow:
            self._why = "busy"
            finding = self._skipped(check)
        except Exception as error:  # noqa: BLE001 - what the network does is a finding already: this is our own
            log.error("the check %s broke: %s", check, places_of(error))  # noqa: TRY400 - its words may be somebody's
            self._why = "broken"
            finding = self._skipped(check)
        self._note(finding)
        return finding

    def _since(self, started: float) -> float:
        return round((asyncio.get_running_loop().time() - started) * 1000, 1)

    def _skip(self, *checks: str) -> None:
        for check in checks:
            self._note(self._skipped(check))

    def _skipped(self, check: str) -> Finding:
        """A check that did not take place; where that is not about the site the last one says so."""
        facts: dict[str, JsonValue] = {FACT: self._why} if self._why and check == "http" else {}
        return Finding(check=check, outcome=Outcome.SKIP, facts=facts)

    def _note(self, finding: Finding) -> None:
        self._findings[finding.check] = finding
        self._announce(finding)
