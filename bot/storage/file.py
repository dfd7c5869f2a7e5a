"""Can an SQLite file be used at all? Created where there is none, and examined before anybody relies on it.

It is examined with Python's own module alone: whoever waits for the bot does not wait for SQLAlchemy.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from bot.ports import StoreUnavailable
from bot.storage.faults import is_away, reason_of
from bot.storage.ours import Bot, judge_owner, judge_schema
from bot.storage.pragmas import prepare

HELD_FOR_S = 0.2
"""A file that others hold for longer is not waited for here."""
TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
REVISION = "SELECT version_num FROM alembic_version"
OWNER = "SELECT application FROM applications WHERE surface = ?"
SETTLED_WITHIN_S = 5.0
_PAUSE_S = 0.02


def make(path: Path) -> None:
    """Create the file and its folder, readable only by their owner. Raises StoreUnavailable."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise StoreUnavailable(f"{path}: {error.strerror}") from error


def look(path: Path, bot: Bot | None) -> None:
    """Raise StoreRefused where the bot must not use the file, and StoreUnavailable where it cannot be used now."""
    make(path)
    try:
        with closing(_connected(path)) as connection:
            tables = {name for (name,) in connection.execute(TABLES)}
            judge_schema(_first(connection, REVISION) if "alembic_version" in tables else None, tables)
            if bot is not None and "applications" in tables:
                judge_owner(_first(connection, OWNER, bot.surface), bot)
    except sqlite3.Error as error:
        if not is_away(error):
            raise
        raise StoreUnavailable(f"{path}: {reason_of(error)}") from error


def settle(path: Path, within_s: float = SETTLED_WITHIN_S) -> bool:
    """Write the log back into the file and empty it; False when others prevented it for this long.

    It waits for readers, but not for somebody else who is writing the log back: then SQLite refuses at once
    (https://sqlite.org/c3ref/wal_checkpoint_v2.html).
    """
    end = time.monotonic() + within_s
    try:
        with closing(sqlite3.connect(path, timeout=within_s)) as connection:
            while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
                if time.monotonic() >= end:
                    return False
                time.sleep(_PAUSE_S)
    except sqlite3.Error:
        return False
    return True


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(f"file:{quote(str(path))}?mode=rw", uri=True, timeout=HELD_FOR_S)
    try:
        prepare(connection, HELD_FOR_S)
    except BaseException:
        connection.close()
        raise
    return connection


def _first(connection: sqlite3.Connection, question: str, *values: str) -> str | None:
    row = connection.execute(question, values).fetchone()
    return row[0] if row is not None else None
