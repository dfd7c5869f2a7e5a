"""How does a public address lead to a server on loopback? Only the wire is bent: names, guard and checks are real."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpcore

from bot.checks.dial import Connect, Dialer
from bot.checks.policy import Policy
from bot.checks.reach import Reach

PUBLIC = "93.184.216.34"
"""Stands for a server on the internet; it is never contacted."""


class Bent:
    """Connects to a server on loopback instead of `PUBLIC`, to any other address as before."""

    def __init__(self, connect: Connect, host: str, port: int) -> None:
        self._connect = connect
        self._there = ip_address(host), port
        self._dialer = Dialer(Policy(allow_networks=(ip_network("127.0.0.0/8"),)))

    async def __call__(self, ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ASYNC109
        if str(ip) != PUBLIC:
            return await self._connect(ip, port, timeout)
        return await self._dialer(*self._there, timeout)


def bent(reach: Reach, host: str, port: int) -> Reach:
    """Return a reach in which `PUBLIC` is the server at this address and port."""
    return replace(reach, connect=Bent(reach.connect, host, port), has_route=lambda _: True)
