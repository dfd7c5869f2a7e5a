"""How does one process learn at once that another one changed something? By PostgreSQL's LISTEN and NOTIFY."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import asyncpg

from bot.ports import StoreUnavailable
from bot.storage.bell import Bell
from bot.storage.postgres import connect
from bot.storage.watch_queries import CHANNEL

log = logging.getLogger(__name__)


class PostgresBell(Bell):
    """Counts the rings of this process and all others."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._connecting = asyncio.Lock()

    async def changed(self, seen: int, within_s: float) -> int:
        """See `Bell`. Without a connection everything comes a little later."""
        await self._listen()
        return await super().changed(seen, within_s)

    async def aclose(self) -> None:
        """See `Bell`."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                await connection.close(timeout=1.0)
            connection.terminate()

    async def _listen(self) -> None:
        async with self._connecting:
            if self._connection is not None and not self._connection.is_closed():
                return
            try:
                self._connection = await connect(self._url)
                await self._connection.add_listener(CHANNEL, lambda *_: self.ring())
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, StoreUnavailable) as error:
                log.warning("changes of other processes are heard later: %s", type(error).__name__)
                return
        self.ring()  # something may have happened while nobody listened
