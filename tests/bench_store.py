"""What does keeping a conversation cost, as ratios to named peers? `python tests/bench_store.py`, or `make bench`.

An event reads a conversation, commits its next state with a wake-up and a reply, and waits until that is on the disk.
Ours then also notes that the reply was shown, which the peers need not do.
"""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from statistics import median
from typing import NamedTuple

from sqlalchemy import delete, event, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.conversation.effects import Wake
from bot.conversation.state import State
from bot.kb.load import load
from bot.ports import Commit, Due, Line
from bot.storage.address import Address
from bot.storage.engines import _begin_sqlite, _prepare_sqlite
from bot.storage.pragmas import prepare
from bot.storage.rows import rows_of, state_of
from bot.storage.sql import SqlStore
from bot.storage.sqlite import READ
from bot.storage.sqlite import _write as write_rows
from bot.storage.tables import conversations, effects, replies
from databases import Server, open_database, sqlite_address
from playbook import NGINX_502, Playbook, seen

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
AT_ONCE = 64
EVENTS = 2_560
"""Of ours in one round; peers, which are slower, do fewer."""
CROWD = 10_000
Event = Callable[[str, int], Awaitable[None]]


class Row(NamedTuple):
    """One comparison, in the shape of `bench.py`: time a single event takes (or costs, of many at once)."""

    what: str
    peer: str
    ours_ms: float
    peer_ms: float

    def __str__(self) -> str:
        ratio = self.peer_ms / self.ours_ms
        return f"{ratio:10.3g}  {self.what:<50} {self.peer:<34} {self.ours_ms:10.3f} {self.peer_ms:10.3f}"


class Sample:
    """A real state in the middle of a guide, and what an event makes of it."""

    def __init__(self) -> None:
        book = Playbook(load()).says(NGINX_502).picks("visitor").looked(seen(502)).picks("guide")
        self.state: State = book.state
        self.reply = book.replies[-1]

    def commit(self, key: str, version: int) -> Commit:
        """Return what the event after `version` commits."""
        wake = Due(Wake(id=f"{version}:wake", after_s=1800), AT + timedelta(minutes=30))
        state = self.state.model_copy(update={"number": version % 10})
        settles = frozenset({f"{version - 1}:wake"})
        return Commit(key, version, state, AT, (wake,), (Line(f"{version}:0", self.reply),), settles)


def ours(store: SqlStore, sample: Sample) -> Event:
    """Return our event."""

    async def happen(key: str, version: int) -> None:
        stored = await store.load(key)
        assert (stored.version if stored else 0) == version
        await store.commit(sample.commit(key, version))
        await store.shown(key, f"{version}:0")

    return happen


def plain_sqlalchemy(engine: AsyncEngine, sample: Sample) -> Event:
    """Return the event as one transaction of SQLAlchemy Core, as it is first written."""

    async def happen(key: str, version: int) -> None:
        async with engine.begin() as connection:
            found = select(conversations.c.state, conversations.c.version).where(conversations.c.key == key)
            row = (await connection.execute(found)).first()
            if row is not None:
                state_of(row.state, key)
            rows = rows_of(sample.commit(key, version))
            values = {
                "state": rows.state,
                "phase": rows.phase,
                "updated_at": rows.updated_at,
                "expires_at": rows.expires_at,
            }
            if row is None:
                await connection.execute(insert(conversations).values(key=key, version=1, **values))
            else:
                changed = update(conversations).where(conversations.c.key == key, conversations.c.version == version)
                await connection.execute(changed.values(version=version + 1, **values))
            await connection.execute(delete(effects).where(effects.c.key == key, effects.c.id.in_(rows.settles)))
            await connection.execute(delete(replies).where(replies.c.key == key))
            await connection.execute(insert(effects), [{"key": key, **effect._asdict()} for effect in rows.effects])
            await connection.execute(insert(replies), [{"key": key, **reply._asdict()} for reply in rows.replies])

    return happen


