"""How does SQLAlchemy connect? To a file anew for each query, to a server by a few connections that are kept.

A file is queried in threads, where SQLite does its work anyway: SQLAlchemy's asyncio would bring its whole ORM with it,
8 MiB that nothing here uses. A server is queried through SQLAlchemy's asyncio and asyncpg, imported only then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection, create_engine, event
from sqlalchemy.pool import NullPool

from bot.storage.address import Address
from bot.storage.pragmas import prepare

if TYPE_CHECKING:
    import asyncpg

PATIENCE_S = 5.0
"""How long the database may take to accept a connection."""
ANSWER_WITHIN_S = 60.0
"""How long a query may take; migrating a large table takes a while."""
KEPT_OPEN = 2
"""Connections to a server that are kept for the next query; when more are needed at once, more are opened."""
QUESTIONS_AT_ONCE = 4
"""At most this many threads query a file; it has one writer at a time anyway."""
Answer = TypeVar("Answer")


class Asked(Protocol):
    """A database that answers queries."""

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Run a function in a transaction of its own. Raises what SQLAlchemy raises."""

    async def dispose(self) -> None:
        """Close what was opened."""


def engine_of(address: Address) -> Asked:
    """Return what queries this database; nothing is opened yet."""
    return (
        _Server(address.url)
        if address.kind == "postgresql"
        else _File(URL.create("sqlite", database=str(address.path)))
    )


def reader_of(address: Address) -> Asked:
    """Return what queries this database and leaves a file untouched, down to its journal mode."""
    if address.kind == "postgresql":
        return _Server(address.url)
    path = f"file:{quote(str(address.path))}"
    return _File(URL.create("sqlite", database=path, query={"mode": "ro", "uri": "true"}), prepared=False)


class _File:
    """An SQLite file."""

    def __init__(self, url: URL, *, prepared: bool = True) -> None:
        timeout = {"timeout": PATIENCE_S}
        # A failed statement's parameters, addresses and ids, must not get into the log with it.
        self._engine = create_engine(url, connect_args=timeout, poolclass=NullPool, hide_parameters=True)
        if prepared:
            event.listen(self._engine, "connect", _prepare_sqlite)
            event.listen(self._engine, "begin", _begin_sqlite)
        self._threads = ThreadPoolExecutor(QUESTIONS_AT_ONCE, thread_name_prefix="sqlite")

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """See `Asked`. A query that has begun is finished, even if the caller is cancelled."""

        def answer() -> Answer:
            with self._engine.begin() as connection:
                return question(connection)

        return await asyncio.get_running_loop().run_in_executor(self._threads, answer)

    async def dispose(self) -> None:
        """See `Asked`."""
        await asyncio.to_thread(self._threads.shutdown)
        self._engine.dispose()


class _Server:
    """A PostgreSQL server."""

    def __init__(self, url: str) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine

        # One that the server has closed meanwhile is detected before the query, and replaced.
        self._engine = create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: _connect(url),
            pool_size=KEPT_OPEN, max_overflow=-1, pool_pre_ping=True, hide_parameters=True,
        )  # fmt: skip

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """See `Asked`."""
        async with self._engine.begin() as connection:
            return await connection.run_sync(question)

    async def dispose(self) -> None:
        """See `Asked`."""
        await self._engine.dispose()


async def _connect(url: str) -> asyncpg.Connection[asyncpg.Record]:
    from bot.storage.postgres import connect

    return await connect(url, ANSWER_WITHIN_S)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Leave transactions to SQLAlchemy, so that a whole migration is in one of them."""
    connection.isolation_level = None
    prepare(connection, PATIENCE_S)


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
