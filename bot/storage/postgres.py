"""How does PostgreSQL take thousands of durable commits a second? One task writes; those who wait share a statement.

The task takes whatever has gathered during the last round trip. All events of a batch become one statement whose
parts see the same snapshot, so a lone event costs one round trip, and so do two hundred. Other processes write to the
same tables: the version in each condition tells who was faster.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from bot.ports import StoreRefused, StoreUnavailable
from bot.storage.faults import is_away
from bot.storage.jobs import (
    MOST_AT_ONCE,
    Delete,
    DeletePlace,
    Job,
    Outcome,
    PutPlace,
    Read,
    StateRow,
    Tick,
    Write,
    touched_by,
)
from bot.storage.parameters import set_by
from bot.storage.rows import CommitRows
from bot.storage.sqlite import Asked, resolve

log = logging.getLogger(__name__)

PATIENCE_S = 5.0
"""How long the server may take to connect or answer before a job is told that the store is away."""
RACES = (asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
"""Two processes were in each other's way: a batch of its own settles it."""

NO_SETTING = (
    asyncpg.UndefinedObjectError,
    asyncpg.InvalidParameterValueError,
    asyncpg.CantChangeRuntimeParamError,
)
"""How the server refuses a setting in an address: no such setting, no such value, or it is fixed."""

READ = "SELECT key, state, version FROM conversations WHERE key = ANY($1::text[])"
WRITE = """
WITH given AS (
    SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::float8[], $6::float8[])
        AS g (key, expected, state, phase, updated_at, expires_at)
), changed AS (
    UPDATE conversations AS c
    SET version = c.version + 1, state = g.state, phase = g.phase, updated_at = g.updated_at, expires_at = g.expires_at
    FROM given AS g WHERE g.expected > 0 AND c.key = g.key AND c.version = g.expected
    RETURNING c.key
), added AS (
    INSERT INTO conversations (key, version, state, phase, updated_at, expires_at)
    SELECT g.key, 1, g.state, g.phase, g.updated_at, g.expires_at FROM given AS g
    LEFT JOIN unnest($18::text[], $19::text[], $20::bigint[]) AS copy (key, of, version) ON copy.key = g.key
    WHERE g.expected = 0 AND (copy.key IS NULL OR EXISTS (
        SELECT FROM conversations AS c WHERE c.key = copy.of AND c.version = copy.version
    ))
    ON CONFLICT (key) DO NOTHING
    RETURNING key
), won AS (
    SELECT key FROM changed UNION ALL SELECT key FROM added
), settled AS (
    DELETE FROM effects AS e USING unnest($7::text[], $8::text[]) AS s (key, id), won
    WHERE e.key = s.key AND e.id = s.id AND won.key = s.key
), planned AS (
    INSERT INTO effects (key, id, kind, body, due_at)
    SELECT p.* FROM unnest($9::text[], $10::text[], $11::text[], $12::text[], $13::float8[])
        AS p (key, id, kind, body, due_at) JOIN won USING (key)
    ON CONFLICT (key, id) DO UPDATE SET kind = excluded.kind, body = excluded.body, due_at = excluded.due_at
), said AS (
    INSERT INTO replies (key, id, position, body)
    SELECT r.* FROM unnest($14::text[], $15::text[], $16::bigint[], $17::text[])
        AS r (key, id, position, body) JOIN won USING (key)
    ON CONFLICT (key, id) DO UPDATE SET position = excluded.position, body = excluded.body
)
SELECT key FROM won
"""
TICK = """
DELETE FROM replies AS r USING (
    SELECT t.key, max(shown.position) AS upto FROM unnest($1::text[], $2::text[]) AS t (key, id)
    JOIN replies AS shown ON shown.key = t.key AND shown.id = t.id GROUP BY t.key
) AS t WHERE r.key = t.key AND r.position <= t.upto
"""
DELETES = tuple(f"DELETE FROM {table} WHERE key = ANY($1::text[])" for table in ("conversations", "effects", "replies"))  # noqa: S608
PUT_PLACE = """
INSERT INTO places (surface, key, owner, server, body, updated_at, expires_at)
SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::float8[], $7::float8[])
ON CONFLICT (surface, key) DO UPDATE SET owner = excluded.owner, server = excluded.server, body = excluded.body,
    updated_at = excluded.updated_at, expires_at = excluded.expires_at
"""
DELETE_PLACE = """
DELETE FROM places AS p USING unnest($1::text[], $2::text[]) AS g (surface, key)
WHERE p.surface = g.surface AND p.key = g.key
"""


async def connect(url: str, answer_within_s: float | None = None) -> asyncpg.Connection[asyncpg.Record]:
    """Open a connection. Raises StoreUnavailable if the driver cannot make sense of the address.

    Raises StoreRefused if the address has settings that the server does not accept.
    """
    try:
        return await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=answer_within_s or PATIENCE_S)
    except NO_SETTING as error:
        names = set_by(urlsplit(url).query)
        if not names:
            raise
        wrong = next((name for name in names if f'"{name}"' in str(error)), ", ".join(names))
        raise StoreRefused(
            f"the address of the database has a parameter that the server does not take: {wrong}. "
            "Correct it in FIVEOHTWO_DATABASE_URL, or leave it out."
        ) from None
    except OSError:  # a certificate that does not verify is a ValueError, too
        raise
    except (ValueError, OverflowError, LookupError):  # its text repeats parts of the address
        raise StoreUnavailable("its address, or one of the variables PG..., cannot be read") from None


