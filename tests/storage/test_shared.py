"""Is the database's clock the same for all, and is the holder of a named lock alone?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from sqlalchemy import Connection

from bot.storage.shared import alone, now_of
from bot.storage.sql import Database
from databases import Server, open_database


async def test_clock_is_that_of_the_database(database: Database) -> None:
    """Seconds since 1970 that go on within a transaction, too; the clock of the process counts for nothing."""

    def twice(connection: Connection) -> tuple[float, float]:
        first = now_of(connection)
        time.sleep(0.05)
        return first, now_of(connection)

    first, second = await database.ask(twice)
    assert abs(first - time.time()) < 5
    assert 0.02 < second - first < 5


async def test_second_one_waits_until_the_first_is_done(server: Server) -> None:
    """Two transactions under one name follow each other; one under another name waits for nobody."""
    database = await open_database(await server.empty_database())
    done: list[str] = []

    def hold(name: str, mark: str, for_s: float) -> Callable[[Connection], None]:
        def question(connection: Connection) -> None:
            alone(connection, name)
            connection.exec_driver_sql(f"SELECT pg_sleep({for_s})")
            done.append(mark)

        return question

    first = asyncio.ensure_future(database.ask(hold("a", "first", 0.4)))
    await asyncio.sleep(0.15)
    await asyncio.gather(first, database.ask(hold("a", "second", 0)), database.ask(hold("b", "other", 0)))
    assert done == ["other", "first", "second"]
    await database.aclose()
