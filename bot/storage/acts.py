"""How do processes count together who asks for too many looks? One row per act, counted in sliding windows.

One query is one transaction, exclusive for its person and server: of two processes that ask at the same moment, the
second one counts what the first one allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select

from bot.ports import Act, Rate
from bot.storage.lifetimes import ACTS_LIVE_S
from bot.storage.shared import alone, now_of
from bot.storage.tables import acts
from bot.storage.turns import Turns

if TYPE_CHECKING:
    from bot.storage.sql import Database

AT_ONCE = 100
"""Rows that one query deletes in passing."""


class SqlActs:
    """`Acts` in a database."""

    def __init__(self, database: Database) -> None:
        self._turns = Turns(database)

    async def allows(self, act: Act, of_owner: Sequence[Rate], of_server: Sequence[Rate]) -> bool:
        """See `ports.Acts`."""
        return await self._turns.ask(lambda connection: allows(connection, act, of_owner, of_server))


def allows(connection: Connection, act: Act, of_owner: Sequence[Rate], of_server: Sequence[Rate]) -> bool:
    """Count an act, unless it is one too many."""
    whose: list[tuple[ColumnElement[bool], Sequence[Rate]]] = []
    if act.owner is not None:  # always the person before the server, so that no two queries wait for each other
        alone(connection, f"acts of owner {act.owner}")
        whose.append((acts.c.owner == act.owner, of_owner))
    if act.server is not None:
        alone(connection, f"acts of server {act.server}")
        whose.append((acts.c.server == act.server, of_server))
    now = now_of(connection)
    expire(connection, now)
    for theirs, rates in whose:
        for rate in rates:
            within = (theirs, acts.c.kind == act.kind, acts.c.at > now - rate.within_s)
            if connection.execute(select(func.count()).select_from(acts).where(*within)).scalar_one() >= rate.most:
                return False
    connection.execute(insert(acts).values(id=uuid4().hex, **act._asdict(), at=now, expires_at=now + ACTS_LIVE_S))
    return True


def expire(connection: Connection, now: float) -> int:
    """Delete some expired rows; return how many. Those that another process is working on are skipped."""
    old = select(acts.c.id).where(acts.c.expires_at < now).limit(AT_ONCE).with_for_update(skip_locked=True)
    return connection.execute(delete(acts).where(acts.c.id.in_(old))).rowcount


def export(connection: Connection, owner: str) -> list[dict[str, Any]]:
    """Return what is counted for a person."""
    mine = select(acts).where(acts.c.owner == owner).order_by(acts.c.at)
    return [dict(row) for row in connection.execute(mine).mappings()]


def forget(connection: Connection, *, owner: str | None, server: str | None) -> int:
    """Delete what is counted for a person or a server; return how many rows."""
    whose = acts.c.owner == owner if owner is not None else acts.c.server == server
    return connection.execute(delete(acts).where(whose)).rowcount
