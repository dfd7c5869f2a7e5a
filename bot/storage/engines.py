"""How does SQLAlchemy connect? One connection a question, as the questions are rare."""

from __future__ import annotations

from typing import Any

import asyncpg
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.storage.address import Address

PATIENCE_S = 5.0
"""How long the database may take to let us in."""
ANSWER_WITHIN_S = 60.0
"""How long a question may take; a migration of a large table takes its time."""


def engine_of(address: Address) -> AsyncEngine:
    """Return an engine; nothing is opened yet."""
    if address.kind == "postgresql":
        return create_async_engine(
            "postgresql+asyncpg://", async_creator=lambda: _connect(address.url), poolclass=NullPool
        )
    engine = create_async_engine(
        f"sqlite+aiosqlite:///{address.path}", connect_args={"timeout": PATIENCE_S}, poolclass=NullPool
    )
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


async def _connect(url: str) -> asyncpg.Connection[asyncpg.Record]:
    return await asyncpg.connect(url, timeout=PATIENCE_S, command_timeout=ANSWER_WITHIN_S)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    """Leave transactions to SQLAlchemy, so that a migration is in one of them as a whole."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")
