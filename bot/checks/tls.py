"""Would a visitor's browser accept this TLS connection, and if not, what does the certificate say?

A name's addresses may be different machines, and a browser takes any of them: each one that accepts gets a handshake.
That it passes with some and fails with others is a fact of its own, so that the result does not depend on chance.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime

import httpcore
from pydantic import JsonValue

from bot.checks.address import Address
from bot.checks.certificate import facts_of
from bot.checks.dial import PinnedBackend
from bot.checks.failures import CERTIFICATE_FAILURES, Stage, classify
from bot.checks.reach import Reach
from bot.checks.tcp import IP
from bot.diagnosis.findings import Failure, Finding, Outcome

_ENOUGH = 2
"""Certificates of a kind that are read: the addresses of one name have the same one, or nearly."""


@dataclass(frozen=True)
class Handshake:
    """How one handshake ended."""

    failure: Failure | None = None
    version: str | None = None
    alpn: str | None = None
    certificate: bytes = b""


@dataclass(frozen=True)
class Greeting:
    """Whom to shake hands with, and until when (loop time)."""

    address: Address
    reach: Reach
    until: float
    read: Counter[Failure] = field(default_factory=Counter)
    """Bad certificates that were read, by what is bad."""

    async def settle(self, ip: IP) -> Handshake:
        """Shake hands with one address. A bad certificate is read over a second, unverified handshake, unless enough
        of its kind are; any other failure is tried once more after a pause."""
        contexts, seen = self.reach.contexts, Handshake(failure=Failure.DEADLINE)
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self.until):
                seen = await self._shake(ip, contexts.probe)
                if seen.failure is not None and seen.failure not in CERTIFICATE_FAILURES:
                    await asyncio.sleep(self.reach.settings.confirm_pause)
                    seen = await self._shake(ip, contexts.probe)
                if seen.failure in CERTIFICATE_FAILURES and self.read[seen.failure] < _ENOUGH:
                    self.read[seen.failure] += 1
                    return replace(await self._shake(ip, contexts.bare), failure=seen.failure)
        return seen

    async def try_once(self, ip: IP) -> Failure | None:
        """Tell how an unverified handshake with one address fails, if it does: does it speak TLS at all?"""
        return (await self._shake(ip, self.reach.contexts.bare)).failure

    async def _shake(self, ip: IP, context: ssl.SSLContext) -> Handshake:
        """Connect, shake hands, send nothing, hang up. Never raises except on cancellation."""
        address, settings = self.address, self.reach.settings
        backend = PinnedBackend(self.reach.connect)
        backend.pin(address.host, address.port, (ip,))
        stage = Stage.CONNECT
        try:
            async with asyncio.timeout(settings.connect_timeout + settings.tls_timeout):
                stream = await backend.connect_tcp(address.host, address.port, timeout=settings.connect_timeout)
                try:
                    stage = Stage.TLS
                    stream = await stream.start_tls(
                        context, server_hostname=address.server_name or address.host, timeout=settings.tls_timeout
                    )
                    return _describe(stream)
                finally:
                    await stream.aclose()
        except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
            return Handshake(failure=classify(error, stage))


async def check(greeting: Greeting, ips: Sequence[IP], now: datetime) -> Finding:
    """Shake hands with all addresses at once, and tell what they have in common."""
    clock = asyncio.get_running_loop().time
    started = clock()
    shaken = await asyncio.gather(*map(greeting.settle, ips))
    failures = [one.failure for one in shaken if one.failure is not None]
    mixed = 0 < len(failures) < len(shaken)
    failed = _commonest(failures)
    outcome = Outcome.FAIL if failed and not mixed else Outcome.OK
    alike = [one for one in shaken if one.failure is (None if outcome is Outcome.OK else failed)]
    told = next((one for one in alike if one.certificate), alike[0])
    facts: dict[str, JsonValue] = {
        "verified": not failures,
        "tried": len(shaken),
        "failed": len(failures),
        "attempts": [_attempt(ip, one) for ip, one in zip(ips, shaken, strict=True)],
    }
    if mixed and failed:
        facts |= {"mixed": True, "odd": failed.value}
    facts |= {key: value for key, value in (("version", told.version), ("alpn", told.alpn)) if value}
    facts |= facts_of(told.certificate, now) if told.certificate else {}
    ms = round((clock() - started) * 1000, 1)
    return Finding(check="tls", outcome=outcome, failure=None if mixed else failed, facts=facts, ms=ms)


def _commonest(failures: Sequence[Failure]) -> Failure | None:
    """Choose what to report: a bad certificate is proof, while another failure may pass."""
    proved = [failure for failure in failures if failure in CERTIFICATE_FAILURES]
    return next((failure for failure, _ in Counter(proved or failures).most_common(1)), None)


def _attempt(ip: IP, seen: Handshake) -> dict[str, JsonValue]:
    outcome = Outcome.OK if seen.failure is None else Outcome.FAIL
    return {"address": str(ip), "outcome": outcome.value, "failure": seen.failure.value if seen.failure else None}


def _describe(stream: httpcore.AsyncNetworkStream) -> Handshake:
    secured = stream.get_extra_info("ssl_object")
    if not isinstance(secured, ssl.SSLObject | ssl.SSLSocket):
        return Handshake(failure=Failure.TLS_HANDSHAKE)
    return Handshake(
        version=secured.version(),
        alpn=secured.selected_alpn_protocol(),
        certificate=secured.getpeercert(binary_form=True) or b"",
    )
