"""Which address is meant? Our own strict parser, the only one whose reading is vetted and contacted.

Libraries disagree on what a URL says (`http://a\\@b/`, `http://0x7f.1/`, `http://１２７.1/`), and a guard that reads
one host while the transport dials another is no guard. So there is one reading, and doubtful texts are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import quote

from bot.checks import hostname
from bot.checks.policy import Policy
from bot.checks.refusal import Refusal, Refused

__all__ = ["MAX_LENGTH", "REASONS", "Address", "Refusal", "parse"]

MAX_LENGTH = 2048

REASONS = frozenset(
    {
        "url-too-long", "control-or-space", "idna-or-invisible", "scheme", "syntax", "backslash", "userinfo",
        "port-syntax", "port", "ipv6-syntax", "zone-id",
    }
)  # fmt: skip
"""All reasons of this module, besides those of `hostname` and `ranges`."""

# Controls, every kind of space, separators, byte order mark, marks that turn the direction of text, lone surrogates.
_FORBIDDEN = re.compile(
    "[\x00-\x20\x7f-\xa0\u061c\u1680\u2000-\u200a\u200e\u200f\u2028-\u202f\u205f\u2066-\u2069\u3000\ufeff\ud800-\udfff]"
)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(.*)")
_PORT = re.compile(r"[0-9]{1,5}")
_IPV6 = re.compile(r"[0-9A-Fa-f:.]+")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_DOT = frozenset({".", "%2e"})
_DOT_DOT = frozenset({"..", ".%2e", "%2e.", "%2e%2e"})
# What browsers leave as it is; `%` is left, too, so that nothing is encoded twice.
_PATH_SAFE = "/!$%&'()*+,:;=@[]|~-._"
_QUERY_SAFE = _PATH_SAFE.replace("'", "") + "?`{}\\^"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in its one canonical form. Only `parse` makes one."""

    scheme: str
    """`http` or `https`."""
    host: str
    """ASCII name in lower case without final dot, or an IP address without brackets."""
    port: int
    target: str
    """Path and query as they are sent; never empty, ASCII, without fragment."""

    @property
    def literal(self) -> IPv4Address | IPv6Address | None:
        """The IP address when the host is one; then there is no name to look up."""
        if ":" in self.host:
            return IPv6Address(self.host)
        return IPv4Address(self.host) if self.host.rpartition(".")[2].isdigit() else None

    @property
    def host_header(self) -> str:
        """The value of the `Host` header: the port is told only when it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"{self.scheme}://{self.host_header}"

    @property
    def url(self) -> str:
        """The whole address with its query. It may hold secrets: `shown` is the one for people and logs."""
        return self.origin + self.target

    @property
    def shown(self) -> str:
        """The address without its query."""
        return self.origin + self.target.partition("?")[0]

    @property
    def server_name(self) -> str | None:
        """The name that TLS asks for; none when the host is an IP address."""
        return None if self.literal else self.host


def parse(text: str, policy: Policy) -> Address | Refusal:
    """Read an address, or say why it is not taken. Never raises."""
    try:
        return _parse(text, policy)
    except Refused as refused:
        return refused.refusal


def _parse(text: str, policy: Policy) -> Address:
    """Read an address. Faults of form come before faults of policy."""
    scan(text)
    scheme, rest = _scheme(text)
    end = min((at for at in map(rest.find, "/?#") if at >= 0), default=len(rest))
    host, port = _authority(rest[:end], _DEFAULT_PORTS[scheme])
    address = Address(scheme, host, port, _target(rest[end:].partition("#")[0]))
    literal = address.literal
    reason = policy.refusal(literal) if literal else _name_refusal(host, policy)
    if reason:
        raise Refused("block", reason)
    if not policy.allows_port(port):
        raise Refused("block", "port")
    return address


def scan(text: str) -> None:
    """Raise Refused when the text is too long or holds a character that no part of an address may hold."""
    if len(text) > MAX_LENGTH:
        raise Refused("invalid", "url-too-long")
    if found := _FORBIDDEN.search(text):
        raise Refused("invalid", "control-or-space" if found.group() < "\u0100" else "idna-or-invisible")


def _scheme(text: str) -> tuple[str, str]:
    """Split off `http://` or `https://`; return the scheme and what follows the slashes."""
    match = _SCHEME.fullmatch(text)
    if match is None:
        raise Refused("invalid", "syntax")
    scheme, rest = match.group(1).lower(), match.group(2)
    if scheme not in _DEFAULT_PORTS:
        # `example.com:8080/x` is an address without its scheme, not one with a strange scheme.
        missing = not rest.startswith("//") and ("." in scheme or _PORT.match(rest))
        raise Refused("invalid", "syntax") if missing else Refused("block", "scheme")
    if "\\" in rest[:2]:
        raise Refused("invalid", "backslash")
    if not rest.startswith("//"):
        raise Refused("invalid", "syntax")
    return scheme, rest[2:]


def _authority(text: str, default_port: int) -> tuple[str, int]:
    """Read host and port from what stands between the slashes and the path."""
    if "\\" in text:
        raise Refused("invalid", "backslash")
    if ats := text.count("@"):
        raise Refused("block", "userinfo") if ats == 1 else Refused("invalid", "syntax")
    if text.startswith("["):
        inside, closed, port_text = text[1:].partition("]")
        if not closed or (port_text and not port_text.startswith(":")):
            raise Refused("invalid", "ipv6-syntax")
        return _ipv6(inside), _port(port_text[1:], default_port)
    host_text, _, port_text = text.partition(":")
    if "[" in text or "]" in text:
        raise Refused("invalid", "ipv6-syntax")
    if not host_text:
        raise Refused("invalid", "syntax")
    port = _port(port_text, default_port)
    return hostname.canonical(host_text), port


def _port(text: str, default: int) -> int:
    """Read a port; an empty one means the usual one."""
    if not text:
        return default
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= 65535:
        raise Refused("invalid", "port-syntax")
    return int(text)


def _ipv6(text: str) -> str:
    """Read what stands in brackets."""
    if "%" in text:
        raise Refused("invalid", "zone-id")
    if not _IPV6.fullmatch(text):
        raise Refused("invalid", "ipv6-syntax")
    try:
        return IPv6Address(text).compressed
    except ValueError:
        raise Refused("invalid", "ipv6-syntax") from None


def _name_refusal(host: str, policy: Policy) -> str | None:
    """Names of private space pass for now when the operator has opened some: their answers decide."""
    if policy.opens_private_names and not hostname.never_private(host):
        return None
    return hostname.reserved(host)


def _target(text: str) -> str:
    """Return path and query as a browser would send them, so that the bot sees what a visitor sees."""
    path, mark, query = text.partition("?")
    kept: list[str] = []
    segments = path.replace("\\", "/").split("/")[1:]
    for at, segment in enumerate(segments):
        last = at == len(segments) - 1
        if segment.lower() in _DOT_DOT:
            del kept[-1:]
        elif segment.lower() not in _DOT:
            kept.append(segment)
            continue
        if last:
            kept.append("")
    return "/" + quote("/".join(kept), safe=_PATH_SAFE) + mark + quote(query, safe=_QUERY_SAFE)
