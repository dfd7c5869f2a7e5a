"""How are conversations kept in a database? SQLite or PostgreSQL, opened when it is first needed.

The hot path (load, commit, shown, places) goes through the writer of `sqlite.py` or `postgres.py`; schema,
migrations and rare queries go through SQLAlchemy.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from cachetools import LRUCache
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, InterfaceError

from bot.ports import Clock, Commit, Conflict, KeptPlace, Pending, Stored, StoreRefused, StoreUnavailable
from bot.storage import file, forgotten, queries, schema, watch_queries, whose
from bot.storage.address import Address
from bot.storage.engines import engine_of, reader_of
from bot.storage.faults import is_away, reason_of
from bot.storage.jobs import Delete, Job, Outcome, Read, StateRow, Tick, Write
from bot.storage.lifetimes import EXPIRE_EVERY_S
from bot.storage.ours import Bot
from bot.storage.rows import rows_of, state_of
from bot.storage.sqlite import Asked, SqliteWriter

if TYPE_CHECKING:
    from bot.storage.postgres import PostgresWriter

log = logging.getLogger(__name__)

CACHED = 2000
"""Conversations whose state is kept in memory, too; another process's commit shows in the version."""
Answer = TypeVar("Answer")


class Database:
    """One database. Nothing is opened before it is needed, and what fails to open is tried again at the next use."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        bot: Bot | None = None,
        refused: Callable[[StoreRefused], None] | None = None,
    ) -> None:
        self.address = address
        self.clock = clock
        self._bot = bot
        """Makes the database its own."""
        self._refused = refused
        """Told that it must not be used: the one who finds out can do nothing about it."""
        self._engine = engine_of(address)
        self._writer: SqliteWriter | PostgresWriter | None = None
        self._early: list[Asked] = []
        """Jobs that came before the database was open."""
        self._opening: asyncio.Task[None] | None = None
        self._lock = asyncio.Lock()
        self._upkeep: asyncio.Task[None] | None = None
        self._staying: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Bring the schema up to date and be ready. Raises StoreUnavailable or StoreRefused."""
        async with self._lock:
            if self._writer is not None:
                return
            if self.address.kind == "sqlite":
                await asyncio.to_thread(file.make, self.address.path)
            try:
                await self._ask(self._prepare)
            except StoreRefused as error:
                if self._refused is not None:
                    self._refused(error)
                raise
            except StoreUnavailable as error:
                raise StoreUnavailable(f"{self.address.place}: {error}") from error
            except DBAPIError as error:  # no job is at fault yet, whatever the database objects to
                raise StoreUnavailable(f"{self.address.place}: {reason_of(error)}") from error
            if self.address.passed_over:
                log.warning(
                    "parameters of the database's address are passed over: %s", ", ".join(self.address.passed_over)
                )
            self._writer = _writer(self.address)
            for job, future in self._early:
                self._writer.submit(job, future)
            self._early.clear()
            self._upkeep = asyncio.ensure_future(self._keep_up())
            if self._bot is not None:
                self._staying = asyncio.ensure_future(self._stay_ours(self._bot))

    def submit(self, job: Job) -> asyncio.Future[Outcome]:
        """Hand a job to the writer; jobs on one thing are done in the order of the calls."""
        if self._writer is not None:
            return self._writer.submit(job)
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._early.append((job, future))
        if self._opening is None or self._opening.done():
            self._opening = asyncio.ensure_future(self._open_for_early())
        return future

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Run a function in a transaction of its own."""
        await self.open()
        return await self._ask(question)

    async def expire(self) -> int:
        """Delete everything that has expired; return how many rows that were, without dependent ones."""
        total, now = 0, self.clock.now().timestamp()
        while count := await self.ask(lambda connection: queries.expire(connection, now)):
            total += count
        for url in await self.ask(lambda connection: watch_queries.unawaited(connection, now)):
            await self.ask(partial(watch_queries.leave_alone, url=url, now=now))
        await self.settle()
        return total

    async def settle(self) -> None:
        """Let nothing that was deleted linger in SQLite's log."""
        if self.address.kind == "sqlite" and not await asyncio.to_thread(file.settle, self.address.path):
            log.warning("what was deleted lingers in the log of %s until it is written back", self.address.path.name)

    async def aclose(self) -> None:
        """Finish what is queued and close."""
        for task in (self._opening, self._upkeep, self._staying):
            if task is not None:
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
        try:
            if self._writer is not None:
                await self._writer.aclose()
        finally:
            await self._engine.dispose()

    def _prepare(self, connection: Connection) -> None:
        schema.upgrade(connection)
        if self._bot is not None:
            whose.claim(connection, self._bot, self.clock.now().timestamp())

    async def _open_for_early(self) -> None:
        try:
            await self.open()
        except Exception as error:  # noqa: BLE001 - whoever waits gets to know it
            early, self._early = self._early, []
            for _, future in early:
                if not future.done():
                    future.set_exception(error)

    async def _ask(self, question: Callable[[Connection], Answer]) -> Answer:
        async with _told_as_unavailable():
            return await self._engine.ask(question)

    async def _stay_ours(self, bot: Bot) -> None:
        refusal = await whose.lost(self._ask, self.clock, bot)
        log.error("%s", refusal)
        if self._refused is not None:
            self._refused(refusal)

    async def _keep_up(self) -> None:
        while True:
            try:
                if count := await self.expire():
                    log.info("expired", extra={"count": count})
            except StoreUnavailable as error:
                log.warning("nothing could be expired: %s", error)
            except Exception:  # whatever it was this time: nobody notices that things are kept too long
                log.exception("nothing could be expired")
            await self.clock.sleep(EXPIRE_EVERY_S)


