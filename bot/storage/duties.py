"""How do processes share who is responsible for which shard's conversations? One row per shard, held until a time."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from bot.ports import Claim, Shard
from bot.storage.lifetimes import DUTIES_LIVE_S
from bot.storage.tables import duties
from bot.storage.upsert import upsert

if TYPE_CHECKING:
    from bot.storage.sql import Database

KEY = (duties.c.surface, duties.c.shard, duties.c.shards)


class SqlDuties:
    """`Duties` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, surface: str, own: frozenset[Shard], claim: Claim) -> frozenset[Shard]:
        """See `ports.Duties`."""
        return await self._database.ask(lambda connection: hold(connection, surface, own, claim))

    async def lay_down(self, surface: str, holder: str, now: datetime) -> None:
        """See `ports.Duties`."""
        await self._database.ask(lambda connection: lay_down(connection, surface, holder, now.timestamp()))


def hold(connection: Connection, surface: str, own: frozenset[Shard], claim: Claim) -> frozenset[Shard]:
    """Hold one's own shards whoever held them, keep those taken over, and take over those that nobody holds."""
    now, until = claim.now.timestamp(), claim.until.timestamp()
    for shard in sorted(own):
        mine = upsert(connection, duties).values(
            surface=surface, shard=shard.number, shards=shard.total, holder=claim.holder, held_until=until
        )
        changes = {"holder": mine.excluded.holder, "held_until": mine.excluded.held_until}
        connection.execute(mine.on_conflict_do_update(index_elements=KEY, set_=changes))
    held = and_(duties.c.surface == surface, duties.c.holder == claim.holder)
    connection.execute(update(duties).where(held).values(held_until=until))
    for count in {shard.total for shard in own}:
        lapsed = and_(duties.c.surface == surface, duties.c.shards == count, duties.c.held_until <= now)
        for number in connection.scalars(select(duties.c.shard).where(lapsed).with_for_update(skip_locked=True)).all():
            one = and_(lapsed, duties.c.shard == number)
            connection.execute(update(duties).where(one).values(holder=claim.holder, held_until=until))
    return _shards(connection, held)


def lay_down(connection: Connection, surface: str, holder: str, now: float) -> None:
    """Leave everything to whoever comes first."""
    held = and_(duties.c.surface == surface, duties.c.holder == holder)
    connection.execute(update(duties).where(held).values(holder=None, held_until=now))


def expire(connection: Connection, now: float) -> None:
    """Delete shards that nobody has been responsible for in a long time: their number has changed."""
    connection.execute(delete(duties).where(duties.c.held_until < now - DUTIES_LIVE_S))


def _shards(connection: Connection, wanted: ColumnElement[bool]) -> frozenset[Shard]:
    rows = connection.execute(select(duties.c.shard, duties.c.shards).where(wanted))
    return frozenset(Shard(row.shard, row.shards) for row in rows)
