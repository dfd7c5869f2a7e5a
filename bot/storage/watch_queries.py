"""What is queried about watches?

A claim is a row that names its holder and a time: whoever claims takes rows that nobody holds (any more), and rows
that another transaction is just taking are skipped (`FOR UPDATE SKIP LOCKED`; SQLite has one writer at a time). What a
holder finishes after its time is up counts only if nobody else has claimed the row. Each function runs in the
transaction of the connection that it gets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, select, update

from bot.diagnosis.recovery import Course, Next
from bot.ports import Claim, Claimed, Look, News, TooManyWatches, Watch
from bot.storage.lifetimes import WATCHES_LIVE_S
from bot.storage.rows import course_of
from bot.storage.shared import alone
from bot.storage.tables import watched, watchers

CHANNEL = "fiveohtwo_watches"
"""For PostgreSQL's NOTIFY: there is a new watch, or news of one."""
WAITING: ColumnElement[bool] = watchers.c.news.is_(None)


def add(connection: Connection, watch: Watch, most_user: int, most_server: int) -> Watch:
    """Keep a watch, and look at its address; whoever waits for it already asks again, under the old name."""
    alone(connection, f"url {watch.url}")
    alone(connection, f"owner {watch.owner}")
    mine = and_(watchers.c.surface == watch.surface, watchers.c.owner == watch.owner, WAITING)
    earlier = found(connection, and_(mine, watchers.c.url == watch.url))
    if earlier:
        renewed = replace(watch, id=earlier[0].id)
        connection.execute(update(watchers).where(watchers.c.id == renewed.id).values(_asked(watch)))
        return renewed
    if _count(connection, mine) >= most_user:
        raise TooManyWatches("user", most_user)
    its = and_(watchers.c.surface == watch.surface, watchers.c.server == watch.server, WAITING)
    if watch.server is not None and _count(connection, its) >= most_server:
        raise TooManyWatches("server", most_server)
    asked_at = watch.asked_at.timestamp()
    whose = {"id": watch.id, "url": watch.url, "surface": watch.surface, "owner": watch.owner}
    connection.execute(insert(watchers).values(**whose, **_asked(watch), held_until=0.0))
    if not connection.execute(select(watched.c.url).where(watched.c.url == watch.url)).all():
        course = Course().model_dump_json()
        connection.execute(insert(watched).values(url=watch.url, course=course, next_at=asked_at, held_until=0.0))
    return watch


def _asked(watch: Watch) -> dict[str, Any]:
    """Return where and when somebody asked, and how long they want to wait."""
    times = {"asked_at": watch.asked_at.timestamp(), "expires_at": watch.expires_at.timestamp()}
    return {"server": watch.server, "body": watch.body, **times}


