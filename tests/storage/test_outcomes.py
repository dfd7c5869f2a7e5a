"""Do memory, SQLite and PostgreSQL count alike, and lose nothing when many processes count at once?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import inspect

from bot.diagnosis.experience import Tally
from bot.ports import Outcomes
from bot.storage.address import Address
from bot.storage.memory import MemoryOutcomes
from bot.storage.outcomes import SqlOutcomes
from bot.storage.sql import Database
from databases import Server, open_database, sqlite_address


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def outcomes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Outcomes]:
    if request.param == "memory":
        yield MemoryOutcomes()
        return
    if request.param == "sqlite":
        address = sqlite_address(tmp_path)
    else:
        server: Server = request.getfixturevalue("server")
        address = await server.empty_database()
    database = await open_database(address)
    yield SqlOutcomes(database)
    await database.aclose()


async def test_nothing_was_counted_at_first(outcomes: Outcomes) -> None:
    """A new installation knows nothing."""
    assert await outcomes.all() == {}


async def test_counts_add_up_by_cause_guide_and_step(outcomes: Outcomes) -> None:
    """Each step is counted for each cause and guide by itself, in a settled order."""
    for solved in (True, False, False):
        await outcomes.count("flapping", "visitor", "reload", solved=solved)
    await outcomes.count("flapping", "visitor", "cookies", solved=True)
    await outcomes.count("flapping", "owner-nginx", "reload", solved=False)
    await outcomes.count("browser-state", "visitor", "reload", solved=True)
    assert await outcomes.all() == {
        "browser-state": (Tally(guide="visitor", step="reload", solved=1, failed=0),),
        "flapping": (
            Tally(guide="owner-nginx", step="reload", solved=0, failed=1),
            Tally(guide="visitor", step="cookies", solved=1, failed=0),
            Tally(guide="visitor", step="reload", solved=1, failed=2),
        ),
    }


async def test_counting_at_once_loses_nothing(outcomes: Outcomes) -> None:
    """Many answers in one moment are all counted."""
    await asyncio.gather(*(outcomes.count("c", "g", "s", solved=number % 3 == 0) for number in range(60)))
    assert await outcomes.all() == {"c": (Tally(guide="g", step="s", solved=20, failed=40),)}


async def test_several_processes_count_together(address: Address) -> None:
    """Each process has its own connections; the sum is that of all."""
    databases = [await open_database(address) for _ in range(3)]
    try:
        counters = [SqlOutcomes(database) for database in databases]
        jobs = (counter.count("c", "g", "s", solved=True) for _ in range(10) for counter in counters)
        await asyncio.gather(*jobs)
        for counter in counters:
            assert await counter.all() == {"c": (Tally(guide="g", step="s", solved=30, failed=0),)}
    finally:
        for database in databases:
            await database.aclose()


async def test_table_has_room_for_counts_only(address: Address) -> None:
    """There is no column for a person, a site, a server or a time."""
    database = await open_database(address)
    try:
        columns = await database.ask(lambda connection: inspect(connection).get_columns("outcomes"))
    finally:
        await database.aclose()
    assert {column["name"] for column in columns} == {"cause", "guide", "step", "solved", "failed"}


async def test_counts_begin_anew_after_they_were_deleted(database: Database) -> None:
    """All counts go, and the number of steps is returned; later counts start from nothing."""
    counter = SqlOutcomes(database)
    for step in ("reload", "reload", "cookies"):
        await counter.count("c", "g", step, solved=True)
    assert await counter.clear() == 2
    assert await counter.all() == {}
    await counter.count("c", "g", "reload", solved=False)
    assert await counter.all() == {"c": (Tally(guide="g", step="reload", solved=0, failed=1),)}
