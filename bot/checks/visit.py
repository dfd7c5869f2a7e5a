"""Does the site answer, again when it failed at first, and over both address families?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import cast

from pydantic import JsonValue

from bot.checks.address import Address
from bot.checks.failures import CERTIFICATE_FAILURES
from bot.checks.http import Fetched, follow
from bot.checks.page import Reader, facts_of, failure_of, is_good, opens
from bot.checks.reach import Reach
from bot.checks.tcp import IP
from bot.diagnosis.findings import Failure, Finding, Outcome

_SETTLED = CERTIFICATE_FAILURES | {
    Failure.REDIRECT_LOOP,
    Failure.TOO_MANY_REDIRECTS,
    Failure.REDIRECT_REFUSED,
    Failure.REFUSED_ADDRESS,
    Failure.BAD_LOCATION,
    Failure.DEADLINE,
}
"""Failures that a second try cannot change."""


@dataclass(frozen=True)
class Visit:
    """One address family: the first try and, after a failing one, its confirmation."""

    tries: tuple[Fetched, ...]

    @property
    def last(self) -> Fetched:
        """The try that counts."""
        return self.tries[-1]

    @property
    def differs(self) -> bool:
        """One try met a server fault, the other one did not."""
        return len({is_good(one) for one in self.tries}) == 2

    @property
    def flapping(self) -> bool:
        """One try got the page, the other one a fault; a refusal is not the page."""
        return self.differs and any(opens(one) for one in self.tries)


@dataclass(frozen=True)
class Errand:
    """What to ask, and how long."""

    address: Address
    reach: Reach
    reader: Reader
    until: float
    """The loop time at which all must be over; what was seen by then still counts."""

    async def over(self, family: int, ips: Sequence[IP]) -> Visit:
        """Ask over one address family, and once more when the answer was bad and there is time."""
        now = asyncio.get_running_loop().time
        first = await self._once(family, ips)
        pause = self.reach.settings.confirm_pause
        too_late = now() + pause + first.ms / 1000 >= self.until
        if is_good(first) or too_late or not _worth_confirming(first, self.reader):
            return Visit((first,))
        await asyncio.sleep(pause)
        second = await self._once(family, ips)
        return Visit((first,) if second.failure is Failure.DEADLINE else (first, second))

    async def _once(self, family: int, ips: Sequence[IP]) -> Fetched:
        try:
            async with asyncio.timeout_at(self.until):
                fetched = await follow(self.address, ips, self.reach, family)
        except TimeoutError:
            return Fetched(self.address, failure=Failure.DEADLINE)
        return replace(fetched, poses_as=self.reader.poses_as(fetched.reply)) if fetched.reply else fetched


async def check(errand: Errand, ips: Sequence[IP], tls: Awaitable[Finding] | None = None) -> Finding:
    """Visit the site over each family that accepts.

    When the TLS check failed and nothing was reached, this check saw nothing of its own: it is skipped, not failed.
    """
    started = asyncio.get_running_loop().time()
    asked = {version: [ip for ip in ips if ip.version == version] for version in (4, 6)}
    asked = {version: found for version, found in asked.items() if found}
    work = (errand.over(version, found) for version, found in asked.items())
    visits = await asyncio.gather(*work, return_exceptions=True)  # so that none goes on alone
    for one in visits:
        if isinstance(one, BaseException):
            raise one
    by_family = dict(zip(asked, cast("list[Visit]", visits), strict=True))
    visit = by_family[min(by_family)]
    ms = round((asyncio.get_running_loop().time() - started) * 1000, 1)
    if tls is not None and _reached_nothing(visit.last) and (await tls).outcome is Outcome.FAIL:
        return Finding(check="http", outcome=Outcome.SKIP)
    # In a thread: recognising the error of a long page takes a while, and other checks are under way.
    facts = await asyncio.to_thread(facts_of, visit.last, errand.reader) | _tries(visit)
    if len(by_family) == 2:
        facts["by_family"] = {f"v{version}": _answer(one.last) for version, one in by_family.items()}
    outcome = Outcome.OK if is_good(visit.last) else Outcome.FAIL
    return Finding(check="http", outcome=outcome, failure=failure_of(visit.last), facts=facts, ms=ms)


def _worth_confirming(fetched: Fetched, reader: Reader) -> bool:
    """A refusal of robots will not change, nor will a wrong redirect: the site is spared the second request."""
    if fetched.failure in _SETTLED:
        return False
    return fetched.reply is None or not reader.refuses_robots(fetched.reply)


def _reached_nothing(fetched: Fetched) -> bool:
    return fetched.reply is None and not fetched.hops


def _tries(visit: Visit) -> dict[str, JsonValue]:
    facts: dict[str, JsonValue] = {"attempts": [_try(one) for one in visit.tries]}
    if visit.differs:
        facts["flapping" if visit.flapping else "unsteady"] = True
    elif len(visit.tries) == 2:
        facts["confirmed"] = True
    return facts


def _try(fetched: Fetched) -> JsonValue:
    failure = failure_of(fetched)
    return {
        "status": fetched.reply.status if fetched.reply else None,
        "failure": failure.value if failure else None,
        "ms": round(fetched.ms, 1),
    }


def _answer(fetched: Fetched) -> int | str | None:
    failure = failure_of(fetched)
    return failure.value if failure else fetched.reply.status if fetched.reply else None