class PostgresWriter:
    """The one writer of this process."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Asked] = []
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._task: asyncio.Task[None] | None = None

    def submit(self, job: Job, future: asyncio.Future[Outcome] | None = None) -> asyncio.Future[Outcome]:
        """Queue a job; its outcome, or StoreUnavailable, comes after COMMIT. Jobs on one thing are done in order."""
        future = self._loop.create_future() if future is None else future
        self._waiting.append((job, future))
        if self._task is None:
            self._task = asyncio.ensure_future(self._run())
        return future

    async def aclose(self) -> None:
        """Finish what is queued and close the connection."""
        if self._task is not None:
            await self._task
        await self._drop_connection()

    async def _run(self) -> None:
        """Work until nothing waits. Between the last check and the end nobody else runs, so no job is overlooked."""
        while self._waiting:
            batch = self._take()
            resolve(batch, await self._outcomes([job for job, _ in batch]))
        self._task = None

    def _take(self) -> list[Asked]:
        """Take jobs from the front, up to one that touches what another job of the batch touches."""
        touched: set[tuple[str, ...]] = set()
        for number, (job, _) in enumerate(self._waiting):
            thing = touched_by(job)
            if thing in touched or number >= MOST_AT_ONCE:
                batch, self._waiting = self._waiting[:number], self._waiting[number:]
                return batch
            touched.add(thing)
        batch, self._waiting = self._waiting, []
        return batch

    async def _outcomes(self, jobs: Sequence[Job]) -> Sequence[Outcome | Exception]:
        """Do all jobs in one transaction. If one of them is at fault, each gets a transaction of its own."""
        try:
            return await self._together(jobs)
        except RACES as error:
            fault: Exception = error
            if len(jobs) == 1:
                return await self._once_more(jobs)
        except Exception as error:  # noqa: BLE001 - whatever a value does must not end the writer
            fault = error
        if is_away(fault) or isinstance(fault, asyncpg.InterfaceError):
            log.warning("the database cannot be used: %s", type(fault).__name__)
            await self._drop_connection()
            return [StoreUnavailable(type(fault).__name__) for _ in jobs]
        return [fault] if len(jobs) == 1 else [(await self._outcomes([job]))[0] for job in jobs]

    async def _once_more(self, jobs: Sequence[Job]) -> Sequence[Outcome | Exception]:
        try:
            return await self._together(jobs)
        except RACES as error:
            return [StoreUnavailable(type(error).__name__) for _ in jobs]

    async def _together(self, jobs: Sequence[Job]) -> list[Outcome]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await connect(self._url)
        statements = list(_statements(jobs))
        if len(statements) == 1:
            found = [await self._connection.fetch(*statements[0])]
        else:
            async with self._connection.transaction():
                found = [await self._connection.fetch(*statement) for statement in statements]
        keys = {row["key"]: row for rows in found for row in rows}
        return [_outcome(job, keys) for job in jobs]

    async def _drop_connection(self) -> None:
        connection, self._connection = self._connection, None
        if connection is None:
            return
        with suppress(Exception):
            await connection.close(timeout=1.0)
        connection.terminate()


def _outcome(job: Job, found: dict[str, Any]) -> Outcome:
    match job:
        case Read(key):
            return StateRow(found[key]["state"], found[key]["version"]) if key in found else None
        case Write(rows):
            return rows.key in found
        case _:
            return None


def _statements(jobs: Sequence[Job]) -> list[tuple[Any, ...]]:
    """Return one statement with its arguments for each kind of job present."""
    made: list[tuple[Any, ...]] = []
    if reads := [job.key for job in jobs if isinstance(job, Read)]:
        made.append((READ, reads))
    if writes := [job.rows for job in jobs if isinstance(job, Write)]:
        made.append((WRITE, *_write_arguments(writes)))
    if ticks := [(job.key, job.line) for job in jobs if isinstance(job, Tick)]:
        made.append((TICK, *_columns(ticks, 2)))
    if deletes := [job.key for job in jobs if isinstance(job, Delete)]:
        made += [(statement, deletes) for statement in DELETES]
    places = [
        (job.surface, job.key, job.owner, job.server, job.body, job.updated_at, job.expires_at)
        for job in jobs
        if isinstance(job, PutPlace)
    ]
    if places:
        made.append((PUT_PLACE, *_columns(places, 7)))
    if gone := [(job.surface, job.key) for job in jobs if isinstance(job, DeletePlace)]:
        made.append((DELETE_PLACE, *_columns(gone, 2)))
    return made


def _write_arguments(writes: Sequence[CommitRows]) -> list[list[Any]]:
    """Return the columns of all rows that these commits write."""
    return [
        *_columns([row[:6] for row in writes], 6),
        *_columns([(row.key, effect) for row in writes for effect in row.settles], 2),
        *_columns([(row.key, *effect) for row in writes for effect in row.effects], 5),
        *_columns([(row.key, *reply) for row in writes for reply in row.replies], 4),
        *_columns([(row.key, *row.copies) for row in writes if row.copies is not None], 3),
    ]


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]
