"""Would a visitor's browser accept this TLS connection, and if not, what does the certificate say?"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Handshake:
    """How one handshake ended."""

    failure: Failure | None = None
    version: str | None = None
    alpn: str | None = None
    certificate: bytes = b""


async def check(address: Address, ips: Sequence[IP], reach: Reach, now: datetime) -> Finding:
    """Shake hands with verification. A bad certificate is read over a second, unverified handshake; any other failure
    is tried once more after a pause."""
    clock = asyncio.get_running_loop().time
    started = clock()
    first = await shake(address, ips, reach, reach.contexts.probe)
    told = first
    if first.failure in CERTIFICATE_FAILURES:
        told = await shake(address, ips, reach, reach.contexts.bare)
    elif first.failure is not None:
        await asyncio.sleep(reach.settings.confirm_pause)
        first = told = await shake(address, ips, reach, reach.contexts.probe)
    facts: dict[str, JsonValue] = {"verified": first.failure is None}
    facts |= {key: value for key, value in (("version", told.version), ("alpn", told.alpn)) if value}
    facts |= facts_of(told.certificate, now) if told.certificate else {}
    outcome = Outcome.FAIL if first.failure else Outcome.OK
    ms = round((clock() - started) * 1000, 1)
    return Finding(check="tls", outcome=outcome, failure=first.failure, facts=facts, ms=ms)


async def shake(address: Address, ips: Sequence[IP], reach: Reach, context: ssl.SSLContext) -> Handshake:
    """Connect to the pinned addresses, shake hands, send nothing, hang up. Never raises but for a cancellation."""
    backend = PinnedBackend(reach.connect)
    backend.pin(address.host, address.port, ips)
    stage = Stage.CONNECT
    try:
        async with asyncio.timeout(reach.settings.connect_timeout + reach.settings.tls_timeout):
            stream = await backend.connect_tcp(address.host, address.port, timeout=reach.settings.connect_timeout)
            try:
                stage = Stage.TLS
                stream = await stream.start_tls(
                    context, server_hostname=address.server_name or address.host, timeout=reach.settings.tls_timeout
                )
                return _describe(stream)
            finally:
                await stream.aclose()
    except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
        return Handshake(failure=classify(error, stage))


def _describe(stream: httpcore.AsyncNetworkStream) -> Handshake:
    secured = stream.get_extra_info("ssl_object")
    if not isinstance(secured, ssl.SSLObject | ssl.SSLSocket):
        return Handshake(failure=Failure.TLS_HANDSHAKE)
    return Handshake(
        version=secured.version(),
        alpn=secured.selected_alpn_protocol(),
        certificate=secured.getpeercert(binary_form=True) or b"",
    )