def claim(connection: Connection, claim: Claim) -> tuple[Claimed, bool]:
    """Claim addresses that are due; tell also whether watches were given up."""
    now = claim.now.timestamp()
    over = update(watchers).where(WAITING, watchers.c.expires_at <= now).values(news="expired", news_at=now)
    expired = connection.execute(over).rowcount > 0
    if expired:
        tell_others(connection)
    due = (
        select(watched.c.url, watched.c.course)
        .where(watched.c.next_at <= now, watched.c.held_until <= now)
        .order_by(watched.c.next_at)
        .limit(claim.limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    mine = update(watched).where(watched.c.url.in_([row.url for row in rows]))
    if rows:
        connection.execute(mine.values(holder=claim.holder, held_until=claim.until.timestamp()))
    looks = tuple(Look(row.url, course_of(row.course)) for row in rows)
    return Claimed(looks, _free_at(connection, now)), expired


def _free_at(connection: Connection, now: float) -> datetime | None:
    """Return when the next address is due that nobody holds, or when a holder's time is up, whichever comes first.

    Both are at one end of the index, however many addresses wait: only what is due is ever held.
    """
    free = select(watched.c.next_at).where(watched.c.held_until <= now).order_by(watched.c.next_at).limit(1)
    held = select(func.min(watched.c.held_until)).where(watched.c.next_at <= now, watched.c.held_until > now)
    both = connection.execute(select(free.scalar_subquery(), held.scalar_subquery())).one()
    times = [at for at in both if at is not None]
    return _time(min(times)) if times else None


def settle(connection: Connection, holder: str, url: str, after: Next, now: float) -> bool:
    """Note the result of a look, if the holder still holds the address."""
    alone(connection, f"url {url}")
    mine = update(watched).where(watched.c.url == url, watched.c.holder == holder)
    values = {"course": after.course.model_dump_json(), "next_at": now + after.after_s}
    if connection.execute(mine.values(**values, holder=None, held_until=0.0)).rowcount == 0:
        return False
    if after.back:
        connection.execute(update(watchers).where(watchers.c.url == url, WAITING).values(news=after.what, news_at=now))
    connection.execute(delete(watched).where(watched.c.url == url, ~_awaited()))
    return True


def claim_news(connection: Connection, surface: str, claim: Claim) -> tuple[News, ...]:
    """Claim people to tell."""
    due = (
        select(watchers)
        .where(
            watchers.c.surface == surface, watchers.c.news.is_not(None), watchers.c.held_until <= claim.now.timestamp()
        )
        .order_by(watchers.c.news_at)
        .limit(claim.limit)
        .with_for_update(skip_locked=True)
    )
    rows = connection.execute(due).all()
    if rows:
        mine = update(watchers).where(watchers.c.id.in_([row.id for row in rows]))
        connection.execute(mine.values(holder=claim.holder, held_until=claim.until.timestamp()))
    return tuple(News(_watch(row), row.news, _time(row.news_at)) for row in rows)


def expire(connection: Connection, now: float) -> None:
    """Delete watches that nobody could be told about; those that another process is working on are skipped."""
    old = select(watchers.c.id).where(watchers.c.asked_at < now - WATCHES_LIVE_S).with_for_update(skip_locked=True)
    connection.execute(delete(watchers).where(watchers.c.id.in_(old)))


def unawaited(connection: Connection, now: float) -> tuple[str, ...]:
    """Return addresses for which nobody seems to wait."""
    return tuple(connection.scalars(select(watched.c.url).where(watched.c.held_until <= now, ~_awaited())))


def leave_alone(connection: Connection, url: str, now: float) -> None:
    """Stop looking at an address, unless somebody waits for it after all; a watch just being added is waited for.

    In a transaction of its own, so that nobody who needs the address waits for other rows that it holds.
    """
    alone(connection, f"url {url}")
    connection.execute(delete(watched).where(watched.c.url == url, watched.c.held_until <= now, ~_awaited()))


def export(connection: Connection, surface: str, owner: str) -> list[dict[str, Any]]:
    """Return what a person waits for."""
    mine = select(watchers).where(watchers.c.surface == surface, watchers.c.owner == owner)
    return [dict(row) for row in connection.execute(mine.order_by(watchers.c.asked_at)).mappings()]


def forget(connection: Connection, surface: str, *, owner: str | None, server: str | None) -> int:
    """Delete the watches of a person or a server; return how many. Addresses without any go at their next look."""
    whose = watchers.c.owner == owner if owner is not None else watchers.c.server == server
    return connection.execute(delete(watchers).where(watchers.c.surface == surface, whose)).rowcount


def _awaited() -> ColumnElement[bool]:
    return exists().where(watchers.c.url == watched.c.url, WAITING)


def found(connection: Connection, wanted: ColumnElement[bool]) -> tuple[Watch, ...]:
    """Return watches, the oldest first."""
    rows = connection.execute(select(watchers).where(wanted).order_by(watchers.c.asked_at, watchers.c.id))
    return tuple(_watch(row) for row in rows)


def _watch(row: Any) -> Watch:
    return Watch(
        id=row.id, url=row.url, surface=row.surface, owner=row.owner, body=row.body, server=row.server,
        asked_at=_time(row.asked_at), expires_at=_time(row.expires_at),
    )  # fmt: skip


def _count(connection: Connection, wanted: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(watchers).where(wanted)).scalar_one()


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def tell_others(connection: Connection) -> None:
    """Notify all processes, once the transaction is committed."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")
