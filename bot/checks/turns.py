"""When may a site be looked at again? Between two looks at one host there is a pause, whoever asks.

A host's name alone protects nobody: the owner of a domain can make any number of names and have them all lead to
somebody else's server. So the networks that a name leads to, and those of its redirects, have turns, too. A few sites
of one network may be looked at at once, since thousands live together; then there is the same pause. What the
operator opened is theirs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_network

from cachetools import LRUCache

from bot.checks.places import NotNow
from bot.checks.policy import Policy

_MOST = 4096
LONGEST_WAIT_S = 6.0
"""Nobody waits for a turn later than this."""
ON_THE_WAY_S = 2.0
"""The same for a redirect, while a look's time is running."""
AT_ONCE = 4
"""Looks at one network that need no pause between them."""
_PREFIX = {4: 24, 6: 64}

IP = IPv4Address | IPv6Address


class Turns:
    """Hands out turns, in the time of a monotonic clock. A turn that was handed out is taken, used or not."""

    def __init__(self, pause_s: float, at_once: int = 1) -> None:
        self._pause_s = pause_s
        self._ahead_s = pause_s * (at_once - 1)
        self._next: LRUCache[str, float] = LRUCache(_MOST)

    def wait_s(self, name: str, now: float) -> float:
        """Return how far the next turn is away."""
        return max(0.0, self._next.get(name, now) - self._ahead_s - now)

    def take(self, name: str, now: float) -> float:
        """Take the next turn; return the seconds until then."""
        wait_s = self.wait_s(name, now)
        self._next[name] = max(now, self._next.get(name, now)) + self._pause_s
        return wait_s


@dataclass
class Tour:
    """One look, and the networks that it has had a turn in."""

    turns: Turns
    policy: Policy
    _been: set[str] = field(default_factory=set)

    async def enter(self, ips: Iterable[IP], now: float, patience_s: float = LONGEST_WAIT_S) -> float:
        """Wait until all addresses may be contacted; return how long. Raises NotNow where that takes too long."""
        new = {network_of(ip) for ip in ips if not self.policy.names_network_of(ip)} - self._been
        if max((self.turns.wait_s(name, now) for name in new), default=0.0) > patience_s:
            raise NotNow
        wait_s = max((self.turns.take(name, now) for name in new), default=0.0)
        self._been |= new
        if wait_s:
            await asyncio.sleep(wait_s)
        return wait_s


def network_of(ip: IP) -> str:
    """Return the network whose machines most likely have one owner."""
    return str(ip_network((ip, _PREFIX[ip.version]), strict=False))
