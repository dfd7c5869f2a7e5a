"""Is this IP address part of the public internet?

A frozen table of our own: `ipaddress.is_global` differs between Python versions and calls multicast, NAT64 and several
embedding forms global. Whatever IANA lists as special purpose is refused, even where its column says "globally
reachable", and so is every IPv6 form that carries an IPv4 address, whatever address it carries.
Compare with the two IANA special-purpose registries twice a year.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

_METADATA = frozenset(
    ip_address(text)
    for text in (
        "169.254.169.254",  # most clouds
        "169.254.169.253",  # AWS resolver
        "169.254.169.123",  # AWS clock
        "169.254.170.2",  # AWS container credentials
        "169.254.170.23",  # AWS pod identity
        "169.254.42.42",  # Scaleway
        "169.254.0.23",  # Tencent
        "100.100.100.200",  # Alibaba
        "168.63.129.16",  # Azure: the only one inside public space
        "192.0.0.192",  # Oracle
        "fd00:ec2::254",
        "fd00:ec2::23",
        "fd20:ce::254",  # Google
        "fd00:c1::a9fe:a9fe",
        "fd00:42::42",
        "fd00:a9fe:a9fe::1",
        "fe80::a9fe:a9fe",
    )
)

_V4_ROWS = (
    ("0.0.0.0/8", "this-network"),
    ("10.0.0.0/8", "private-v4"),
    ("100.64.0.0/10", "cgnat"),
    ("127.0.0.0/8", "loopback-v4"),
    ("169.254.0.0/16", "link-local-v4"),
    ("172.16.0.0/12", "private-v4"),
    ("192.0.0.0/24", "ietf-protocol-v4"),
    ("192.0.2.0/24", "documentation-v4"),
    ("192.31.196.0/24", "as112"),
    ("192.52.193.0/24", "amt"),
    ("192.88.99.0/24", "6to4-relay"),
    ("192.168.0.0/16", "private-v4"),
    ("192.175.48.0/24", "as112"),
    ("198.18.0.0/15", "benchmarking-v4"),
    ("198.51.100.0/24", "documentation-v4"),
    ("203.0.113.0/24", "documentation-v4"),
    ("224.0.0.0/4", "multicast-v4"),
    ("240.0.0.0/4", "reserved-v4"),
)

# The first row that fits gives the reason, so parts come before the whole. The last three rows are what makes this a
# list of what is allowed: everything outside 2000::/3 is refused.
_V6_ROWS = (
    ("::/128", "unspecified-v6"),
    ("::1/128", "loopback-v6"),
    ("::/96", "ipv4-compatible"),
    ("::ffff:0:0/96", "ipv4-mapped"),
    ("::ffff:0:0:0/96", "ipv4-translated"),
    ("64:ff9b::/96", "nat64"),
    ("64:ff9b:1::/48", "nat64-local"),
    ("100::/64", "discard-only"),
    ("100:0:0:1::/64", "dummy-prefix"),
    ("5f00::/16", "srv6-sid"),
    ("fc00::/7", "ula"),
    ("fe80::/10", "link-local-v6"),
    ("fec0::/10", "site-local-v6"),
    ("ff00::/8", "multicast-v6"),
    ("2001::/32", "teredo"),
    ("2001:2::/48", "benchmarking-v6"),
    ("2001:3::/32", "amt"),
    ("2001:4:112::/48", "as112"),
    ("2001:10::/28", "orchid"),
    ("2001:20::/28", "orchid"),
    ("2001:30::/28", "drone-remote-id"),
    ("2001::/23", "ietf-protocol-v6"),
    ("2001:db8::/32", "documentation-v6"),
    ("2002::/16", "6to4"),
    ("2620:4f:8000::/48", "as112"),
    ("3fff::/20", "documentation-v6"),
    ("::/3", "not-global-unicast-v6"),
    ("4000::/2", "not-global-unicast-v6"),
    ("8000::/1", "not-global-unicast-v6"),
)


def _compiled(rows: tuple[tuple[str, str], ...]) -> tuple[tuple[int, int, str], ...]:
    """Turn prefixes into pairs of integers, which are compared far faster than networks."""
    nets = ((ip_network(prefix), reason) for prefix, reason in rows)
    return tuple((int(net.network_address), int(net.broadcast_address), reason) for net, reason in nets)


_V4 = _compiled(_V4_ROWS)
_V6 = _compiled(_V6_ROWS)

REASONS = frozenset({"cloud-metadata"} | {reason for _, _, reason in _V4 + _V6})
"""All reasons that `refusal` can give."""


def is_metadata(ip: IPv4Address | IPv6Address) -> bool:
    """Tell whether a cloud serves credentials or settings of its machines at this address."""
    return ip in _METADATA


def refusal(ip: IPv4Address | IPv6Address) -> str | None:
    """Return the reason why this address is not part of the public internet, or None when it is."""
    if ip in _METADATA:
        return "cloud-metadata"
    number = int(ip)
    for low, high, reason in _V4 if ip.version == 4 else _V6:
        if low <= number <= high:
            return reason
    return None
