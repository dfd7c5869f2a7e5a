"""Does the table hold all networks that are not the public internet?"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.checks import ranges

NEIGHBOURED = [
    ("0.0.0.0/8", "this-network", [], ["1.0.0.0"]),
    ("10.0.0.0/8", "private-v4", ["9.255.255.255"], ["11.0.0.0"]),
    ("100.64.0.0/10", "cgnat", ["100.63.255.255"], ["100.128.0.0"]),
    ("127.0.0.0/8", "loopback-v4", ["126.255.255.255"], ["128.0.0.0"]),
    ("169.254.0.0/16", "link-local-v4", ["169.253.255.255"], ["169.255.0.0"]),
    ("172.16.0.0/12", "private-v4", ["172.15.255.255"], ["172.32.0.0"]),
    ("192.0.0.0/24", "ietf-protocol-v4", ["191.255.255.255"], ["192.0.1.0"]),
    ("192.0.2.0/24", "documentation-v4", ["192.0.1.255"], ["192.0.3.0"]),
    ("192.31.196.0/24", "as112", ["192.31.195.255"], ["192.31.197.0"]),
    ("192.52.193.0/24", "amt", ["192.52.192.255"], ["192.52.194.0"]),
    ("192.88.99.0/24", "6to4-relay", ["192.88.98.255"], ["192.88.100.0"]),
    ("192.168.0.0/16", "private-v4", ["192.167.255.255"], ["192.169.0.0"]),
    ("192.175.48.0/24", "as112", ["192.175.47.255"], ["192.175.49.0"]),
    ("198.18.0.0/15", "benchmarking-v4", ["198.17.255.255"], ["198.20.0.0"]),
    ("198.51.100.0/24", "documentation-v4", ["198.51.99.255"], ["198.51.101.0"]),
    ("203.0.113.0/24", "documentation-v4", ["203.0.112.255"], ["203.0.114.0"]),
    ("224.0.0.0/4", "multicast-v4", ["223.255.255.255"], []),
    ("240.0.0.0/4", "reserved-v4", [], []),
    ("2001::/32", "teredo", ["2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], []),
    ("2001:2::/48", "benchmarking-v6", [], []),
    ("2001:3::/32", "amt", [], []),
    ("2001:4:112::/48", "as112", [], []),
    ("2001:10::/28", "orchid", [], []),
    ("2001:20::/28", "orchid", [], []),
    ("2001:30::/28", "drone-remote-id", [], []),
    ("2001:40::/26", "ietf-protocol-v6", [], []),
    ("2001:100::/24", "ietf-protocol-v6", [], ["2001:200::"]),
    ("2001:db8::/32", "documentation-v6", ["2001:db7:ffff:ffff:ffff:ffff:ffff:ffff"], ["2001:db9::"]),
    ("2002::/16", "6to4", ["2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], ["2003::"]),
    ("2620:4f:8000::/48", "as112", ["2620:4f:7fff:ffff:ffff:ffff:ffff:ffff"], ["2620:4f:8001::"]),
    ("3fff::/20", "documentation-v6", ["3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"], ["3fff:1000::"]),
    ("::1/128", "loopback-v6", [], []),
    ("::/128", "unspecified-v6", [], []),
    ("::ffff:0:0/96", "ipv4-mapped", [], []),
    ("::ffff:0:0:0/96", "ipv4-translated", [], []),
    ("64:ff9b::/96", "nat64", [], []),
    ("64:ff9b:1::/48", "nat64-local", [], []),
    ("100::/64", "discard-only", [], []),
    ("100:0:0:1::/64", "dummy-prefix", [], []),
    ("5f00::/16", "srv6-sid", [], []),
    ("fc00::/7", "ula", [], []),
    ("fe80::/10", "link-local-v6", [], []),
    ("fec0::/10", "site-local-v6", [], []),
    ("ff00::/8", "multicast-v6", [], []),
    ("4000::/4", "not-global-unicast-v6", [], []),
    ("e000::/4", "not-global-unicast-v6", [], []),
]
METADATA = [
    "169.254.169.254", "169.254.169.253", "169.254.169.123", "169.254.170.2", "169.254.170.23", "169.254.42.42",
    "169.254.0.23", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23",
    "fd20:ce::254", "fd00:c1::a9fe:a9fe", "fd00:42::42", "fd00:a9fe:a9fe::1", "fe80::a9fe:a9fe",
]  # fmt: skip
PUBLIC = ["1.1.1.1", "8.8.8.8", "168.63.129.15", "168.63.129.17", "2606:4700::1", "2a00:1450::1", "2000::", "2400::1"]


@pytest.mark.parametrize(("prefix", "reason", "before", "after"), NEIGHBOURED, ids=[row[0] for row in NEIGHBOURED])
def test_network_is_refused_to_its_edges(prefix: str, reason: str, before: list[str], after: list[str]) -> None:
    """The first, a middle and the last address of a network are refused, its public neighbours are not."""
    net: IPv4Network | IPv6Network = ip_network(prefix)
    middle = net[net.num_addresses // 2]
    assert {ranges.refusal(ip) for ip in (net[0], middle, net[-1])} == {reason}
    assert [ranges.refusal(ip_address(text)) for text in before + after] == [None] * len(before + after)


@pytest.mark.parametrize("text", METADATA)
def test_metadata_address_has_its_own_reason(text: str) -> None:
    """Metadata services of clouds are told apart from the network that they lie in."""
    assert ranges.refusal(ip_address(text)) == "cloud-metadata"
    assert ranges.is_metadata(ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_address_passes(text: str) -> None:
    """Ordinary addresses of the internet are not refused."""
    assert ranges.refusal(ip_address(text)) is None


@settings(deadline=None)
@given(st.ip_addresses(v=4))
def test_every_form_that_carries_ipv4_is_refused(inner: IPv4Address) -> None:
    """Whatever IPv4 address is carried, an IPv6 form around it is no public address."""
    number = int(inner)
    forms = {
        "compatible": number,
        "mapped": 0xFFFF << 32 | number,
        "translated": 0xFFFF << 48 | number,
        "nat64": 0x64FF9B << 96 | number,
        "nat64-local": 0x64FF9B0001 << 80 | (number >> 16) << 64 | (number & 0xFFFF) << 40,
        "6to4": 0x2002 << 112 | number << 80,
        "teredo": 0x2001 << 112 | ~number & 0xFFFFFFFF,
        "isatap on link-local": 0xFE80 << 112 | 0x5EFE << 32 | number,
    }
    assert {form for form, value in forms.items() if ranges.refusal(IPv6Address(value)) is None} == set()


@settings(deadline=None)
@given(st.ip_addresses())
def test_nothing_that_python_calls_special_passes(ip: IPv4Address | IPv6Address) -> None:
    """The table is at least as strict as the standard library's own notion of a global address."""
    special = not ip.is_global or ip.is_multicast or ip.is_reserved or ip.is_link_local
    assert not special or ranges.refusal(ip) in ranges.REASONS


@settings(deadline=None)
@given(st.ip_addresses(v=6))
def test_only_global_unicast_space_passes(ip: IPv6Address) -> None:
    """Outside 2000::/3 no IPv6 address passes."""
    assert ip in IPv6Network("2000::/3") or ranges.refusal(ip) is not None
