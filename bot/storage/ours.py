"""Is a database ours to use: of a release that this one follows, and of this bot?

Judged from what was read from it, by whatever means: nothing here needs a library.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from bot.ports import StoreRefused
from bot.storage.lifetimes import LIFETIMES

NEWEST = "0006"
"""The revision that this release needs: the last of `migrations/versions`."""


class SchemaTooNew(StoreRefused):
    """A newer release has changed this database; the text says what to do."""


class NotOurs(StoreRefused):
    """Somebody else's tables are where ours would be; the text says what to do."""


class AnotherBots(StoreRefused):
    """The database belongs to another bot; the text says what to do."""


class Bot(NamedTuple):
    """The one who opens a database to keep things in it."""

    surface: str
    application: str
    """By its id on that surface."""


def judge_schema(revision: str | None, tables: Collection[str]) -> None:
    """Raise SchemaTooNew or NotOurs for a database of this revision, with these tables."""
    if revision == NEWEST:
        return
    if revision is None:
        ours = set(tables) & set(LIFETIMES)
        if ours:
            raise NotOurs(
                f"this database has a table {min(ours)!r} already, and nothing says that it is ours: it is "
                "another program's, or a part of a copy. Give this bot a database of its own (FIVEOHTWO_DATABASE_URL)."
            )
        return
    from bot.storage.migrating import known  # noqa: PLC0415 - only to name what is wrong

    if revision not in known():
        raise SchemaTooNew(
            f"a newer release of fiveohtwo has changed this database (its schema is {revision!r}, which this release "
            "does not know). Install that release again, or give this one another database (FIVEOHTWO_DATABASE_URL)."
        )


def judge_owner(owner: str | None, bot: Bot) -> None:
    """Raise AnotherBots where the database is not this bot's, or nobody's."""
    if owner not in (None, bot.application):
        raise AnotherBots(
            f"this database belongs to another bot (application {owner}; the token is of {bot.application}). Give each "
            "bot a database of its own (FIVEOHTWO_DATABASE_URL). If this bot is to take it over: fiveohtwo db release."
        )
