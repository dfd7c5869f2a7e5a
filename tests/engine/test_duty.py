"""Does a process go on with what another one left when it died, and stop when that one is back?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import pytest

from bot.engine.duty import LEASE_S, SIGN_EVERY_S, Duty
from bot.ports import Claim, Shard, StoreUnavailable
from bot.storage.duties import SqlDuties
from databases import open_database, sqlite_address
from fakes import HandClock

FIRST, SECOND = Shard(0, 2), Shard(1, 2)


class Away:
    """`Duties` whose database can be taken away."""

    def __init__(self, kept: SqlDuties) -> None:
        self.kept = kept
        self.away = False

    async def hold(self, surface: str, own: frozenset[Shard], claim: Claim) -> frozenset[Shard]:
        if self.away:
            raise StoreUnavailable
        return await self.kept.hold(surface, own, claim)

    async def lay_down(self, surface: str, holder: str, now: datetime) -> None:
        if self.away:
            raise StoreUnavailable
        await self.kept.lay_down(surface, holder, now)


@dataclass
class Process:
    """One process, and what it was told to go on with."""

    duty: Duty
    duties: Away
    going_on: set[Shard] = field(default_factory=set)
    fails: bool = False
    running: asyncio.Task[None] | None = None

    def start(self) -> None:
        self.running = asyncio.create_task(self.duty.run())

    def kill(self) -> None:
        assert self.running is not None
        self.running.cancel()

    @property
    def lives(self) -> bool:
        return self.running is not None and not self.running.done() and not self.running.cancelling()

    async def took(self, shards: frozenset[Shard]) -> None:
        if self.fails:
            raise ValueError(shards)
        self.going_on |= shards

    def lost(self, shards: frozenset[Shard]) -> None:
        self.going_on -= shards


class Crowd:
    """Processes on one database, under one clock."""

    def __init__(self, kept: SqlDuties) -> None:
        self.kept = kept
        self.clock = HandClock()
        self.all: list[Process] = []

    def process(self, name: str, own: Shard) -> Process:
        duties = Away(self.kept)
        process = Process(duty=None, duties=duties)  # type: ignore[arg-type]
        process.duty = Duty(duties, self.clock, name, "discord", frozenset({own}), took=process.took, lost=process.lost)
        self.all.append(process)
        process.start()
        return process

    async def wait(self, seconds: float) -> None:
        """Let time pass; after each sign wait until every living process has given its own and sleeps again."""
        await self.rest()
        for _ in range(int(seconds // SIGN_EVERY_S) + 1):
            await self.clock.pass_time(SIGN_EVERY_S)
            await self.rest()

    async def rest(self) -> None:
        """The database answers in a thread of its own, as late as the machine makes it."""
        async with asyncio.timeout(20):
            while self.clock.asleep < sum(process.lives for process in self.all):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.001)


@pytest.fixture
async def crowd(tmp_path: Path) -> AsyncIterator[Crowd]:
    database = await open_database(sqlite_address(tmp_path))
    crowd = Crowd(SqlDuties(database))
    yield crowd
    for process in crowd.all:
        process.kill()
    await database.aclose()


async def test_dead_process_is_stood_in_for_until_it_is_back(crowd: Crowd) -> None:
    """Nothing is taken from the living; after the lease of the dead the other goes on, and stops when it is back."""
    first, second = crowd.process("a", FIRST), crowd.process("b", SECOND)
    await crowd.wait(3 * LEASE_S)
    assert first.going_on == second.going_on == set()
    first.kill()
    await crowd.wait(LEASE_S + SIGN_EVERY_S)
    assert second.going_on == {FIRST}
    crowd.process("a-again", FIRST)
    await crowd.wait(2 * SIGN_EVERY_S)
    assert second.going_on == set()


async def test_process_that_ends_in_good_order_is_stood_in_for_at_once(crowd: Crowd) -> None:
    """Nobody waits for the lease of a process that said that it ends."""
    first, second = crowd.process("a", FIRST), crowd.process("b", SECOND)
    await crowd.wait(SIGN_EVERY_S)
    first.kill()
    await first.duty.lay_down()
    await crowd.wait(SIGN_EVERY_S)
    assert second.going_on == {FIRST}


async def test_store_that_is_away_changes_nothing(crowd: Crowd) -> None:
    """While no sign can be given a process keeps what it has, and goes on giving signs when it can."""
    first, second = crowd.process("a", FIRST), crowd.process("b", SECOND)
    await crowd.wait(SIGN_EVERY_S)
    first.kill()
    await crowd.wait(LEASE_S + SIGN_EVERY_S)
    second.duties.away = True
    await crowd.wait(LEASE_S)
    await second.duty.lay_down()
    assert second.going_on == {FIRST}
    second.duties.away = False
    await crowd.wait(SIGN_EVERY_S)
    assert second.going_on == {FIRST}


async def test_what_could_not_be_taken_on_is_tried_again(crowd: Crowd) -> None:
    """A fault while taking on ends neither the signs nor the wish to go on."""
    first, second = crowd.process("a", FIRST), crowd.process("b", SECOND)
    second.fails = True
    await crowd.wait(SIGN_EVERY_S)
    first.kill()
    await crowd.wait(LEASE_S + 2 * SIGN_EVERY_S)
    assert second.going_on == set()
    second.fails = False
    await crowd.wait(SIGN_EVERY_S)
    assert second.going_on == {FIRST}
