"""What do the headers of an answer say? Read from raw bytes, within limits, and never trusted."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from bot.checks.decode import header_text
from bot.checks.limits import MAX_HEADER_BYTES, MAX_HEADERS, MAX_URL

Headers = tuple[tuple[bytes, bytes], ...]

_SECONDS = re.compile(rb"[0-9]{1,10}")
_YEAR = 366 * 24 * 3600


def capped(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Keep the first 100 headers within 32 KiB: the parser below us accepts far more.

    A Location beyond that is kept, cut at a length that no address has: a redirect must not look like the end.
    """
    kept: list[tuple[bytes, bytes]] = []
    room = MAX_HEADER_BYTES
    for raw, value in headers:
        name = raw.lower()
        room -= len(name) + len(value)
        if len(kept) < MAX_HEADERS and room >= 0:
            kept.append((name, value))
        elif name == b"location":
            kept.append((name, value[: MAX_URL + 1]))
            break
    return tuple(kept)


def values(headers: Headers, name: bytes) -> list[bytes]:
    """Return all values of a header; `name` in lower case."""
    return [value for key, value in headers if key == name]


def text(headers: Headers, name: bytes) -> str:
    """Return the first value as text, or an empty string."""
    return next((header_text(value) for value in values(headers, name)), "")


def codings(headers: Headers) -> list[str]:
    """Return the content codings, in the order in which they were applied."""
    joined = ",".join(header_text(value) for value in values(headers, b"content-encoding"))
    return [coding.strip().lower() for coding in joined.split(",") if coding.strip()]


def location(headers: Headers) -> bytes | None:
    """Return the raw Location; None when there is none. Two that differ lead nowhere (ValueError)."""
    found = dict.fromkeys(value.strip() for value in values(headers, b"location"))
    if len(found) > 1:
        raise ValueError("more than one Location")
    return next(iter(found), None)


def seconds(headers: Headers, name: bytes) -> int | None:
    """Read a header that holds whole seconds (`Age`); None when it holds something else."""
    found = [value for value in values(headers, name) if _SECONDS.fullmatch(value.strip())]
    return min(int(found[0]), _YEAR) if found else None


def retry_after(headers: Headers, now: datetime) -> int | None:
    """Read Retry-After in seconds from `now`: a number or a date of any HTTP form. At most a year, never negative."""
    number = seconds(headers, b"retry-after")
    if number is not None:
        return number
    for value in values(headers, b"retry-after"):
        try:
            date = parsedate_to_datetime(value[:64].decode("ascii"))
            date = date if date.tzinfo else date.replace(tzinfo=UTC)
            return max(0, min(round((date - now).total_seconds()), _YEAR))
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None
