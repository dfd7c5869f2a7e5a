"""Which of the site's addresses accept a connection?"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

from pydantic import JsonValue

from bot.checks.failures import Stage, classify
from bot.checks.limits import MAX_TCP_ADDRESSES
from bot.checks.reach import Reach
from bot.diagnosis.findings import Failure, Finding, Outcome

IP = IPv4Address | IPv6Address

_GRACE = 0.3
"""Seconds that other addresses get once one has accepted, before the next checks go on with those that have."""


@dataclass(frozen=True)
class Attempt:
    """One attempt to connect to one address."""

    ip: IP
    failure: Failure | None
    """None: accepted."""
    ms: float
    tested: bool = True
    """False: the bot has no such route, so the attempt says nothing about the site."""


class Knocks:
    """Connection attempts to all addresses at once: `opened` tells early which accept, `finding` waits for all.

    Those that refuse are tried once more after a pause, since a service that is restarting refuses, too. Silent ones
    are not tried again: the kernel has already repeated its packets.
    """

    def __init__(self, group: asyncio.TaskGroup, ips: Sequence[IP], port: int, reach: Reach) -> None:
        self._port = port
        self._reach = reach
        self._ips = choose(ips)
        self._started = asyncio.get_running_loop().time()
        self._first = asyncio.Event()
        self._attempts: list[Attempt] = []
        self._task = group.create_task(self._run())

    async def opened(self) -> tuple[IP, ...]:
        """Return the addresses that accepted: soon after the first one did, or when all are done."""
        waiting = asyncio.ensure_future(self._first.wait())
        try:
            await asyncio.wait({waiting, self._task}, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait({self._task}, timeout=_GRACE)
        finally:
            waiting.cancel()
        accepted = {attempt.ip for attempt in self._attempts if attempt.failure is None}
        return tuple(ip for ip in self._ips if ip in accepted)

    async def finding(self, until: float) -> Finding:
        """Return what all attempts together saw; `until` is the loop time at which they must be over."""
        now = asyncio.get_running_loop().time
        done, _ = await asyncio.wait({self._task}, timeout=max(until - now(), 0))
        self._task.cancel()
        attempts = [_judge(attempt, self._reach) for attempt in self._attempts]
        found = finding(attempts, self._port, (now() - self._started) * 1000)
        if not done and found.outcome is not Outcome.OK:
            return found.model_copy(update={"outcome": Outcome.FAIL, "failure": Failure.DEADLINE})
        return found

    def stop(self) -> None:
        """Stop trying."""
        self._task.cancel()

    async def _run(self) -> None:
        await self._round(self._ips)
        refused = [one.ip for one in self._attempts if one.tested and one.failure not in (None, Failure.TIMEOUT)]
        if refused:
            await asyncio.sleep(self._reach.settings.confirm_pause)
            await self._round(refused)

    async def _round(self, ips: Iterable[IP]) -> None:
        async with asyncio.TaskGroup() as group:
            for ip in ips:
                group.create_task(self._knock(ip))

    async def _knock(self, ip: IP) -> None:
        now = asyncio.get_running_loop().time
        started = now()
        tested = self._reach.has_route(ip)
        failure: Failure | None = None if tested else Failure.UNREACHABLE
        if tested:
            try:
                stream = await self._reach.connect(ip, self._port, self._reach.settings.connect_timeout)
                await stream.aclose()
            except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
                failure = classify(error, Stage.CONNECT)
        self._attempts.append(Attempt(ip, failure, (now() - started) * 1000, tested))
        if tested:
            note_answer(ip, failure, self._reach)
        if failure is None:
            self._first.set()


def note_answer(ip: IP, failure: Failure | None, reach: Reach) -> None:
    """Remember that the internet can be reached over this version of IP: even a refusal comes from the other end."""
    if ip.is_global and failure in (None, Failure.REFUSED, Failure.RESET):
        reach.note_answer(ip.version)


def _judge(attempt: Attempt, reach: Reach) -> Attempt:
    """Silence over IPv6 proves nothing about a site if nobody at all has lately answered this machine over IPv6."""
    silent = attempt.failure in (Failure.TIMEOUT, Failure.UNREACHABLE)
    if silent and attempt.ip.version == 6 and attempt.ip.is_global and not reach.has_answered(6):
        return replace(attempt, tested=False)
    return attempt


def choose(ips: Sequence[IP]) -> tuple[IP, ...]:
    """Take at most eight addresses, and some of each family where there are both."""
    v4 = [ip for ip in ips if ip.version == 4]
    v6 = [ip for ip in ips if ip.version == 6]
    half = MAX_TCP_ADDRESSES // 2
    v4 = v4[: max(half, MAX_TCP_ADDRESSES - len(v6))]
    return (*v4, *v6[: MAX_TCP_ADDRESSES - len(v4)])


def finding(attempts: Sequence[Attempt], port: int, ms: float) -> Finding:
    """Turn attempts into facts. Without a route there is nothing to judge: skipped, not failed."""
    tested = [attempt for attempt in attempts if attempt.tested]
    accepted = {attempt.ip for attempt in tested if attempt.failure is None}
    tried = {attempt.ip for attempt in tested}
    facts: dict[str, JsonValue] = {
        "port": port,
        "attempts": [_attempt(attempt) for attempt in attempts],
        "v4": _family(attempts, 4),
        "v6": _family(attempts, 6),
        "dead": len(tried - accepted),
        "tried": len(tried),
    }
    outcome = Outcome.OK if accepted else Outcome.FAIL if tried else Outcome.SKIP
    failures = Counter(attempt.failure for attempt in tested if attempt.failure is not None)
    failure = failures.most_common(1)[0][0] if outcome is Outcome.FAIL else None
    return Finding(check="tcp", outcome=outcome, failure=failure, facts=facts, ms=round(ms, 1))


def _family(attempts: Sequence[Attempt], version: int) -> str:
    ours = [attempt for attempt in attempts if attempt.ip.version == version]
    if not ours:
        return "none"
    outcomes = {attempt.failure is None for attempt in ours if attempt.tested}
    if not outcomes:
        return "untested"
    return "mixed" if len(outcomes) == 2 else "ok" if True in outcomes else "fail"


def _attempt(attempt: Attempt) -> dict[str, JsonValue]:
    outcome = Outcome.OK if attempt.failure is None else Outcome.FAIL if attempt.tested else Outcome.SKIP
    return {
        "address": str(attempt.ip),
        "family": attempt.ip.version,
        "outcome": outcome.value,
        "failure": attempt.failure.value if attempt.failure and attempt.tested else None,
        "ms": round(attempt.ms, 1),
    }
