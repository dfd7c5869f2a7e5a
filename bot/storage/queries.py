"""What is queried off the hot path: what is pending, what has expired, what is kept about somebody?

Each function runs in the transaction of the connection that it gets.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, and_, delete, exists, insert, select, union

from bot.ports import KeptPlace, Pending
from bot.storage import acts, duties, forgotten, incidents, looks, watch_queries
from bot.storage.rows import pending_of
from bot.storage.tables import conversations, effects, places, preferences, replies, reports, watchers
from bot.storage.tables import forgotten as forgotten_rows

AT_ONCE = 500
"""Rows that are deleted in one transaction, so that nobody waits long for it."""
OF_CONVERSATIONS = (conversations, effects, replies)


class Gone(NamedTuple):
    """What was deleted about a person or a server."""

    keys: tuple[str, ...]
    """Of the conversations."""
    besides: dict[str, int]
    """Rows that belong to no conversation, by table."""


def pending(connection: Connection, key: str | None) -> tuple[Pending, ...]:
    """Return what is pending, of one conversation or of all."""
    due = select(effects.c.key, effects.c.body, effects.c.due_at).order_by(effects.c.due_at)
    lines = select(replies.c.key, replies.c.id, replies.c.body).order_by(replies.c.key, replies.c.position)
    if key is not None:
        due, lines = due.where(effects.c.key == key), lines.where(replies.c.key == key)
    return pending_of(
        (tuple(row) for row in connection.execute(due)), (tuple(row) for row in connection.execute(lines))
    )


def expire(connection: Connection, now: float) -> int:
    """Delete some expired rows; return how many, so that the caller knows to go on.

    It goes through the tables in the order of `forget`, and skips rows that somebody is working on: neither waits for
    the other.
    """
    over = conversations.c.expires_at < now
    old = select(conversations.c.key).where(over).limit(AT_ONCE).with_for_update(skip_locked=True)
    ended = delete(conversations).where(conversations.c.key.in_(old)).returning(conversations.c.key)
    keys = _keys(connection.execute(ended))
    for table in (effects, replies):
        connection.execute(delete(table).where(table.c.key.in_(keys)))
    alive = exists().where(conversations.c.key == places.c.key)
    lost = select(places.c.surface, places.c.key).where(places.c.expires_at < now, ~alive).limit(AT_ONCE)
    gone = connection.execute(lost.with_for_update(skip_locked=True)).all()
    _delete_places(connection, gone)
    watch_queries.expire(connection, now)
    met = incidents.expire(connection, now, AT_ONCE)
    counted = acts.expire(connection, now) + looks.expire(connection, now)
    duties.expire(connection, now)
    forgotten.expire(connection, now)
    return len(keys) + len(gone) + met + counted


def all_places(connection: Connection, surface: str) -> tuple[KeptPlace, ...]:
    """Return all places of a surface, the oldest first."""
    wanted = (places.c.key, places.c.owner, places.c.body, places.c.server)
    rows = connection.execute(select(*wanted).where(places.c.surface == surface).order_by(places.c.updated_at))
    return tuple(KeptPlace(key=row.key, owner=row.owner, body=row.body, server=row.server) for row in rows)


def export(connection: Connection, surface: str, owner: str) -> list[dict[str, Any]]:
    """Return everything that is kept about a person: one dict per conversation and one for what they set."""
    mine = places.c.surface == surface, places.c.owner == owner
    found: list[dict[str, Any]] = [
        {"conversation": place.key, "place": _plain(place), **_conversation(connection, place.key)}
        for place in connection.execute(select(places).where(*mine).order_by(places.c.updated_at)).all()
    ]
    waiting = watch_queries.export(connection, surface, owner)
    if waiting:
        found.append({"watches": [_unfolded(row) for row in waiting]})
    met = incidents.export(connection, owner)
    if met:
        found.append({"reports": met})
    counted = acts.export(connection, owner)
    if counted:
        found.append({"acts": counted})
    chosen = connection.execute(select(preferences).where(preferences.c.scope == owner)).all()
    if chosen:
        found.append({"preferences": [_plain(row) for row in chosen]})
    return found


def export_one(connection: Connection, key: str) -> list[dict[str, Any]]:
    """Return everything that is kept about a conversation without a place."""
    kept = _conversation(connection, key)
    return [{"conversation": key, **kept}] if any(kept.values()) else []


def forget_one(connection: Connection, key: str) -> tuple[str, ...]:
    """Delete everything that is kept about a conversation without a place; return its key if it was there."""
    gone = _keys(
        connection.execute(delete(conversations).where(conversations.c.key == key).returning(conversations.c.key))
    )
    for table in (effects, replies):
        connection.execute(delete(table).where(table.c.key == key))
    return tuple(gone)


def forget(
    connection: Connection,
    surface: str,
    *,
    owner: str | None = None,
    server: str | None = None,
    told_at: float | None = None,
) -> Gone:
    """Delete everything that is kept about a person or a server; return what that was.

    With a time (`told_at`) a note is left for the bots that hold any of it in memory.
    """
    whose = places.c.owner == owner if owner is not None else places.c.server == server
    mine = places.c.surface == surface, whose
    found = connection.execute(select(places).where(*mine)).all()
    keys = _keys(found)
    if told_at is not None:
        forgotten.leave(connection, found, told_at)
    some = [keys[start : start + AT_ONCE] for start in range(0, len(keys), AT_ONCE)]
    for part in some:
        for table in OF_CONVERSATIONS:
            connection.execute(delete(table).where(table.c.key.in_(part)))
    for part in some:
        connection.execute(delete(places).where(*mine, places.c.key.in_(part)))
    besides = {
        watchers.name: watch_queries.forget(connection, surface, owner=owner, server=server),
        reports.name: incidents.forget(connection, owner=owner, server=server),
        "acts": acts.forget(connection, owner=owner, server=server),
    }
    if server is not None:
        forgotten.forget(connection, surface, server)
    chosen = delete(preferences).where(preferences.c.scope == (owner if owner is not None else server))
    return Gone(tuple(keys), besides | {preferences.name: connection.execute(chosen).rowcount})


def servers(connection: Connection, surface: str) -> frozenset[str]:
    """Return the servers that have a place, a watch, a report, or a note on what was deleted there."""
    named = union(
        select(places.c.server).where(places.c.surface == surface),
        select(forgotten_rows.c.server).where(forgotten_rows.c.surface == surface),
        select(watchers.c.server).where(watchers.c.surface == surface),
        select(reports.c.server),
    )
    return frozenset(row.server for row in connection.execute(named) if row.server is not None)


def all_preferences(connection: Connection, kind: str) -> tuple[tuple[str, str, str], ...]:
    """Return all (scope, name, value) of a kind."""
    wanted = select(preferences.c.scope, preferences.c.name, preferences.c.value).where(preferences.c.kind == kind)
    return tuple((row.scope, row.name, row.value) for row in connection.execute(wanted))


def put_preference(connection: Connection, kind: str, scope: str, name: str, value: str) -> None:
    """Set one value."""
    drop_preference(connection, kind, scope, name)
    connection.execute(insert(preferences).values(kind=kind, scope=scope, name=name, value=value))


def drop_preference(connection: Connection, kind: str, scope: str, name: str) -> None:
    """Delete one value."""
    this = and_(preferences.c.kind == kind, preferences.c.scope == scope, preferences.c.name == name)
    connection.execute(delete(preferences).where(this))


def forget_preferences(connection: Connection, kind: str, scope: str) -> None:
    """Delete all values of a scope."""
    connection.execute(delete(preferences).where(preferences.c.kind == kind, preferences.c.scope == scope))


def _keys(rows: Iterable[Any]) -> list[str]:
    return [row.key for row in rows]


def _of(connection: Connection, table: Table, key: str) -> Sequence[Any]:
    return connection.execute(select(table).where(table.c.key == key)).all()


def _conversation(connection: Connection, key: str) -> dict[str, Any]:
    """Return a conversation's own row, and what is pending for it."""
    kept: dict[str, Any] = {}
    for row in _of(connection, conversations, key):
        kept |= _plain(row)
    return kept | {table.name: [_plain(row) for row in _of(connection, table, key)] for table in (effects, replies)}


def _plain(row: Any) -> dict[str, Any]:
    """Return a row as a dict."""
    return _unfolded(dict(row._mapping))  # noqa: SLF001 - the public name of a row's dict


def _unfolded(row: dict[str, Any]) -> dict[str, Any]:
    """Expand the JSON in a row for the reader."""
    return {name: _unfolded_text(value) if name in ("body", "state") else value for name, value in row.items()}


def _unfolded_text(text: str) -> Any:
    """Return what a JSON text says; a broken one is still the person's, and handed out as it is."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _delete_places(connection: Connection, gone: Sequence[Any]) -> None:
    for surface, key in gone:
        connection.execute(delete(places).where(places.c.surface == surface, places.c.key == key))
