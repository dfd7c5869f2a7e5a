"""Which scheme does an address have that was given without one? Nobody knows yet: it is written as `//host/path`.

Browsers try https for a name that somebody types, and http where no https connection can be made. So does a look;
until then, and for the next look, the address stays as it was given.
"""

from __future__ import annotations

_OPEN = "//"


def is_open(url: str) -> bool:
    """Tell whether an address was given without a scheme."""
    return url.startswith(_OPEN)


def without_scheme(url: str) -> str:
    """Leave the scheme open."""
    return url if is_open(url) else _OPEN + url.partition("://")[2]


def with_scheme(url: str) -> str:
    """Return an absolute address: https, where the scheme is open."""
    return f"https:{url}" if is_open(url) else url