def bare_sqlite(path: Path, sample: Sample) -> Event:
    """Return the event as one transaction of the sqlite3 module, in the loop's own thread."""
    connection = sqlite3.connect(path, isolation_level=None)
    prepare(connection, 1.0)

    async def happen(key: str, version: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(READ, (key,)).fetchone()
        connection.execute("DELETE FROM replies WHERE key = ?", (key,))
        write_rows(connection, rows_of(sample.commit(key, version)))
        connection.execute("COMMIT")

    return happen


async def at_once(happen: Event, prefix: str, events: int) -> float:
    """Return the seconds that an event costs when 64 conversations have one after another."""

    async def talk(key: str) -> None:
        for version in range(events // AT_ONCE):
            await happen(key, version)

    started = time.perf_counter()
    await asyncio.gather(*(talk(f"{prefix}-{number}") for number in range(AT_ONCE)))
    return (time.perf_counter() - started) / (events // AT_ONCE * AT_ONCE)


async def alone(happen: Event, prefix: str, events: int) -> float:
    """Return the median seconds that the commit of a lone conversation takes."""
    times = []
    for version in range(events):
        started = time.perf_counter()
        await happen(prefix, version)
        times.append(time.perf_counter() - started)
    return median(times)


async def on(address: Address, name: str, rounds: int, sample: Sample) -> list[Row]:
    """Compare on one database."""
    async with AsyncExitStack() as stack:
        database = await open_database(address)
        stack.push_async_callback(database.aclose)
        engine = _engine(address)
        stack.push_async_callback(engine.dispose)
        store = SqlStore(database)
        mine, peer = ours(store, sample), plain_sqlalchemy(engine, sample)
        times: dict[str, list[float]] = {}
        for number in range(rounds):
            await _note(times, "ours", at_once(mine, f"ours{number}", EVENTS))
            await _note(times, "sqlalchemy", at_once(peer, f"peer{number}", EVENTS // 10))
            await _note(times, "ours alone", alone(_committing(store, sample), f"alone{number}", 200))
            if address.kind == "sqlite":
                await _note(times, "bare alone", alone(bare_sqlite(address.path, sample), f"bare{number}", 200))
            else:
                await _note(times, "sqlalchemy alone", alone(peer, f"slow{number}", 50))
    middle = {what: median(values) * 1000 for what, values in times.items()}
    lone_peer = "bare alone" if address.kind == "sqlite" else "sqlalchemy alone"
    called = {"bare alone": "bare sqlite3 transaction", "sqlalchemy alone": "SQLAlchemy transaction"}[lone_peer]
    return [
        Row(f"{name}: an event of 64 conversations", "SQLAlchemy transaction", middle["ours"], middle["sqlalchemy"]),
        Row(f"{name}: a lone event, p50", called, middle["ours alone"], middle[lone_peer]),
    ]


def _committing(store: SqlStore, sample: Sample) -> Event:
    async def happen(key: str, version: int) -> None:
        await store.load(key)
        await store.commit(sample.commit(key, version))

    return happen


async def crowd(folder: Path, rounds: int, sample: Sample) -> Row:
    """Compare a lone event among 10,000 open conversations, all waiting for a wake-up, with one among ten."""
    times: dict[str, list[float]] = {}
    async with AsyncExitStack() as stack:
        events = {}
        for name, size in {"few": 10, "crowd": CROWD}.items():
            database = await open_database(sqlite_address(folder))
            stack.push_async_callback(database.aclose)
            store = SqlStore(database)
            for start in range(0, size, 250):
                numbers = range(start, min(size, start + 250))
                await asyncio.gather(*(store.commit(sample.commit(f"k{number}", 0)) for number in numbers))
            events[name] = _spread(store, sample, size)
        waiting = [asyncio.ensure_future(asyncio.sleep(3600 + number)) for number in range(CROWD)]
        for number in range(2 * rounds):
            for name, happen in events.items():
                await _note(times, name, alone(happen, str(number), 60))
        for task in waiting:
            task.cancel()
    middle = {what: median(values) * 1000 for what, values in times.items()}
    return Row(f"SQLite: a lone event among {CROWD:,} conversations", "among ten", middle["crowd"], middle["few"])


def _spread(store: SqlStore, sample: Sample, size: int) -> Event:
    """Return an event of one conversation after another."""
    numbers = count()

    async def happen(_: str, __: int) -> None:
        key = f"k{next(numbers) * 37 % size}"
        stored = await store.load(key)
        await store.commit(sample.commit(key, stored.version if stored else 0))

    return happen


async def _note(times: dict[str, list[float]], what: str, work: Awaitable[float]) -> None:
    times.setdefault(what, []).append(await work)


def _engine(address: Address) -> AsyncEngine:
    if address.kind == "postgresql":
        return create_async_engine(address.url.replace("postgresql://", "postgresql+asyncpg://"), pool_size=10)
    # One connection: SQLite writes one after another anyway, and ten that wait for each other's lock take longer.
    engine = create_async_engine(f"sqlite+aiosqlite:///{address.path}", pool_size=1, max_overflow=0)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def stores(rounds: int) -> list[Row]:
    """Compare on both databases."""
    sample = Sample()
    with tempfile.TemporaryDirectory() as folder:
        rows = asyncio.run(on(sqlite_address(Path(folder)), "SQLite", rounds, sample))
        rows.append(asyncio.run(crowd(Path(folder), rounds, sample)))
    server = Server()
    try:
        address = asyncio.run(server.empty_database())
        return [*rows, *asyncio.run(on(address, "PostgreSQL", rounds, sample))]
    finally:
        server.close()


if __name__ == "__main__":
    for line in stores(9):
        print(line)
