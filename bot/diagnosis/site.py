"""Which site does a host belong to? The name that somebody registered: `shop.example.co.uk` is `example.co.uk`.

The library's public suffix list decides; below a shared name such as `herokuapp.com` each name is a site of its own.
"""

from __future__ import annotations

from functools import cache
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def site_of(host: str) -> str:
    """Return the registrable name of a host, in ASCII; an address or a bare suffix is a site of its own."""
    name = _ascii(host.strip("[].").lower())
    if _is_address(name):
        return name
    return _suffixes().privatesuffix(name) or name


@cache
def _suffixes() -> PublicSuffixList:
    """Build the list once, when it is first needed: that takes as long as a whole identification."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415

    return PublicSuffixList()


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _ascii(name: str) -> str:
    """Write a name as name servers know it: people paste it in either form."""
    if name.isascii():
        return name
    import idna  # noqa: PLC0415 - its tables cost start-up time, and most hosts are ASCII

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except ValueError:  # idna.IDNAError is one
        return name
