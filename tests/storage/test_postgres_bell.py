"""Are other processes' changes noticed at once, and does losing the connection cost only time?"""

from __future__ import annotations

import asyncio

from bot.storage.postgres_bell import PostgresBell
from databases import Server


async def test_server_that_cannot_be_reached_only_makes_it_slower() -> None:
    """Without PostgreSQL a wait still ends after its time, and rings of this process are heard."""
    bell = PostgresBell("postgresql://nobody@127.0.0.1:9/none")
    assert await bell.changed(0, 0.01) == 0
    bell.ring()
    assert await bell.changed(0, 30) == 1
    await bell.aclose()


async def test_lost_connection_is_opened_again(server: Server) -> None:
    """After a lost connection the next wait listens again, and is told what others tell."""
    address = await server.empty_database()
    bell, other = PostgresBell(address.url), PostgresBell(address.url)
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
