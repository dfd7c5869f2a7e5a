"""May we connect to this address?

Every address that a user names and every `Location` of a redirect passes here, and every answer of DNS does:
    parse (text -> Address)  ->  look the name up  ->  vet (answers -> addresses that may be dialled)  ->  redirect
Nothing else decides. `dial.py` then makes sure that only vetted addresses are dialled.

It refuses everything outside the public internet (`ranges.py`), private names (`hostname.py`), and what is public but
the bot's own: its machine's addresses and the networks on its interfaces (`interfaces.py`), and what the operator names
as such. Behind NAT and in a container the public address is among them only when it is named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address

from bot.checks import address as addresses
from bot.checks import hostname, ranges
from bot.checks.address import Address
from bot.checks.policy import Policy
from bot.checks.refusal import Refusal, Refused

__all__ = ["MAX_REDIRECTS", "REASONS", "Address", "Guard", "Policy", "Refusal"]

MAX_REDIRECTS = 10

REASONS = (
    addresses.REASONS
    | hostname.REASONS
    | ranges.REASONS
    | {"own-address", "own-network", "dns-answer", "dns-cname-loop", "redirect-loop", "too-many-redirects"}
)
"""All reasons that a refusal can give: the closed list that `wording` has sentences for."""

_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Guard:
    """Decides for one policy."""

    def __init__(self, policy: Policy | None = None) -> None:
        self.policy = policy or Policy()

    def parse(self, text: str) -> Address | Refusal:
        """Read an address that somebody named, or say why it is not taken."""
        return addresses.parse(text, self.policy)

    def vet(self, address: Address, answers: Sequence[str]) -> tuple[IPv4Address | IPv6Address, ...] | Refusal:
        """Return the addresses that may be dialled for `address`, in the order of the answers, without duplicates.

        One refused answer refuses the name: no healthy site mixes public and private addresses, but rebinding tools do.
        A host that is an IP address is vetted from itself. No answers, no addresses: that is a finding, not a refusal.
        """
        literal = address.literal
        found: Iterable[IPv4Address | IPv6Address | None] = [literal] if literal else map(_answer, answers)
        private = hostname.reserved(address.host) if literal is None else None
        vetted: dict[IPv4Address | IPv6Address, None] = {}
        for ip in found:
            if ip is None:
                return Refusal("block", "dns-answer")
            reason = self.policy.refusal(ip)
            if reason is None and private and not self.policy.names_network_of(ip):
                reason = private
            if reason:
                return Refusal("block", reason)
            vetted[ip] = None
        return tuple(vetted)

    def redirect(self, current: Address, location: bytes, seen: Collection[str]) -> Address | Refusal:
        """Return the address that a `Location` names, or say why it is not followed.

        `seen` holds the `url` of every address of this check so far, `current` included.
        """
        try:
            text = _absolute(current, _decoded(location))
        except Refused as refused:
            return refused.refusal
        following = addresses.parse(text, self.policy)
        if isinstance(following, Refusal):
            return following
        if following.url in seen:
            return Refusal("block", "redirect-loop")
        if len(seen) > MAX_REDIRECTS:
            return Refusal("block", "too-many-redirects")
        return following


def _answer(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as a resolver gives it; None when it is none, or carries a zone."""
    try:
        return None if "%" in text else ip_address(text)
    except ValueError:
        return None


def _decoded(location: bytes) -> str:
    """Decode a header value. Bytes that are no UTF-8 are kept, percent-encoded, as browsers keep them."""
    try:
        return location.decode("utf-8")
    except UnicodeDecodeError:
        return "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in location)


def _absolute(current: Address, reference: str) -> str:
    """Resolve a reference against the current address. The result is text: it is parsed like any other."""
    addresses.scan(reference)
    if _ABSOLUTE.match(reference):
        return reference
    if "\\" in reference[:2]:
        raise Refused("invalid", "backslash")
    if reference.startswith("//"):
        return f"{current.scheme}:{reference}"
    path = current.target.partition("?")[0]
    match reference[:1]:
        case "/":
            return current.origin + reference
        case "?":
            return current.origin + path + reference
        case "" | "#":
            return current.url + reference
    return current.origin + path[: path.rfind("/") + 1] + reference
