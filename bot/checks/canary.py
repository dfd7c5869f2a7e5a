"""Does the bot's own connection work? Without this control nothing can be said about anybody's site."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot.checks.address import Address, Refusal
from bot.checks.exchange import NoReply, Reply, ask
from bot.checks.failures import Stage, classify
from bot.checks.http import resolve
from bot.checks.reach import Reach
from bot.checks.tcp import IP, note_answer
from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.diagnosis.neutral import neutral

_GOOD_FOR = 15.0
"""Seconds: a busy bot need not ask the canaries for every check."""


class Canary:
    """Looks, and remembers a good answer for a moment. A bad one is never remembered."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        self._good: tuple[float, Finding] | None = None

    async def look(self, since: float = 0.0) -> Finding:
        """Return how the bot's own connection is doing; what was seen before `since` (monotonic) does not count."""
        if self._good is not None and self.was_good_since(max(since, self._reach.monotonic() - _GOOD_FOR)):
            return self._good[1]
        finding = await look(self._reach)
        self._good = (self._reach.monotonic(), finding) if finding.outcome is Outcome.OK else None
        return finding

    def was_good_since(self, since: float) -> bool:
        """Was the connection seen to work at this time (monotonic) or later?"""
        return self._good is not None and self._good[0] >= since


async def look(reach: Reach) -> Finding:
    """Ask all canaries at once; the first good answer is enough. None configured: skipped."""
    urls = reach.settings.canary
    if not urls:
        return Finding(check="canary", outcome=Outcome.SKIP)
    now = asyncio.get_running_loop().time
    started = now()
    answered: list[str] = []
    failed: dict[str, Failure | None] = {}
    tasks = [asyncio.ensure_future(_ask(url, reach)) for url in urls]
    try:
        for done in asyncio.as_completed(tasks):
            host, outcome, failure = await done
            if outcome is Outcome.OK:
                answered.append(host)
                break
            failed[host] = failure
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    return Finding(
        check="canary",
        outcome=Outcome.OK if answered else Outcome.FAIL,
        failure=None if answered else next(iter(failed.values())),
        facts={"answered": list(answered), "failed": list(failed)},
        ms=round((now() - started) * 1000, 1),
    )


async def _ask(url: str, reach: Reach) -> tuple[str, Outcome, Failure | None]:
    """Ask one canary; a redirect is an answer, an error is not. Never raises except on cancellation."""
    address = reach.guard.parse(url)
    if isinstance(address, Refusal):
        return neutral(url), Outcome.FAIL, Failure.REFUSED_ADDRESS
    try:
        async with asyncio.timeout(reach.settings.canary_timeout):
            got = await _answer(address, reach)
    except TimeoutError:
        got = Failure.TIMEOUT
    except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
        got = classify(error, Stage.HTTP)
    if isinstance(got, Failure):
        return address.host, Outcome.FAIL, got
    return address.host, Outcome.OK if 200 <= got.status < 400 else Outcome.FAIL, None


async def _answer(address: Address, reach: Reach) -> Reply | Failure:
    ips = await resolve(address, reach)
    if isinstance(ips, Refusal):
        return Failure.REFUSED_ADDRESS
    if isinstance(ips, Failure):
        return ips
    reply, _ = await asyncio.gather(ask(address, ips, reach), _try_ipv6(ips, address.port, reach))
    return reply.failure if isinstance(reply, NoReply) else reply


async def _try_ipv6(ips: Sequence[IP], port: int, reach: Reach) -> None:
    """Find out whether this machine's IPv6 leads anywhere: many have a route that does not."""
    ip = next((ip for ip in ips if ip.version == 6), None)
    if ip is None or reach.has_answered(6) or not reach.has_route(ip):
        return
    failure = None
    try:
        stream = await reach.connect(ip, port, 1.0)
        await stream.aclose()
    except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
        failure = classify(error, Stage.CONNECT)
    note_answer(ip, failure, reach)
