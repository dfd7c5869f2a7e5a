"""Is a database that must not be used told apart from one that may, with what to do?"""

from __future__ import annotations

import subprocess
import sys

import pytest

from bot.storage.lifetimes import LIFETIMES
from bot.storage.ours import NEWEST, AnotherBots, Bot, NotOurs, SchemaTooNew, judge_owner, judge_schema

OURS = Bot("discord", "5")


@pytest.mark.parametrize("tables", [(), ("alembic_version",), ("customers", "orders")])
def test_database_without_a_version_is_new(tables: tuple[str, ...]) -> None:
    """Nothing in it, or only tables whose names are not ours: ours are made beside them."""
    judge_schema(None, tables)


@pytest.mark.parametrize("table", sorted(LIFETIMES))
def test_table_of_our_name_without_a_version_is_refused(table: str) -> None:
    """Each of our tables is in the way if another program has one of the same name."""
    with pytest.raises(NotOurs, match=f"{table!r}.*FIVEOHTWO_DATABASE_URL"):
        judge_schema(None, ("customers", table))


@pytest.mark.parametrize("revision", [NEWEST, "0001"])
def test_known_revisions_are_taken(revision: str) -> None:
    """This release's, and those before it."""
    judge_schema(revision, LIFETIMES)


def test_unknown_revision_is_a_newer_release() -> None:
    """What this release does not know, a later one made."""
    with pytest.raises(SchemaTooNew, match=r"'9999'.*FIVEOHTWO_DATABASE_URL"):
        judge_schema("9999", LIFETIMES)


def test_database_is_ours_or_nobodys() -> None:
    """Another bot is told whose it is, and the way out."""
    judge_owner(None, OURS)
    judge_owner("5", OURS)
    with pytest.raises(AnotherBots, match=r"application 6; the token is of 5.*fiveohtwo db release"):
        judge_owner("6", OURS)


def test_judging_needs_no_library() -> None:
    """Whoever waits for the bot does not wait for SQLAlchemy, or Alembic, to be told."""
    program = (
        "import sys; import bot.storage.file; from bot.storage.ours import *; judge_schema(NEWEST, ());"
        "print([name for name in ('sqlalchemy', 'alembic', 'asyncpg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
