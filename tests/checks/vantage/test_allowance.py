"""Is it known how much may still be asked, and is nonsense taken for nothing?"""

from __future__ import annotations

import json
from typing import Any

import pytest
from aiohttp import web

from bot.checks.vantage.allowance import Allowance, allowance_of
from bot.checks.vantage.api import Access
from globalping_standin import GlobalpingStandin


async def test_limits_are_read(standin: GlobalpingStandin, lo: Any) -> None:
    """By address or by account, the limit and what is left are told; no measurement is made."""
    assert await allowance_of(Access(standin.url), lo.reach()) == Allowance(250, 240, account=False)
    standin.limits |= {"type": "user", "limit": 500}
    assert await allowance_of(Access(standin.url, "token"), lo.reach()) == Allowance(500, 240, account=True)
    assert [path for _, path, _ in standin.asked] == ["/v1/limits"] * 2


@pytest.mark.parametrize(
    "told",
    [
        {"type": "moon", "limit": 1, "remaining": 1},
        {"type": ["ip"], "limit": 1, "remaining": 1},
        {"type": "ip", "limit": True, "remaining": 1},
        {"type": "ip", "limit": "1", "remaining": 1},
        {"type": "ip", "limit": 1, "remaining": -1},
        {"type": "ip", "limit": 10**30, "remaining": 1},
        {"type": "ip", "limit": 1},
        None,
        [],
    ],
)
async def test_nonsense_is_no_answer(lo: Any, told: Any) -> None:
    """What is no number of tests is not repeated."""

    async def answer(_request: web.Request) -> web.Response:
        return web.json_response({"rateLimit": {"measurements": {"create": told}}})

    assert await _asked(lo, answer) is None


@pytest.mark.parametrize(
    ("status", "body"), [(500, "{}"), (200, "<html>"), (200, "7"), (401, json.dumps({"error": {}}))]
)
async def test_refusal_is_no_answer(lo: Any, status: int, body: str) -> None:
    """A fault, a page and a refusal say nothing of limits."""

    async def answer(_request: web.Request) -> web.Response:
        return web.Response(status=status, text=body)

    assert await _asked(lo, answer) is None


async def test_nobody_there_is_no_answer(lo: Any, closed_port: int) -> None:
    """A service that cannot be reached raises nothing."""
    assert await allowance_of(Access(f"http://127.0.0.2:{closed_port}"), lo.reach()) is None


async def _asked(lo: Any, answer: Any) -> Allowance | None:
    app = web.Application()
    app.router.add_get("/v1/limits", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        return await allowance_of(Access(f"http://127.0.0.1:{runner.addresses[0][1]}"), lo.reach())
    finally:
        await runner.cleanup()
