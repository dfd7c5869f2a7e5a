"""Which machine does an error itself say was not found or not reached?

A program on the server fails to reach its database or another service in the same words as a program on the visitor's
side: only the name tells the two apart.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address

from bot.diagnosis import lookalikes
from bot.diagnosis.anchors import Guarded, Present

_PLACE = r"(?P<place>[\w.:\[\]-]{2,253})(?![\w.:@-])"
GUARDED = (
    Guarded(rf"\b(?:ENOTFOUND|EAI_AGAIN) {_PLACE}"),
    Guarded(rf"\b(?:ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH) {_PLACE}"),
    Guarded(rf"\bphp_network_getaddresses: getaddrinfo for {_PLACE} failed"),
    Guarded(rf"\bcould not translate host name [\"']{_PLACE}[\"'] to address"),
    Guarded(rf"\bconnection to server at [\"']{_PLACE}[\"']"),
    Guarded(rf"\bcan'?t connect to (?:MySQL|MariaDB) server on [\"']{_PLACE}[\"']"),
    Guarded(rf"\bcould not resolve host: {_PLACE}"),
    Guarded(rf"\bfailed to connect to {_PLACE} port \d"),
    Guarded(rf"\blookup {_PLACE}(?: on [\w.:\[\]]{{1,60}})?: no such host"),
)


def unreached(flat: str, present: Present = None) -> str | None:
    """Return the host that a program names beside its failure."""
    for expression in GUARDED:
        if found := expression.search(flat, present):
            return _host(found["place"]) or None
    return None


def is_another(named: str, looked_at: Iterable[str], addresses: Iterable[str]) -> bool:
    """Tell whether it is not the site: another name, or a private address that the site's name does not have."""
    try:
        number = ip_address(named)
    except ValueError:
        return _plain(named) not in map(_plain, looked_at)
    return not number.is_global and named not in {*looked_at, *addresses}


def _host(place: str) -> str:
    """Cut off a port: programs write it after the last colon, even where the address has colons of its own."""
    bare = place.rstrip(".:").lower()
    head, _, tail = bare.rpartition(":")
    return lookalikes.told_apart((head if tail.isdecimal() and head.strip(":") else bare).strip("[]."))


def _plain(host: str) -> str:
    """With and without "www." a name is the same site's."""
    return host.lower().removeprefix("www.")
