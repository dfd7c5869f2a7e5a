"""Is one process responsible for each shard, and another one soon after that one has died?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from bot.ports import Claim, Shard
from bot.storage import queries
from bot.storage.address import Address
from bot.storage.duties import SqlDuties
from bot.storage.lifetimes import DUTIES_LIVE_S
from bot.storage.memory import MemoryDuties
from bot.storage.sql import Database
from bot.storage.tables import duties
from databases import open_database

NOW = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
FIRST, SECOND = Shard(0, 2), Shard(1, 2)


@pytest.fixture
def shared(database: Database) -> SqlDuties:
    return SqlDuties(database)


def claim(holder: str, after_s: float = 0.0, lease_s: float = 30.0) -> Claim:
    now = NOW + timedelta(seconds=after_s)
    return Claim(holder, now, now + timedelta(seconds=lease_s), 1)


async def hold(shared: SqlDuties, holder: str, own: Shard, after_s: float = 0.0) -> frozenset[Shard]:
    return await shared.hold("discord", frozenset({own}), claim(holder, after_s))


async def test_living_processes_answer_for_their_own(shared: SqlDuties) -> None:
    """As long as both give signs, nobody takes anything from the other."""
    for after_s in (0.0, 10.0, 20.0, 45.0):
        assert await hold(shared, "a", FIRST, after_s) == {FIRST}
        assert await hold(shared, "b", SECOND, after_s) == {SECOND}


async def test_shard_of_the_dead_is_taken_on_after_the_lease(shared: SqlDuties) -> None:
    """Not before the lease is over, then at once, and for as long as its own process stays away."""
    await hold(shared, "a", FIRST)
    await hold(shared, "b", SECOND)
    assert await hold(shared, "b", SECOND, 29.0) == {SECOND}
    assert await hold(shared, "b", SECOND, 30.0) == {FIRST, SECOND}
    assert await hold(shared, "b", SECOND, 300.0) == {FIRST, SECOND}


async def test_own_process_takes_its_shard_back(shared: SqlDuties) -> None:
    """A shard's own process need not wait for anything, and the other one sees that it is back."""
    await hold(shared, "a", FIRST)
    await hold(shared, "b", SECOND, 40.0)
    assert await hold(shared, "a-again", FIRST, 41.0) == {FIRST}
    assert await hold(shared, "b", SECOND, 42.0) == {SECOND}


async def test_what_was_laid_down_is_free_at_once(shared: SqlDuties) -> None:
    """A process that ends in good order leaves its shard without a lease."""
    await hold(shared, "a", FIRST)
    await shared.lay_down("discord", "a", NOW + timedelta(seconds=1))
    assert await hold(shared, "b", SECOND, 1.0) == {FIRST, SECOND}


async def test_shards_of_another_count_are_left_alone(shared: SqlDuties) -> None:
    """When there are more shards than before, the old ones are nobody's, and go after a day."""
    await hold(shared, "old", Shard(0, 1))
    assert await hold(shared, "b", SECOND, 300.0) == {SECOND}
    end = NOW.timestamp() + 30.0 + DUTIES_LIVE_S + 1.0
    await shared._database.ask(lambda connection: queries.expire(connection, end))
    count = select(func.count()).select_from(duties)
    assert await shared._database.ask(lambda connection: connection.scalar(count)) == 1


async def test_one_of_many_takes_on_the_shard_of_the_dead(address: Address) -> None:
    """Processes that look at the same moment do not both go on with it."""
    databases = [await open_database(address) for _ in range(4)]
    crowd = [SqlDuties(database) for database in databases]
    own = [Shard(number, 5) for number in range(5)]
    await hold(crowd[0], "dead", own[4])
    for number, one in enumerate(crowd):
        await hold(one, f"p{number}", own[number], 40.0)
    await crowd[0].lay_down("discord", "p0", NOW + timedelta(seconds=40))
    await crowd[0].lay_down("discord", "p1", NOW + timedelta(seconds=40))
    held = await asyncio.gather(*(hold(one, f"p{number}", own[number], 41.0) for number, one in enumerate(crowd)))
    again = [await hold(one, f"p{number}", own[number], 42.0) for number, one in enumerate(crowd)]
    assert sum(own[4] in each for each in again) == 1
    assert all(own[number] in each for number, each in enumerate(held))
    for database in databases:
        await database.aclose()


async def test_single_process_answers_for_its_own() -> None:
    """In memory there is nobody to share with."""
    alone = MemoryDuties()
    assert await alone.hold("discord", frozenset({FIRST}), claim("a")) == {FIRST}
    await alone.lay_down("discord", "a", NOW)
