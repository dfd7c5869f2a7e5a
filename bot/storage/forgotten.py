"""How does a running bot learn what others deleted? By a row for each conversation, until it has read it.

It holds conversations in memory and cards in channels, which only it can forget and remove.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.ports import KeptPlace
from bot.storage.lifetimes import FORGOTTEN_LIVE_S
from bot.storage.tables import forgotten
from bot.storage.upsert import upsert

NOBODY = 0
"""Replaces the person's id in the surface's note."""


def leave(connection: Connection, places: Iterable[Any], now: float) -> None:
    """Leave a note about conversations that are being deleted, by the rows of their places."""
    for place in places:
        try:
            body = json.dumps(json.loads(place.body) | {"owner": NOBODY})
        except (TypeError, ValueError):
            continue  # nobody could read it; that must not prevent the deletion
        row = {"server": place.server, "body": body, "expires_at": now + FORGOTTEN_LIVE_S}
        new = upsert(connection, forgotten).values(surface=place.surface, key=place.key, **row)
        keys = (forgotten.c.surface, forgotten.c.key)
        connection.execute(new.on_conflict_do_update(index_elements=keys, set_=row))


def left(connection: Connection, surface: str) -> tuple[KeptPlace, ...]:
    """Return where the conversations were."""
    rows = connection.execute(select(forgotten).where(forgotten.c.surface == surface))
    return tuple(KeptPlace(row.key, str(NOBODY), row.body, row.server) for row in rows)


def heard(connection: Connection, surface: str, keys: Collection[str]) -> None:
    """Delete the notes on conversations that the bot has forgotten, too."""
    connection.execute(delete(forgotten).where(forgotten.c.surface == surface, forgotten.c.key.in_(keys)))


def expire(connection: Connection, now: float) -> None:
    """Delete notes that no bot has read in time."""
    connection.execute(delete(forgotten).where(forgotten.c.expires_at < now))


def forget(connection: Connection, surface: str, server: str) -> None:
    """Delete the notes left for a server."""
    connection.execute(delete(forgotten).where(forgotten.c.surface == surface, forgotten.c.server == server))
