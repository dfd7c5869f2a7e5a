"""Does everybody who waits learn of a change at once, and does nobody miss one?"""

from __future__ import annotations

import asyncio

from bot.storage.bell import Bell


async def test_ring_wakes_all_who_wait() -> None:
    """A ring wakes everybody who waits in this process; whoever has seen it already goes on waiting."""
    bell = Bell()
    waiting = [asyncio.ensure_future(bell.changed(0, 30)) for _ in range(2)]
    await asyncio.sleep(0)
    bell.ring()
    assert await asyncio.gather(*waiting) == [1, 1]
    assert await bell.changed(0, 30) == 1
    assert await bell.changed(1, 0.01) == 1


async def test_ring_between_two_waits_is_not_missed() -> None:
    """What rang while nobody waited is told at the next wait."""
    bell = Bell()
    seen = await bell.changed(-1, 0)
    bell.ring()
    assert await asyncio.wait_for(bell.changed(seen, 30), 1) != seen
