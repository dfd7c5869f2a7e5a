"""How do processes share looks? One row per address: who is looking until when, and what was seen last.

One query is one transaction, exclusive for its host, so nobody else takes a turn between the last look at a host and
the next one. A report lives a minute, and the row not much longer.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from sqlalchemy import Connection, and_, case, delete, func, select, tuple_, update

from bot.diagnosis.findings import Report
from bot.diagnosis.front import front_page, of_another_page
from bot.ports import Busy, Turn, Wanted
from bot.storage.shared import alone, now_of
from bot.storage.tables import looks
from bot.storage.turns import Turns
from bot.storage.upsert import upsert

if TYPE_CHECKING:
    from bot.storage.sql import Database

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Rows that one query deletes in passing."""
KEY = (looks.c.url, looks.c.rules)


class SqlLooks:
    """`Looks` in a database."""

    def __init__(self, database: Database) -> None:
        self._turns = Turns(database)

    async def take(self, wanted: Wanted, holder: str, lease_s: float) -> Report | Turn | Busy:
        """See `ports.Looks`."""
        return await self._turns.ask(lambda connection: take(connection, wanted, holder, lease_s))

    async def put(self, wanted: Wanted, holder: str, report: Report, lives_s: float) -> None:
        """See `ports.Looks`."""
        await self._turns.ask(lambda connection: put(connection, wanted, holder, report, lives_s))

    async def leave(self, wanted: Wanted, holder: str) -> None:
        """See `ports.Looks`."""
        await self._turns.ask(lambda connection: leave(connection, wanted, holder))


def take(connection: Connection, wanted: Wanted, holder: str, lease_s: float) -> Report | Turn | Busy:
    """Return what is known already, who is looking, or the next turn at this host."""
    alone(connection, f"host {wanted.host}")
    now = now_of(connection)
    row = connection.execute(select(looks).where(*_this(wanted))).first()
    if row is not None:
        known = _known(row, wanted, now)
        if known is not None:
            return known
        if row.held_until > now and row.holder != holder:
            return Busy(row.held_until - now)
    expire(connection, now)
    last = connection.execute(select(func.max(looks.c.began_at)).where(looks.c.host == wanted.host)).scalar()
    turn = now if last is None else max(now, last + wanted.pause_s)
    if turn - now > wanted.patience_s:
        return _seen_nearby(connection, wanted, now) or Busy(turn - now - wanted.patience_s)
    _hold(connection, wanted, holder, turn, turn + lease_s)
    return Turn(turn - now)


def put(connection: Connection, wanted: Wanted, holder: str, report: Report, lives_s: float) -> None:
    """Write down a report, even of a look that began while the database was away."""
    alone(connection, f"host {wanted.host}")
    now = now_of(connection)
    seen_at = now - report.age_s
    body = report.model_copy(update={"age_s": 0.0}).model_dump_json()
    seen = {"report": body, "seen_at": seen_at, "fresh_until": seen_at + lives_s}
    new = upsert(connection, looks).values(
        url=wanted.url, rules=wanted.rules, host=wanted.host, began_at=seen_at - report.elapsed_ms / 1000,
        holder=None, held_until=0.0, expires_at=seen_at + lives_s, **seen,
    )  # fmt: skip
    mine = looks.c.holder == holder
    later = new.excluded.expires_at
    changes = {
        **{name: new.excluded[name] for name in seen},
        "holder": case((mine, None), else_=looks.c.holder),
        "held_until": case((mine, 0.0), else_=looks.c.held_until),
        "expires_at": case((looks.c.held_until > later, looks.c.held_until), else_=later),
    }
    connection.execute(new.on_conflict_do_update(index_elements=KEY, set_=changes))


def leave(connection: Connection, wanted: Wanted, holder: str) -> None:
    """Give up a turn, even one that is just being taken; its time is kept for the pause."""
    alone(connection, f"host {wanted.host}")
    mine = and_(*_this(wanted), looks.c.holder == holder)
    connection.execute(update(looks).where(mine).values(holder=None, held_until=0.0))


def expire(connection: Connection, now: float) -> int:
    """Delete some expired rows; return how many. Those that another process is working on are skipped."""
    old = select(*KEY).where(looks.c.expires_at < now).limit(AT_ONCE).with_for_update(skip_locked=True)
    return connection.execute(delete(looks).where(tuple_(*KEY).in_(old))).rowcount


def _hold(connection: Connection, wanted: Wanted, holder: str, turn: float, until: float) -> None:
    """Take the turn; what was seen before is kept for those who need nothing newer."""
    held = {"began_at": turn, "holder": holder, "held_until": until}
    new = upsert(connection, looks).values(
        url=wanted.url, rules=wanted.rules, host=wanted.host, fresh_until=0.0, expires_at=until, **held
    )
    later = case((looks.c.fresh_until > until, looks.c.fresh_until), else_=until)
    changes = {**{name: new.excluded[name] for name in held}, "expires_at": later}
    connection.execute(new.on_conflict_do_update(index_elements=KEY, set_=changes))


def _known(row: Any, wanted: Wanted, now: float) -> Report | None:
    """Return the report in a row with its age, if it is new enough."""
    if row.report is None or row.fresh_until <= now:
        return None
    try:
        report = Report.model_validate_json(row.report)
    except ValidationError:
        log.warning("a report of another release cannot be read and is passed over")
        return None
    age_s = max(0.0, now - row.seen_at)
    if wanted.fresh and age_s > wanted.waited_s and age_s + report.elapsed_ms / 1000 >= wanted.pause_s:
        return None
    return report.model_copy(update={"age_s": round(age_s, 1)})


def _seen_nearby(connection: Connection, wanted: Wanted, now: float) -> Report | None:
    """Return the newest report of the same site, without what is only its page's."""
    site = front_page(wanted.url)
    here = looks.c.host == wanted.host, looks.c.rules == wanted.rules, looks.c.fresh_until > now
    for row in connection.execute(select(looks).where(*here).order_by(looks.c.seen_at.desc()).limit(AT_ONCE)):
        report = _known(row, wanted._replace(fresh=False), now) if front_page(row.url) == site else None
        if report is not None and report.refusal is None:
            return report if row.url == wanted.url else of_another_page(report, wanted.url)
    return None


def _this(wanted: Wanted) -> tuple[Any, ...]:
    return looks.c.url == wanted.url, looks.c.rules == wanted.rules
