"""Are changes heard at once, and does losing the connection cost no more than time?"""

from __future__ import annotations

import asyncio

from bot.storage.bell import Bell
from databases import Server


async def test_ring_wakes_all_who_wait() -> None:
    """Everybody who waits in this process hears a ring; who has seen it already goes on waiting."""
    bell = Bell(None)
    waiting = [asyncio.ensure_future(bell.changed(0, 30)) for _ in range(2)]
    await asyncio.sleep(0)
    bell.ring()
    assert await asyncio.gather(*waiting) == [1, 1]
    assert await bell.changed(0, 30) == 1
    assert await bell.changed(1, 0.01) == 1


async def test_ring_between_two_waits_is_not_missed() -> None:
    """What rang while nobody waited is told at the next wait."""
    bell = Bell(None)
    seen = await bell.changed(-1, 0)
    bell.ring()
    assert await asyncio.wait_for(bell.changed(seen, 30), 1) != seen


async def test_server_that_cannot_be_reached_only_makes_it_slower() -> None:
    """Without PostgreSQL a wait still ends after its time, and rings of this process are heard."""
    bell = Bell("postgresql://nobody@127.0.0.1:9/none")
    assert await bell.changed(0, 0.01) == 0
    bell.ring()
    assert await bell.changed(0, 30) == 1
    await bell.aclose()


async def test_lost_connection_is_opened_again(server: Server) -> None:
    """After a lost connection the next wait listens again, and hears what others tell."""
    address = await server.empty_database()
    bell, other = Bell(address.url), Bell(address.url)
    seen = await bell.changed(-1, 0)
    assert bell._connection is not None
    bell._connection.terminate()
    assert await bell.changed(seen, 5) != seen, "something may have happened meanwhile"
    seen = await bell.changed(-1, 0)
    await other.changed(-1, 0)
    assert other._connection is not None
    await other._connection.execute("NOTIFY fiveohtwo_watches")
    assert await asyncio.wait_for(bell.changed(seen, 30), 5) != seen
    for each in (bell, other):
        await each.aclose()
