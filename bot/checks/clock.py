"""How far is this machine's clock from the clocks of others?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from statistics import median

from bot.checks.address import Refusal
from bot.checks.exchange import NoReply, Reply, ask
from bot.checks.headers import seconds, text
from bot.checks.http import resolve
from bot.checks.reach import Reach
from bot.diagnosis.findings import Failure


async def offset_s(reach: Reach, now: Callable[[], datetime]) -> float | None:
    """Return by how many seconds this clock is ahead (negative: behind), as the canaries tell; None: nobody tells.

    It is as exact as the field `Date`, whose unit is a second (RFC 9110, section 6.6.1). Never raises except on
    cancellation.
    """
    found = await asyncio.gather(*(_offset(url, reach, now) for url in reach.settings.canary))
    told = [each for each in found if each is not None]
    return median(told) if told else None


async def _offset(url: str, reach: Reach, now: Callable[[], datetime]) -> float | None:
    address = reach.guard.parse(url)
    if isinstance(address, Refusal):
        return None
    try:
        async with asyncio.timeout(reach.settings.canary_timeout):
            ips = await resolve(address, reach)
            if isinstance(ips, Refusal | Failure):
                return None
            reply = await ask(address, ips, reach)
    except Exception:  # noqa: BLE001 - a check never raises, and why this one failed the canary's own check tells
        return None
    if isinstance(reply, NoReply) or (told := told_time(reply)) is None:
        return None
    return (now() - told).total_seconds()


def told_time(reply: Reply) -> datetime | None:
    """Return the time at which an answer was made: `Date`, and the `Age` that a cache adds (RFC 9111, section 5.1)."""
    try:
        made = parsedate_to_datetime(text(reply.headers, b"date")[:64])
        return made + timedelta(seconds=seconds(reply.headers, b"age") or 0) if made.tzinfo is not None else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
