"""Does this machine have a route to such an address? The kernel is asked; no packet is sent."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

_DISCARD = 9


def has_route(ip: IPv4Address | IPv6Address) -> bool:
    """Tell whether a connection to this address can leave the machine and be answered.

    A machine whose only IPv6 address is a local one has a route on paper, but no answer from the internet comes back.
    """
    family = socket.AF_INET if ip.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((str(ip), _DISCARD))  # UDP: only chooses a route and a source address
            source = ip_address(str(probe.getsockname()[0]).partition("%")[0])
    except OSError:
        return False
    local_only = source.version == 6 and source.is_private and not source.is_loopback
    return not (local_only and ip.is_global)
