"""Whose database is it? One bot's: another one would take its conversations, and its servers, for gone.

The first bot that opens a database makes it its own. Whoever is to take it over needs the operator's word (`release`).
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, insert, select

from bot.storage import queries
from bot.storage.lifetimes import DAY_S
from bot.storage.ours import Bot, judge_owner
from bot.storage.tables import applications, preferences

SETTLES_WITHIN_S = DAY_S
"""So long after taking a filled database over nothing is forgotten of servers that the bot does not know: it may be the
wrong bot, and whoever started it notices."""


def claim(connection: Connection, bot: Bot, now: float) -> None:
    """Make a database that is nobody's this bot's own. Raises AnotherBots."""
    surface, application = bot
    owner = connection.scalar(select(applications.c.application).where(applications.c.surface == surface))
    judge_owner(owner, bot)
    if owner is not None:
        return
    settled_at = now + SETTLES_WITHIN_S if _holds_servers(connection, surface) else now
    connection.execute(insert(applications).values(surface=surface, application=application, settled_at=settled_at))


def is_settled(connection: Connection, surface: str, now: float) -> bool:
    """Tell whether servers that the bot does not know have removed it, as far as anybody can tell."""
    since = connection.scalar(select(applications.c.settled_at).where(applications.c.surface == surface))
    return since is not None and since <= now


def release(connection: Connection, surface: str) -> str | None:
    """Let the next bot that opens the database make it its own; return whose it was."""
    gone = delete(applications).where(applications.c.surface == surface).returning(applications.c.application)
    return connection.scalar(gone)


def _holds_servers(connection: Connection, surface: str) -> bool:
    return bool(queries.servers(connection, surface)) or bool(connection.scalar(select(exists(select(preferences)))))
