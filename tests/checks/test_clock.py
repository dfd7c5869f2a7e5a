"""How far is this machine's clock from the clocks of others?"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from bot.checks.clock import offset_s

TWELVE = datetime(2026, 11, 24, 12, tzinfo=UTC)


def dated(lo: Any, date: str, **headers: str) -> bytes:
    """Return an answer with this date."""
    answer: bytes = lo.reply("204 No Content", b"", Date=date, **headers)
    return answer


@pytest.mark.parametrize(
    ("headers", "off"),
    [
        ({"date": "Tue, 24 Nov 2026 12:00:00 GMT"}, 0),
        ({"date": "Tue, 24 Nov 2026 11:00:00 GMT"}, 3600),
        ({"date": "Tue, 24 Nov 2026 12:01:00 GMT"}, -60),
        ({"date": "Tue, 24 Nov 2026 11:00:00 GMT", "Age": "3600"}, 0),
        ({"date": "Tue, 24 Nov 2026 11:00:00 GMT", "Age": "old"}, 3600),
        ({"date": "yesterday"}, None),
        ({"date": "Tue, 24 Nov 2026 11:00:00"}, None),
        ({"date": "Tue, 99 Nov 2026 11:00:00 GMT"}, None),
    ],
)
async def test_offset_is_read_from_date_and_age(headers: dict[str, str], off: float | None, lo: Any) -> None:
    """Ahead is positive; what a cache kept was written that many seconds ago; what is no date says nothing."""
    server = await lo.serve(dated(lo, **headers))
    assert await offset_s(lo.reach(canary=(server.url(),)), lambda: TWELVE) == off


async def test_most_clocks_outvote_one(lo: Any, closed_port: int) -> None:
    """One server with a wrong clock, and one that is down, change nothing."""
    dates = ["Tue, 24 Nov 2026 12:00:00 GMT", "Tue, 24 Nov 2020 12:00:00 GMT", "Tue, 24 Nov 2026 12:00:01 GMT"]
    servers = [await lo.serve(dated(lo, date)) for date in dates]
    urls = (f"http://127.0.0.2:{closed_port}/", *(server.url() for server in servers))
    assert await offset_s(lo.reach(canary=urls), lambda: TWELVE) == 0


async def test_nobody_is_asked_where_nobody_may_be(lo: Any) -> None:
    """Without a canary, or with one that the guard refuses, nothing is known."""
    assert await offset_s(lo.reach(), lambda: TWELVE) is None
    assert await offset_s(lo.reach(canary=("http://10.0.0.1/", "nonsense")), lambda: TWELVE) is None
