"""Does an error mean that the database cannot be used just now, or that a job was at fault?"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

AWAY = ("08", "25", "28", "3D", "53", "55", "57", "58", "XX")
"""Classes of PostgreSQL's error codes: no connection, read-only, not let in, no such database, no resources, a lock or
state that forbids it, stopped by an operator, errors of its machine, and its own."""
AT_FAULT = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.InterfaceError)


def is_away(error: BaseException) -> bool:
    """Tell whether an error, or what it was raised from, means that the database cannot be used just now."""
    return any(_is_away(cause) for cause in _causes(error))


def reason_of(error: BaseException) -> str:
    """Say in a few words why; what a server says may hold names of its machine, so of that only the kind is told."""
    said = next((cause for cause in _causes(error) if isinstance(cause, sqlite3.Error)), None)
    return str(said) if said is not None else type(error).__name__


def _is_away(error: BaseException) -> bool:
    if isinstance(error, OSError | TimeoutError):
        return True
    if isinstance(error, sqlite3.Error):
        return not isinstance(error, AT_FAULT)
    code = getattr(error, "sqlstate", None)
    return isinstance(code, str) and code[:2] in AWAY


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
