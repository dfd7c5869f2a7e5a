"""Which part of an address is requested when nobody requested that very address?

Many links are good only once, or do something when they are opened: they confirm, log in, unsubscribe. An address that
is merely in a message, or is looked at again and again, is requested without parts that may do that.
"""

from __future__ import annotations

import re

from bot.diagnosis.front import front_page

REMOVED = "<token>"
"""Replaces a part of a path."""
QUERY = "<query>"
_ACTION = re.compile(
    r"reset|verif|confirm|activat|invit|magic|unsubscri|opt-?out|one-?time|redeem|recover", re.IGNORECASE
)
_LONG = re.compile(r"[\w.~=%+:!-]{20,}")
_MIXED = re.compile(r"[0-9][A-Za-z]+[0-9]|[A-Za-z][0-9]+[A-Za-z]")
"""Letters and digits as in no word."""


def harmless(url: str) -> str:
    """Leave out the query, and of the path what looks made for one person; placeholders say what is left out."""
    place, path, query = _parts(url)
    segments = path.split("/")
    kept = [
        REMOVED if segment and (_ACTION.search(before) or _is_made(segment)) else segment
        for before, segment in zip(("", *segments), segments, strict=False)
    ]
    return place + "/".join(kept) + (f"?{QUERY}" if query else "")


def lasting(url: str) -> str:
    """Return the page of an address that can be requested repeatedly; the front page, if its own cannot."""
    plain = harmless(url).partition("?")[0]
    return front_page(plain) if "<" in plain or "%3C" in plain else plain


def _is_made(segment: str) -> bool:
    return _LONG.fullmatch(segment) is not None and _MIXED.search(segment) is not None


def _parts(url: str) -> tuple[str, str, str]:
    """Return what is before the path, the path, and the query."""
    page, _, query = url.partition("#")[0].partition("?")
    scheme, slashes, rest = page.partition("//")
    host, slash, path = rest.partition("/")
    return scheme + slashes + host, slash + path, query
