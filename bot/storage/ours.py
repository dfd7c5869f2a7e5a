"""Is a database ours to use: of a release that this one follows?

Judged from what was read of it, whoever read it: nothing here needs a library.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.ports import StoreRefused
from bot.storage.lifetimes import LIFETIMES

NEWEST = "0005"
"""The revision that this release needs: the last of `migrations/versions`."""


class SchemaTooNew(StoreRefused):
    """A newer release has changed this database; the text says what to do."""


class NotOurs(StoreRefused):
    """Somebody else's tables stand where ours would; the text says what to do."""


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
