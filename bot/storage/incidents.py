"""How do processes share who met an error of which site on which server? One row per person, replaced in place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, case, delete, func, select, tuple_

from bot.diagnosis.incidents import WINDOW_S, Others, others_of
from bot.ports import Met
from bot.storage.lifetimes import REPORTS_LIVE_S
from bot.storage.tables import reports
from bot.storage.turns import Turns
from bot.storage.upsert import upsert

if TYPE_CHECKING:
    from bot.storage.sql import Database

KEY = (reports.c.server, reports.c.site, reports.c.owner)


class SqlIncidents:
    """`Incidents` in a database."""

    def __init__(self, database: Database) -> None:
        self._turns = Turns(database)

    async def note(self, met: Met) -> None:
        """See `ports.Incidents`."""
        await self._turns.ask(lambda connection: note(connection, met))

    async def others(self, met: Met) -> Others | None:
        """See `ports.Incidents`."""
        return await self._turns.ask(lambda connection: others(connection, met))

    async def withdraw(self, met: Met) -> None:
        """See `ports.Incidents`."""
        await self._turns.ask(lambda connection: withdraw(connection, met))

    async def over(self, site: str, seen_at: datetime) -> None:
        """See `ports.Incidents`."""
        await self._turns.ask(lambda connection: over(connection, site, seen_at.timestamp()))


def note(connection: Connection, met: Met) -> None:
    """Insert a report, or update the person's earlier one: after a pause longer than the window it is new."""
    at = met.at.timestamp()
    new = upsert(connection, reports).values(
        server=met.server, site=met.site, owner=met.owner, first_at=at, last_at=at, expires_at=at + REPORTS_LIVE_S
    )
    lapsed, later = reports.c.last_at < at - WINDOW_S, reports.c.last_at < at
    changes = {
        "first_at": case((lapsed, new.excluded.first_at), else_=reports.c.first_at),
        "last_at": case((later, new.excluded.last_at), else_=reports.c.last_at),
        "expires_at": case((later, new.excluded.expires_at), else_=reports.c.expires_at),
    }
    connection.execute(new.on_conflict_do_update(index_elements=KEY, set_=changes))


def others(connection: Connection, met: Met) -> Others | None:
    """Count who else reported the site there within the window."""
    within = reports.c.last_at >= met.at.timestamp() - WINDOW_S
    someone_else = reports.c.owner != met.owner
    counted = select(
        func.count().label("people"),
        func.count().filter(someone_else).label("others"),
        func.min(reports.c.first_at).filter(someone_else).label("since"),
    ).where(reports.c.server == met.server, reports.c.site == met.site, within)
    row = connection.execute(counted).one()
    return others_of(row.people, row.others, None if row.since is None else datetime.fromtimestamp(row.since, UTC))


def withdraw(connection: Connection, met: Met) -> None:
    """Delete one person's report."""
    this = (reports.c.server == met.server, reports.c.site == met.site, reports.c.owner == met.owner)
    connection.execute(delete(reports).where(*this))


def over(connection: Connection, site: str, until: float) -> None:
    """Delete what was reported of a site until a time, on all servers."""
    connection.execute(delete(reports).where(reports.c.site == site, reports.c.last_at <= until))


def expire(connection: Connection, now: float, at_once: int) -> int:
    """Delete some expired reports; return how many. Those that somebody is working on are skipped."""
    old = select(*KEY).where(reports.c.expires_at < now).limit(at_once).with_for_update(skip_locked=True)
    return connection.execute(delete(reports).where(tuple_(*KEY).in_(old))).rowcount


def export(connection: Connection, owner: str) -> list[dict[str, Any]]:
    """Return the reports of a person."""
    mine = select(reports).where(reports.c.owner == owner).order_by(reports.c.first_at)
    return [dict(row) for row in connection.execute(mine).mappings()]


def forget(connection: Connection, *, owner: str | None, server: str | None) -> int:
    """Delete the reports of a person or a server; return how many rows."""
    whose = reports.c.owner == owner if owner is not None else reports.c.server == server
    return connection.execute(delete(reports).where(whose)).rowcount
