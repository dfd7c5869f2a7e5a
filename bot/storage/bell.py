"""How does one process hear at once that another one changed something? PostgreSQL's LISTEN and NOTIFY.

Hearing is only a matter of speed: whoever waits looks again after a while in any case.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import asyncpg
from sqlalchemy import Connection, text

from bot.storage.postgres import connect

log = logging.getLogger(__name__)

CHANNEL = "fiveohtwo_watches"


class Bell:
    """Counts what was heard, from this process and, on PostgreSQL, from all others."""

    def __init__(self, postgres: str | None) -> None:
        self._postgres = postgres
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._connecting = asyncio.Lock()
        self._heard = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Let this process hear."""
        self._heard += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def changed(self, seen: int, within_s: float) -> int:
        """Return the count, as soon as it is not `seen`, at the latest after so many seconds."""
        await self._listen()
        if self._heard == seen:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait({future}, timeout=within_s)
            finally:
                self._waiting.discard(future)
        return self._heard

    async def aclose(self) -> None:
        """Hear no more."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close(timeout=1.0)
            connection.terminate()

    async def _listen(self) -> None:
        """Stay connected; without a connection everything comes a little later."""
        if self._postgres is None:
            return
        async with self._connecting:
            if self._connection is not None and not self._connection.is_closed():
                return
            try:
                self._connection = await connect(self._postgres)
                await self._connection.add_listener(CHANNEL, lambda *_: self.ring())
            except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.warning("changes of other processes are heard later: %s", type(error).__name__)
                return
        self.ring()  # something may have happened while nobody listened


def tell_others(connection: Connection) -> None:
    """Let all processes hear, once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"NOTIFY {CHANNEL}"))
