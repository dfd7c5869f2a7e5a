"""What do ten thousand waiting people cost? Claims, settled looks, memory, as ratios to named peers: in `make bench`.

A claim takes on one address whose time has come, a settle notes what its look brought; both among 10,000 watches. The
peer is what anybody would write first: one transaction of SQLAlchemy, with its pool, that reads a row by its key and
changes it. Memory is that of the whole bot at rest, with 10,000 conversations and 10,000 watches open and with none.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from bench_discord import OURS, _place, _rest
from bench_store import CROWD, Row, Sample, _engine
from bot.cli.compose import SystemClock
from bot.conversation.effects import Wake
from bot.diagnosis.recovery import Course, Next
from bot.kb.model import State
from bot.ports import Claim
from bot.storage.address import Address
from bot.storage.sql import Database
from bot.storage.tables import conversations, effects, places, watched, watchers
from bot.storage.watches import SqlWatches
from databases import Server, open_database, sqlite_address
from e2e.stage import Stage

TIMES = 30
"""Claims in one round."""
ROUNDS_A_PAIR = 9
"""A bot takes seconds to come to rest where a claim takes milliseconds."""
LATER_S = 10 * 3600.0
DOWN = Next(Course(looks=1, state=State.DOWN), LATER_S, back=False)
Work = Callable[[], Awaitable[Any]]


def many(rounds: int) -> list[Row]:
    """Compare on both databases, and the memory of the bot."""
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(_watches(sqlite_address(Path(folder)), "SQLite", rounds))
    server = Server()
    try:
        rows += asyncio.run(_watches(asyncio.run(server.empty_database()), "PostgreSQL", rounds))
    finally:
        server.close()
    stage = Stage()
    try:
        return [*rows, asyncio.run(_memory(stage, rounds))]
    finally:
        stage.close()


async def _watches(address: Address, name: str, rounds: int) -> list[Row]:
    """Compare claims and settled looks with the peer on one database."""
    times: dict[str, list[float]] = {"claim": [], "settle": [], "peer": []}
    async with _filled(address, TIMES * (rounds + 1)) as (watches, engine):
        numbers = count(CROWD // 2)
        for turn in range(rounds + 1):
            for _ in range(TIMES):
                measured = await _once(watches, engine, next(numbers))
                if turn:  # the first one only warms up
                    for what, taken in zip(times.values(), measured, strict=True):
                        what.append(taken)
    middle = {what: median(values) * 1000 for what, values in times.items()}
    peer = "one SQLAlchemy transaction"
    return [
        Row(f"{name}: a claim among {CROWD:,} watches", peer, middle["claim"], middle["peer"]),
        Row(f"{name}: a settled look among {CROWD:,} watches", peer, middle["settle"], middle["peer"]),
    ]


async def _once(watches: SqlWatches, engine: AsyncEngine, number: int) -> tuple[float, float, float]:
    """Return how long a claim, its settling, and the peer took."""
    now = datetime.now(UTC)
    looks = []

    async def claim() -> None:
        claimed = await watches.claim(Claim("me", now, now + timedelta(minutes=1), 1))
        looks.extend(claimed.looks)

    async def settle() -> None:
        assert await watches.settle("me", looks[0].url, DOWN, now)

    async def peer() -> None:
        url = _url(number % CROWD)
        async with engine.begin() as connection:
            row = (await connection.execute(select(watched).where(watched.c.url == url))).one()
            changed = update(watched).where(watched.c.url == url)
            await connection.execute(changed.values(course=row.course, next_at=row.next_at + 1))

    return await _timed(claim), await _timed(settle), await _timed(peer)


async def _timed(work: Work) -> float:
    started = time.perf_counter()
    await work()
    return time.perf_counter() - started


@asynccontextmanager
async def _filled(address: Address, due: int) -> AsyncIterator[tuple[SqlWatches, AsyncEngine]]:
    database = await open_database(address, SystemClock())
    await database.ask(lambda connection: _fill_watches(connection, due))
    watches, engine = SqlWatches(database), _engine(address)
    try:
        yield watches, engine
    finally:
        await engine.dispose()
        await watches.aclose()
        await database.aclose()


def _url(number: int) -> str:
    return f"https://site{number}.example.com/"


def _fill_watches(connection: Connection, due: int) -> None:
    """Let 10,000 people wait, each for a site of their own; this many of them are due."""
    now, course = time.time(), Course().model_dump_json()
    connection.execute(
        insert(watched),
        [
            {"url": _url(n), "course": course, "next_at": now - 1 if n < due else now + LATER_S, "held_until": 0.0}
            for n in range(CROWD)
        ],
    )
    whose = {"surface": "discord", "server": "9", "body": "{}", "asked_at": now, "held_until": 0.0}
    watch = [{"id": f"w{n}", "url": _url(n), "owner": str(n), "expires_at": now + 2 * LATER_S} for n in range(CROWD)]
    connection.execute(insert(watchers), [whose | one for one in watch])


def _fill_conversations(connection: Connection) -> None:
    """Let 10,000 people be in the middle of a guide, each in a thread, with a wake-up to come."""
    now, sample = time.time(), Sample()
    state, phase = sample.state.model_dump_json(), sample.state.phase.value
    until = {"updated_at": now, "expires_at": now + 100 * LATER_S}
    keys = [f"k{number}" for number in range(CROWD)]
    talks = [{"key": key, "version": 4, "state": state, "phase": phase, **until} for key in keys]
    connection.execute(insert(conversations), talks)
    wake = Wake(id="m4:wake", after_s=LATER_S)
    due = {"id": wake.id, "kind": wake.kind, "body": wake.model_dump_json(), "due_at": now + LATER_S}
    connection.execute(insert(effects), [{"key": key, **due} for key in keys])
    threads = [
        {"key": key, "kind": "thread", "owner": n, "channel": n + 10**18, "guild": 1 << 22}
        for n, key in enumerate(keys)
    ]
    connection.execute(
        insert(places),
        [
            {"surface": "discord", "key": at["key"], "owner": str(at["owner"]), "body": json.dumps(at), **until}
            for at in threads
        ],
    )


async def _memory(stage: Stage, rounds: int) -> Row:
    """Return what the bot holds at rest, in MiB, with all that open and with nothing."""
    held: dict[bool, list[float]] = {True: [], False: []}
    for pair in range(-(-rounds // ROUNDS_A_PAIR)):
        for full in (True, False) if pair % 2 else (False, True):
            async with _place(stage, OURS) as at:
                await at.bot.start()  # for once: makes the database
                await at.bot.stop()
                if full:
                    await _fill(at.bot.home / "fiveohtwo" / "fiveohtwo.sqlite3")
                await at.bot.start()
                held[full].append(await _rest(at) / 1024)
    what = f"memory in MiB, {CROWD:,} conversations, watches"
    return Row(what, "with none", median(held[True]), median(held[False]))


async def _fill(path: Path) -> None:
    database = Database(Address("sqlite", path=path), SystemClock())
    await database.ask(_fill_conversations)
    await database.ask(lambda connection: _fill_watches(connection, 0))
    await database.aclose()


if __name__ == "__main__":
    for line in many(9):
        print(line)
