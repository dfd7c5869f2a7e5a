"""How does an SQLite file take thousands of durable commits a second? One thread writes; those who wait share a commit.

The thread takes whatever has gathered while it was busy, puts it into one transaction and answers after COMMIT
(WAL, synchronous=FULL: on the disk). A lone job finds the thread idle and is written at once.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from bot.ports import StoreUnavailable
from bot.storage.faults import is_away
from bot.storage.jobs import MOST_AT_ONCE, Delete, DeletePlace, Job, Outcome, PutPlace, Read, StateRow, Tick, Write
from bot.storage.pragmas import prepare
from bot.storage.rows import CommitRows

log = logging.getLogger(__name__)

LOCKED_FOR_S = 2.0
"""How long another process may hold the file before a job is told that the store is away."""

READ = "SELECT state, version FROM conversations WHERE key = ?"
INSERT = (
    "INSERT INTO conversations (version, state, phase, updated_at, expires_at, key) VALUES (1, ?, ?, ?, ?, ?)"
    " ON CONFLICT (key) DO NOTHING"
)
UPDATE = (
    "UPDATE conversations SET version = version + 1, state = ?, phase = ?, updated_at = ?, expires_at = ?"
    " WHERE key = ? AND version = ?"
)
STANDS = "SELECT 1 FROM conversations WHERE key = ? AND version = ?"
SETTLE = "DELETE FROM effects WHERE key = ? AND id = ?"
ADD_EFFECT = "INSERT OR REPLACE INTO effects (key, id, kind, body, due_at) VALUES (?, ?, ?, ?, ?)"
ADD_REPLY = "INSERT OR REPLACE INTO replies (key, id, position, body) VALUES (?, ?, ?, ?)"
TICK = "DELETE FROM replies WHERE key = ?1 AND position <= (SELECT position FROM replies WHERE key = ?1 AND id = ?2)"
DELETES = tuple(f"DELETE FROM {table} WHERE key = ?" for table in ("conversations", "effects", "replies"))  # noqa: S608
PUT_PLACE = (
    "INSERT OR REPLACE INTO places (surface, key, owner, server, body, updated_at, expires_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)"
)
DELETE_PLACE = "DELETE FROM places WHERE surface = ? AND key = ?"

Asked = tuple[Job, "asyncio.Future[Outcome]"]


class SqliteWriter:
    """The one writer of a file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loop = asyncio.get_running_loop()
        self._queue: queue.SimpleQueue[Asked | None] = queue.SimpleQueue()
        self._connection: sqlite3.Connection | None = None
        self._thread = threading.Thread(target=self._run, name="sqlite-writer", daemon=True)
        self._thread.start()

    def submit(self, job: Job, future: asyncio.Future[Outcome] | None = None) -> asyncio.Future[Outcome]:
        """Queue a job; its outcome, or StoreUnavailable, comes after COMMIT. Jobs are done in order."""
        future = self._loop.create_future() if future is None else future
        self._queue.put((job, future))
        return future

    async def aclose(self) -> None:
        """Finish what is queued and close the file."""
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        open_ = True
        while open_:
            batch: list[Asked] = []
            entry = self._queue.get()
            while entry is not None:
                batch.append(entry)
                if len(batch) >= MOST_AT_ONCE:
                    break
                try:
                    entry = self._queue.get_nowait()
                except queue.Empty:
                    break
            else:
                open_ = False
            if batch:
                self._answer(batch, self._outcomes([job for job, _ in batch]))
        self._drop_connection()

    def _answer(self, batch: Sequence[Asked], outcomes: Sequence[Outcome | Exception]) -> None:
        with suppress(RuntimeError):  # the loop was closed during the write: nobody is left to tell
            self._loop.call_soon_threadsafe(resolve, batch, outcomes)

    def _outcomes(self, jobs: Sequence[Job]) -> Sequence[Outcome | Exception]:
        """Do all jobs in one transaction. If one of them is at fault, each gets a transaction of its own."""
        try:
            return self._together(jobs)
        except Exception as error:  # noqa: BLE001 - whatever a value does must not end the writer
            fault = error
        if is_away(fault):
            log.warning("the database cannot be used: %s", fault)
            self._drop_connection()
            return [StoreUnavailable(str(fault)) for _ in jobs]
        with suppress(sqlite3.Error):
            self._connected().execute("ROLLBACK")
        return [fault] if len(jobs) == 1 else [self._outcomes([job])[0] for job in jobs]

    def _together(self, jobs: Sequence[Job]) -> list[Outcome]:
        connection = self._connected()
        reads_only = all(isinstance(job, Read) for job in jobs)
        connection.execute("BEGIN" if reads_only else "BEGIN IMMEDIATE")
        outcomes = [do(connection, job) for job in jobs]
        connection.execute("COMMIT")
        return outcomes

    def _connected(self) -> sqlite3.Connection:
        if self._connection is None:
            address = f"file:{quote(str(self._path))}?mode=rw"
            self._connection = sqlite3.connect(address, uri=True, timeout=LOCKED_FOR_S, isolation_level=None)
            prepare(self._connection, LOCKED_FOR_S)
        return self._connection

    def _drop_connection(self) -> None:
        """Close; that rolls back an open transaction."""
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None


def do(connection: sqlite3.Connection, job: Job) -> Outcome:
    """Do one job in the open transaction."""
    match job:
        case Read(key):
            row = connection.execute(READ, (key,)).fetchone()
            return StateRow(*row) if row is not None else None
        case Write(rows):
            return _write(connection, rows)
        case Tick(key, line):
            connection.execute(TICK, (key, line))
        case Delete(key):
            for statement in DELETES:
                connection.execute(statement, (key,))
        case PutPlace(surface, key, owner, server, body, updated_at, expires_at):
            connection.execute(PUT_PLACE, (surface, key, owner, server, body, updated_at, expires_at))
        case DeletePlace(surface, key):
            connection.execute(DELETE_PLACE, (surface, key))
    return None


def _write(connection: sqlite3.Connection, rows: CommitRows) -> bool:
    if rows.copies is not None and connection.execute(STANDS, rows.copies).fetchone() is None:
        return False
    values = (rows.state, rows.phase, rows.updated_at, rows.expires_at, rows.key)
    if rows.expected == 0:
        changed = connection.execute(INSERT, values).rowcount
    else:
        changed = connection.execute(UPDATE, (*values, rows.expected)).rowcount
    if changed != 1:
        return False
    for effect_id in rows.settles:
        connection.execute(SETTLE, (rows.key, effect_id))
    for effect in rows.effects:
        connection.execute(ADD_EFFECT, (rows.key, *effect))
    for reply in rows.replies:
        connection.execute(ADD_REPLY, (rows.key, *reply))
    return True


def resolve(batch: Sequence[Asked], outcomes: Sequence[Outcome | Exception]) -> None:
    """Tell everybody who is still waiting how their job ended."""
    for (_, future), outcome in zip(batch, outcomes, strict=True):
        if future.done():
            continue
        if isinstance(outcome, Exception):
            future.set_exception(outcome)
        else:
            future.set_result(outcome)
