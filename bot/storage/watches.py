"""How do processes share watches through a database? Claims are rows, and a bell wakes those who wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection, and_, delete

from bot.diagnosis.recovery import Next
from bot.ports import Claim, Claimed, News, Watch
from bot.storage import watch_queries
from bot.storage.address import Address
from bot.storage.bell import Bell
from bot.storage.sql import Database
from bot.storage.tables import watchers
from bot.storage.watch_queries import tell_others

Answer = TypeVar("Answer")


class SqlWatches:
    """`Watches` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._bell = _bell(database.address)

    async def add(self, watch: Watch, *, most_user: int, most_server: int) -> Watch:
        """See `ports.Watches`."""
        return await self._change(lambda connection: watch_queries.add(connection, watch, most_user, most_server))

    async def of(self, surface: str, owner: str) -> tuple[Watch, ...]:
        """See `ports.Watches`."""
        wanted = and_(watchers.c.surface == surface, watchers.c.owner == owner, watch_queries.WAITING)
        return await self._database.ask(lambda connection: watch_queries.found(connection, wanted))

    async def drop(self, surface: str, owner: str, watch: str) -> bool:
        """See `ports.Watches`."""
        mine = and_(watchers.c.surface == surface, watchers.c.owner == owner, watchers.c.id == watch)
        gone = delete(watchers).where(mine).returning(watchers.c.url)
        return await self._change(lambda connection: bool(connection.execute(gone).all()))

    async def claim(self, claim: Claim) -> Claimed:
        """See `ports.Watches`."""
        claimed, expired = await self._database.ask(lambda connection: watch_queries.claim(connection, claim))
        if expired:
            self._bell.ring()
        return claimed

    async def settle(self, holder: str, url: str, after: Next, now: datetime) -> bool:
        """See `ports.Watches`."""

        def settled(connection: Connection) -> bool:
            counts = watch_queries.settle(connection, holder, url, after, now.timestamp())
            if after.back:
                tell_others(connection)
            return counts

        counts = await self._database.ask(settled)
        self._bell.ring()  # somebody waiting here may have computed the next time without this look
        return counts

    async def claim_news(self, surface: str, claim: Claim) -> tuple[News, ...]:
        """See `ports.Watches`."""
        return await self._database.ask(lambda connection: watch_queries.claim_news(connection, surface, claim))

    async def told(self, holder: str, watch: str) -> None:
        """See `ports.Watches`."""
        over = delete(watchers).where(watchers.c.id == watch, watchers.c.holder == holder)
        await self._database.ask(lambda connection: connection.execute(over).rowcount)

    async def changed(self, seen: int, within_s: float) -> int:
        """See `ports.Watches`."""
        return await self._bell.changed(seen, within_s)

    async def aclose(self) -> None:
        """Stop listening."""
        await self._bell.aclose()

    async def _change(self, question: Callable[[Connection], Answer]) -> Answer:
        def changed(connection: Connection) -> Answer:
            answer = question(connection)
            tell_others(connection)
            return answer

        answer = await self._database.ask(changed)
        self._bell.ring()
        return answer


def _bell(address: Address) -> Bell:
    if address.kind == "sqlite":
        return Bell()
    from bot.storage.postgres_bell import PostgresBell  # nothing that a file needs

    return PostgresBell(address.url)
