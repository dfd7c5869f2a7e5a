"""How much may Globalping still be asked in this hour?"""

from __future__ import annotations

import asyncio
from typing import NamedTuple

from bot.checks.reach import Reach
from bot.checks.vantage.api import Access, Api

PATIENCE_S = 5.0
_MOST = 10**9


class Allowance(NamedTuple):
    """Tests in an hour, each of which is one place's look."""

    limit: int
    remaining: int
    account: bool
    """Counted by account, not by the address of this machine."""


async def allowance_of(access: Access, reach: Reach) -> Allowance | None:
    """Ask (`GET /v1/limits`, free of charge); None without a usable answer. Never raises except on cancellation."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            answer = await Api(access, reach.contexts.web).limits()
        told = answer.shape["rateLimit"]["measurements"]["create"]
        limit, remaining, kind = told["limit"], told["remaining"], told["type"]
    except Exception:  # noqa: BLE001 - whatever is wrong with the way there or with the answer: it is not usable
        return None
    if answer.status != 200 or kind not in ("ip", "user"):
        return None
    if not all(type(number) is int and 0 <= number <= _MOST for number in (limit, remaining)):
        return None
    return Allowance(limit, remaining, kind == "user")
