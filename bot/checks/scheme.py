"""Which scheme is meant where none was given? https, or http where no https connection can be made, as in browsers.

On the usual ports that means that nothing accepts connections for https. A port that was named is the same for both:
there it means that the server does not speak TLS.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from bot.checks.address import Address
from bot.checks.reach import Reach
from bot.checks.tcp import IP, Knocks
from bot.checks.tls import Greeting
from bot.diagnosis.findings import Failure, Finding

_HTTP, _HTTPS = 80, 443


@dataclass(frozen=True)
class Settled:
    """What is looked at, and the connections to it."""

    address: Address
    knocks: Knocks
    https: Failure | None = None
    """How https failed, where http is looked at instead."""

    async def finding(self, until: float) -> Finding:
        """Return what all attempts together saw, see `Knocks`."""
        found = await self.knocks.finding(until)
        return found if self.https is None else _with(found, self.https)


def unencrypted(address: Address) -> Address:
    """Return what browsers open where no https connection can be made."""
    return replace(address, scheme="http", port=_HTTP if address.port == _HTTPS else address.port)


async def settle(group: asyncio.TaskGroup, address: Address, ips: Sequence[IP], reach: Reach, until: float) -> Settled:
    """Find out whether an https address or its unencrypted twin is served; where neither is, it stays https."""
    plain = unencrypted(address)
    first = second = Knocks(group, ips, address.port, reach)
    with suppress(TimeoutError):
        async with asyncio.timeout_at(until):
            opened = await first.opened()
            if opened and plain.port != address.port:
                return Settled(address, first)
            if opened:
                failure = await Greeting(address, reach, until).try_once(opened[0])
                return Settled(address, first) if failure is None else Settled(plain, first, failure)
            if plain.port != address.port:
                second = Knocks(group, ips, plain.port, reach)
                if await second.opened():
                    return Settled(plain, second, (await first.finding(until)).failure)
    if second is not first:
        second.stop()
    return Settled(address, first)


def _with(found: Finding, https: Failure) -> Finding:
    return found.model_copy(update={"facts": {**found.facts, "https": https.value}})
