"""Does an error mean that the database cannot be used at present, or that a job was at fault?"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

AWAY = ("08", "25", "28", "3D", "3F", "42501", "53", "55", "57", "58", "XX")
"""Beginnings of PostgreSQL's error codes in that case: no connection, read-only, access denied, no such database or
schema, not allowed, no resources, a forbidding lock or state, stopped by an operator, machine and internal errors."""
PRIMARY = 0xFF
"""The part of an SQLite error code that names its kind."""
NO_FILE = frozenset(
    {
        sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_FORMAT,
    }
)  # fmt: skip
"""SQLite errors that do not pass: the file is not SQLite's, or may not be read or written."""
NO_PLACE = frozenset(
    {
        errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENOENT, errno.EEXIST, errno.ELOOP,
        errno.ENAMETOOLONG, errno.EINVAL, errno.ENODEV, errno.ENXIO,
    }
)  # fmt: skip
"""System errors that do not pass: there is no such file, and none can be created."""
AT_FAULT = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.InterfaceError)


def is_away(error: BaseException) -> bool:
    """Tell whether an error, or what it was raised from, means that the database cannot be used at present."""
    return any(_is_away(cause) for cause in _causes(error))


def lasts(error: BaseException) -> bool:
    """Tell whether a file cannot be used until somebody does something about it."""
    return any(_lasts(cause) for cause in _causes(error))


def reason_of(error: BaseException) -> str:
    """Say in a few words why; a server's message may hold names of its machine, so only its kind is told."""
    causes = list(_causes(error))
    said = next((cause for cause in causes if isinstance(cause, sqlite3.Error)), None)
    if said is not None:
        return str(said)
    # The server's own error is the innermost; the libraries' wrappers have the same name for all.
    return type(next((cause for cause in reversed(causes) if _code_of(cause)), error)).__name__


def _lasts(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", 0) & PRIMARY in NO_FILE
    return isinstance(error, OSError) and error.errno in NO_PLACE


def _is_away(error: BaseException) -> bool:
    if isinstance(error, OSError | TimeoutError):
        return True
    if isinstance(error, sqlite3.Error):
        return not isinstance(error, AT_FAULT)
    return _code_of(error).startswith(AWAY)


def _code_of(error: BaseException) -> str:
    """Return a PostgreSQL error's code, nothing for any other error."""
    code = getattr(error, "sqlstate", None)
    return code if isinstance(code, str) else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