async def examine(address: Address, surface: str | None = None) -> tuple[str | None, bool, str | None]:
    """See `schema.examine`. Raises StoreUnavailable or StoreRefused."""
    engine = reader_of(address)
    try:
        async with _told_as_unavailable():
            return await engine.ask(partial(schema.examine, surface=surface))
    except StoreUnavailable as error:
        raise StoreUnavailable(f"{address.place}: {error}") from error
    except DBAPIError as error:
        raise StoreUnavailable(f"{address.place}: {reason_of(error)}") from error
    finally:
        await engine.dispose()


class SqlStore:
    """A `Store` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._cache: LRUCache[str, Stored] = LRUCache(CACHED)

    async def load(self, key: str, *, sure: bool = False) -> Stored | None:
        """See `ports.Store`. What is remembered here is not asked for again, unless that must be `sure`."""
        known = self._cache.get(key)
        if known is not None and not sure:
            return known
        try:
            row = await self._database.submit(Read(key))
        except StoreUnavailable:
            if known is None:
                raise
            return known
        if not isinstance(row, StateRow):
            self._cache.pop(key, None)
            return None
        known = self._cache.get(key)
        if known is None or known.version != row.version:
            known = self._cache[key] = Stored(state_of(row.state, key), row.version)
        return known

    async def commit(self, commit: Commit) -> int:
        """See `ports.Store`."""
        try:
            won = await self._database.submit(Write(rows_of(commit)))
        except BaseException:
            self._cache.pop(commit.key, None)
            raise
        if not won:
            self._cache.pop(commit.key, None)
            raise Conflict(commit.key)
        version = commit.expected + 1
        self._cache[commit.key] = Stored(commit.state, version)
        return version

    async def shown(self, key: str, line: str) -> None:
        """See `ports.Store`."""
        await self._database.submit(Tick(key, line))

    async def pending(self, key: str | None = None) -> tuple[Pending, ...]:
        """See `ports.Store`."""
        return await self._database.ask(lambda connection: queries.pending(connection, key))

    async def forget(self, key: str) -> None:
        """See `ports.Store`."""
        self._cache.pop(key, None)
        await self._database.submit(Delete(key))


class SqlPreferences:
    """`Preferences` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self, kind: str) -> tuple[tuple[str, str, str], ...]:
        """See `ports.Preferences`."""
        return await self._database.ask(lambda connection: queries.all_preferences(connection, kind))

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """See `ports.Preferences`."""
        await self._database.ask(lambda connection: queries.put_preference(connection, kind, scope, name, value))

    async def drop(self, kind: str, scope: str, name: str) -> None:
        """See `ports.Preferences`."""
        await self._database.ask(lambda connection: queries.drop_preference(connection, kind, scope, name))

    async def forget(self, kind: str, scope: str) -> None:
        """See `ports.Preferences`."""
        await self._database.ask(lambda connection: queries.forget_preferences(connection, kind, scope))


class SqlPrivacy:
    """`Privacy` over a database, for the people of one surface."""

    def __init__(self, database: Database, surface: str) -> None:
        self._database = database
        self._surface = surface

    async def export(self, owner: str) -> list[dict[str, Any]]:
        """See `ports.Privacy`."""
        return await self._database.ask(lambda connection: queries.export(connection, self._surface, owner))

    async def forget(self, owner: str, *, tell: bool = False) -> tuple[str, ...]:
        """See `ports.Privacy`."""
        told_at = self._now() if tell else None
        gone = await self._database.ask(
            lambda connection: queries.forget(connection, self._surface, owner=owner, told_at=told_at)
        )
        await self._database.settle()
        return gone.keys

    async def forgotten(self) -> tuple[KeptPlace, ...]:
        """See `ports.Privacy`."""
        return await self._database.ask(lambda connection: forgotten.left(connection, self._surface))

    async def heard(self, keys: Collection[str]) -> None:
        """See `ports.Privacy`."""
        await self._database.ask(lambda connection: forgotten.heard(connection, self._surface, keys))

    async def forget_server(self, server: str) -> tuple[str, ...]:
        """See `ports.Privacy`."""
        gone = await self._database.ask(lambda connection: queries.forget(connection, self._surface, server=server))
        await self._database.settle()
        return gone.keys

    async def servers(self) -> frozenset[str]:
        """See `ports.Privacy`."""
        return await self._database.ask(lambda connection: queries.servers(connection, self._surface))

    async def is_settled(self) -> bool:
        """See `ports.Privacy`."""
        return await self._database.ask(lambda connection: whose.is_settled(connection, self._surface, self._now()))

    def _now(self) -> float:
        return self._database.clock.now().timestamp()


@asynccontextmanager
async def _told_as_unavailable() -> AsyncIterator[None]:
    """Raise StoreUnavailable in place of whatever the driver raises when the database is away."""
    try:
        yield
    except (DBAPIError, OSError, sqlite3.Error) as error:
        gone = isinstance(error, InterfaceError) or (isinstance(error, DBAPIError) and error.connection_invalidated)
        if not gone and not is_away(error):
            raise
        log.warning("the database cannot be used: %s", reason_of(error))
        raise StoreUnavailable(reason_of(error)) from error


def _writer(address: Address) -> SqliteWriter | PostgresWriter:
    if address.kind == "sqlite":
        return SqliteWriter(address.path)
    from bot.storage.postgres import PostgresWriter  # nothing that a file needs

    return PostgresWriter(address.url)
