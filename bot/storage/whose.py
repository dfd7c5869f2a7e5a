"""Whose database is it? One bot's: another one would think that its conversations, and its servers, are gone.

The first bot that opens a database makes it its own. For another one to take it over, the operator must `release` it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import partial

from sqlalchemy import Connection, delete, exists, insert, select

from bot.ports import Clock, StoreUnavailable
from bot.storage import queries
from bot.storage.lifetimes import DAY_S
from bot.storage.ours import AnotherBots, Bot, judge_owner
from bot.storage.tables import applications, preferences

log = logging.getLogger(__name__)

JUDGED_EVERY_S = 60.0
"""For this long after another bot took over a database, the one that still runs on it may go on."""
SETTLES_WITHIN_S = DAY_S
"""For this long after taking over a filled database, servers that the bot does not know are not forgotten: it may be
the wrong bot, and whoever started it will notice."""


def claim(connection: Connection, bot: Bot, now: float) -> None:
    """Make a database without an owner this bot's own. Raises AnotherBots."""
    surface, application = bot
    if judge(connection, bot) is not None:
        return
    settled_at = now + SETTLES_WITHIN_S if _holds_servers(connection, surface) else now
    connection.execute(insert(applications).values(surface=surface, application=application, settled_at=settled_at))


def judge(connection: Connection, bot: Bot) -> str | None:
    """Return whose a database is. Raises AnotherBots where it is another bot's."""
    owner = connection.scalar(select(applications.c.application).where(applications.c.surface == bot.surface))
    judge_owner(owner, bot)
    return owner


async def lost(
    ask: Callable[[Callable[[Connection], str | None]], Awaitable[object]], clock: Clock, bot: Bot
) -> AnotherBots:
    """Return once another bot has taken the database from under this one: each forgets the servers of the other.

    One that was only released stays in use, and is not claimed again: it is meant for another bot.
    """
    while True:
        await clock.sleep(JUDGED_EVERY_S)
        try:
            await ask(partial(judge, bot=bot))
        except AnotherBots as error:
            return error
        except StoreUnavailable as error:  # others who need it report this more loudly
            log.info("whose the database is cannot be read, it is away: %s", error)
        except Exception:  # the next look may find out more
            log.exception("whose the database is cannot be read")


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
