"""What does the operator allow beyond, and forbid within, the public internet?"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

from bot.checks import ranges

WEB_PORTS = frozenset({80, 443, 8080, 8443, 3000, 5000, 8000, 8081, 8888, 9443})
"""Ports on which people run web servers. Mail, shells, databases and proxies are left out on purpose."""


@dataclass(frozen=True)
class Policy:
    """The operator's part of the target policy. The default is the public internet, nothing else."""

    allow_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that may be contacted although they are not public (a private network, loopback in tests)."""
    asks_own_servers: bool = True
    """Some name server may know names of private space. Public ones would only learn the name, and deny it."""
    allow_ports: frozenset[int] = frozenset()
    """Ports besides `WEB_PORTS`."""
    own_addresses: frozenset[IPv4Address | IPv6Address] = frozenset()
    """The bot's own addresses: refused even when public, so that the bot cannot be used against its own machine."""
    own_networks: tuple[IPv4Network | IPv6Network, ...] = ()
    """Networks that its machine is part of: refused likewise, for the sake of its neighbours."""

    @property
    def opens_private_names(self) -> bool:
        """Tell whether a name of private space may be looked up."""
        return bool(self.allow_networks) and self.asks_own_servers

    def allows_port(self, port: int) -> bool:
        """Tell whether a web server is expected on this port."""
        return port in WEB_PORTS or port in self.allow_ports

    def names_network_of(self, ip: IPv4Address | IPv6Address) -> bool:
        """Tell whether the operator has opened a network that holds this address.

        Credentials are served at the metadata addresses of clouds, and they lie inside networks that are opened for
        other reasons (fd00::/8), so they pass only when they are named one by one.
        """
        alone = ranges.is_metadata(ip)
        return any(ip in net and (not alone or net.num_addresses == 1) for net in self.allow_networks)

    def refusal(self, ip: IPv4Address | IPv6Address) -> str | None:
        """Return the reason why this address is not contacted, or None."""
        if self.names_network_of(ip):
            return None
        if reason := ranges.refusal(ip):
            return reason
        if ip in self.own_addresses:
            return "own-address"
        return "own-network" if any(ip in net for net in self.own_networks) else None
