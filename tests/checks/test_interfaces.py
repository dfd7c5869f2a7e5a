"""Is everything that is the machine's own known as such, and nothing else of the internet?"""

from __future__ import annotations

import sys
from ipaddress import IPv4Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest

from bot.checks.guard import Guard, Policy, Refusal
from bot.checks.interfaces import Own, own

FIB_TRIE = """Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     |-- 127.0.0.1
        /32 host LOCAL
     |-- 198.51.100.0
        /24 link UNICAST
     |-- 198.51.100.7
        /32 host LOCAL
     |-- 198.51.100.255
        /32 link BROADCAST
"""


def number(text: str) -> str:
    """Write an address as the kernel does in its table of routes."""
    return f"{int.from_bytes(IPv4Address(text).packed, sys.byteorder):08X}"


def route(interface: str, network: str, gateway: str = "0.0.0.0", flags: int = 0x1) -> str:
    net = ip_network(network)
    numbers = number(str(net.network_address)), number(gateway), number(str(net.netmask))
    return f"{interface}\t{numbers[0]}\t{numbers[1]}\t{flags:04X}\t0\t0\t0\t{numbers[2]}\t0\t0\t0   \n"


@pytest.fixture
def tables(tmp_path: Path) -> Any:
    """Return a function that writes the kernel's tables, and reads what they say."""

    def written(routes: str = "", v6: str = "", trie: str = "", tunnels: tuple[str, ...] = ()) -> Own:
        proc, interfaces = tmp_path / "proc", tmp_path / "interfaces"
        proc.mkdir(exist_ok=True)
        (proc / "route").write_text("Iface\tDestination\tGateway\tFlags ...\n" + routes)
        (proc / "if_inet6").write_text(v6)
        (proc / "fib_trie").write_text(trie)
        for name, flags in (("eth0", "0x1003"), *((tunnel, "0x10d1") for tunnel in tunnels)):
            (interfaces / name).mkdir(parents=True, exist_ok=True)
            (interfaces / name / "flags").write_text(f"{flags}\n")
        return own(proc, interfaces)

    return written


def test_interface_addresses_are_read_from_the_kernel(tables: Any) -> None:
    """The machine's own addresses of both families are found, networks and broadcasts are not among them."""
    found = tables(trie=FIB_TRIE, v6="20010db8000000000000000000000009 02 40 00 80     eth0\nnonsense\n")
    assert found.addresses == {ip_address("127.0.0.1"), ip_address("198.51.100.7"), ip_address("2001:db8::9")}


def test_networks_on_the_interfaces_are_the_machines_own(tables: Any) -> None:
    """What is reached without a router is a neighbour, however large the network is; a lone gateway is one, too."""
    found = tables(
        routes=route("eth0", "203.0.113.0/24") + route("eth0", "45.32.0.0/20") + route("eth0", "51.15.0.1/32"),
        v6="2a0280715abc00010000000000000050 02 40 00 00     eth0\n20010db8000000000000000000000009 03 80 00 80 lo\n",
    )
    assert found.networks == tuple(
        map(ip_network, ("45.32.0.0/20", "51.15.0.1/32", "203.0.113.0/24", "2a02:8071:5abc:1::/64"))
    )


def test_way_to_the_internet_is_no_network_of_neighbours(tables: Any) -> None:
    """Default routes, routes by way of a router, into a tunnel or into nothing leave the internet what it is."""
    found = tables(
        routes=route("eth0", "0.0.0.0/0", "203.0.113.1", 0x3)
        + route("ppp0", "0.0.0.0/0")
        + route("wg0", "0.0.0.0/1")
        + route("wg0", "128.0.0.0/1")
        + route("eth0", "198.18.0.0/15", "203.0.113.1", 0x3)
        + route("*", "93.184.0.0/16", flags=0x201)
        + "eth0 nonsense\n\n",
        tunnels=("ppp0", "wg0"),
    )
    assert found.networks == ()


def test_missing_kernel_tables_mean_no_addresses(tmp_path: Path) -> None:
    """On a system without these files nothing is known, and nothing fails."""
    assert own(tmp_path, tmp_path) == Own()


def test_neighbours_of_the_machine_are_refused(tables: Any) -> None:
    """The router, the storage box and the machine itself, by any of their public addresses; nobody else."""
    found = tables(
        routes=route("eth0", "45.33.32.0/24"), trie=FIB_TRIE.replace("198.51.100.7", "45.33.32.156"),
        v6="2a0280715abc00010000000000000050 02 40 00 00     eth0\n",
    )  # fmt: skip
    guard = Guard(Policy(own_addresses=found.addresses, own_networks=found.networks))
    for url, reason in (
        ("http://[2a02:8071:5abc:1::50]/", "own-address"),
        ("http://[2a02:8071:5abc:1::1]/", "own-network"),
        ("http://[2a02:8071:5abc:1::77]:8080/", "own-network"),
        ("http://45.33.32.156/", "own-address"),
        ("http://45.33.32.1/", "own-network"),
    ):
        assert guard.parse(url) == Refusal("block", reason)
    for url in ("http://[2a02:8071:5abc:2::1]/", "http://45.33.33.1/"):
        assert not isinstance(guard.parse(url), Refusal)


@pytest.mark.parametrize(
    ("addresses", "networks", "unknown"),
    [
        (("172.17.0.2", "fd00::2"), ("172.17.0.0/16", "fd00::/64"), (4, 6)),
        (("172.17.0.2", "2a02:8071:5abc:1::50"), (), (4,)),
        (("172.17.0.2", "45.33.32.156", "2a02:8071:5abc:1::50"), (), ()),
        (("172.17.0.2", "2a02:8071:5abc:1::50"), ("45.33.32.0/24",), ()),
    ],
)
def test_public_address_that_nobody_knows_is_noticed(
    addresses: tuple[str, ...], networks: tuple[str, ...], unknown: tuple[int, ...], monkeypatch: Any
) -> None:
    """Behind NAT no interface has the address under which the internet knows the machine; a named network is enough."""
    monkeypatch.setattr("bot.checks.interfaces.has_route", lambda _: True)
    known = Own(frozenset(map(ip_address, addresses)), tuple(map(ip_network, networks)))
    assert known.unknown_families() == unknown
    monkeypatch.setattr("bot.checks.interfaces.has_route", lambda _: False)
    assert known.unknown_families() == ()


def test_loopback_that_the_operator_opens_stays_open(tables: Any) -> None:
    """What is named as allowed may be contacted, although it is the machine's own."""
    found = tables(trie=FIB_TRIE, routes=route("lo", "127.0.0.0/8"))
    policy = Policy((ip_network("127.0.0.0/8"),), frozenset(), found.addresses, found.networks)
    assert policy.refusal(ip_address("127.0.0.1")) is None
