"""How is a connection to an SQLite file prepared?"""

from __future__ import annotations

import sqlite3
import time

_PAUSE_S = 0.02
_WAL = "PRAGMA journal_mode=WAL"
_OTHERS = ("PRAGMA synchronous=FULL", "PRAGMA secure_delete=ON")
"""Safe against power loss; what was deleted is overwritten."""


def prepare(connection: sqlite3.Connection, within_s: float) -> None:
    """Set what each connection needs. Raises sqlite3.OperationalError when others hold the file for longer.

    Changing to a write-ahead log does not wait as statements do: if several change a new file at once, SQLite refuses
    all but one without delay, so that they do not wait for each other (https://sqlite.org/rescode.html#busy).
    """
    end = time.monotonic() + within_s
    while not _changed(connection, last=time.monotonic() >= end):
        time.sleep(_PAUSE_S)
    for pragma in _OTHERS:
        connection.execute(pragma)


def _changed(connection: sqlite3.Connection, *, last: bool) -> bool:
    try:
        connection.execute(_WAL)
    except sqlite3.OperationalError as error:
        if last or error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
            raise
        return False
    return True
