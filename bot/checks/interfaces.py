"""Which addresses and networks are this machine's own? The kernel's tables say so; they are read once, at the start.

A network on one of its interfaces is the machine's own, too, even if its addresses are public: the router's pages, the
storage box, and in a cloud other people's machines are there. Behind NAT and in a container the address by which the
internet knows the machine is on none of its interfaces; the operator names it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from pathlib import Path

from bot.checks import ranges
from bot.checks.routes import has_route

_UP, _GATEWAY, _REJECT = 0x1, 0x2, 0x200
"""Flags of a route (RTF_* of Linux' route.h)."""
_POINT_TO_POINT = 0x10
"""A flag of an interface (IFF_POINTOPOINT)."""
_SAMPLES = (ip_address("1.1.1.1"), ip_address("2606:4700:4700::1111"))


@dataclass(frozen=True)
class Own:
    """What belongs to the machine that the bot runs on."""

    addresses: frozenset[IPv4Address | IPv6Address] = frozenset()
    networks: tuple[IPv4Network | IPv6Network, ...] = ()

    def unknown_families(self) -> tuple[int, ...]:
        """Return the IP versions over which the internet is reached from a public address that is not among these."""
        public = {ip.version for ip in self.addresses if ranges.refusal(ip) is None}
        public |= {net.version for net in self.networks if ranges.refusal(net.network_address) is None}
        return tuple(ip.version for ip in _SAMPLES if ip.version not in public and has_route(ip))


def own(proc: Path = Path("/proc/net"), interfaces: Path = Path("/sys/class/net")) -> Own:
    """Return the addresses of this machine's interfaces, and their networks; none where they cannot be read."""
    v6 = tuple(_v6(proc / "if_inet6"))
    v4_networks = sorted(set(_linked(proc / "route", interfaces)))
    v6_networks = sorted({net for _, net in v6 if net.prefixlen < net.max_prefixlen})
    return Own(frozenset((*_v4(proc / "fib_trie"), *(ip for ip, _ in v6))), (*v4_networks, *v6_networks))


def _v4(table: Path) -> Iterator[IPv4Address]:
    """Read the IPv4 addresses: those that the kernel answers itself."""
    previous = ""
    for line in _lines(table):
        if "host LOCAL" in line and line.strip().startswith("/32"):
            try:
                yield IPv4Address(previous)
            except ValueError:
                continue
        previous = line.rpartition("-- ")[2].strip()


def _v6(table: Path) -> Iterator[tuple[IPv6Address, IPv6Network]]:
    """Read the IPv6 addresses, each with the network that its prefix makes."""
    for line in _lines(table):
        try:
            digits, _, prefix, *_ = line.split()
            if len(digits) == 32:
                address = IPv6Address(int(digits, 16))
                yield address, IPv6Network((address, int(prefix, 16)), strict=False)
        except ValueError:
            continue


def _linked(table: Path, interfaces: Path) -> Iterator[IPv4Network]:
    """Read the IPv4 networks that are reached without a router. Tunnels are left out: what leads into one may be all
    the internet, and a default route does not lead to neighbours."""
    for line in _lines(table)[1:]:
        try:
            interface, destination, gateway, flags, _, _, _, mask, *_ = line.split()
            kind = int(flags, 16) & (_UP | _GATEWAY | _REJECT)
            if kind != _UP or int(gateway, 16) or not int(mask, 16) or _is_tunnel(interfaces / interface / "flags"):
                continue
            yield IPv4Network((_address(destination), str(_address(mask))), strict=False)
        except ValueError:
            continue


def _address(digits: str) -> IPv4Address:
    """Read an address as the kernel prints it there: a number in the machine's own byte order."""
    return IPv4Address(int(digits, 16).to_bytes(4, sys.byteorder))


def _is_tunnel(flags: Path) -> bool:
    return any(int(line, 16) & _POINT_TO_POINT for line in _lines(flags)[:1])


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []
