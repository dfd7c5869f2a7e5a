"""Does an error mean that the database cannot be used just now, or that a job was at fault?"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator

AWAY = ("08", "25", "28", "3D", "3F", "42501", "53", "55", "57", "58", "XX")
"""How PostgreSQL's error codes begin then: no connection, read-only, not let in, no such database or schema, not
allowed, no resources, a lock or state that forbids it, stopped by an operator, errors of its machine, and its own."""
PRIMARY = 0xFF
"""What of SQLite's code of an error names its kind."""
NO_FILE = frozenset(
    {
        sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_FORMAT,
    }
)  # fmt: skip
"""Errors of SQLite that do not pass: it is no file of SQLite's, or one that may not be read or written."""
NO_PLACE = frozenset(
    {
        errno.EACCES, errno.EPERM, errno.EROFS, errno.EISDIR, errno.ENOTDIR, errno.ENOENT, errno.EEXIST, errno.ELOOP,
        errno.ENAMETOOLONG, errno.EINVAL, errno.ENODEV, errno.ENXIO,
    }
)  # fmt: skip
"""Errors of the system that do not pass: there is no such file, and none can be made."""
AT_FAULT = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError, sqlite3.InterfaceError)


def is_away(error: BaseException) -> bool:
    """Tell whether an error, or what it was raised from, means that the database cannot be used just now."""
    return any(_is_away(cause) for cause in _causes(error))


def lasts(error: BaseException) -> bool:
    """Tell whether a file cannot be used until somebody does something about it."""
    return any(_lasts(cause) for cause in _causes(error))


def reason_of(error: BaseException) -> str:
    """Say in a few words why; what a server says may hold names of its machine, so of that only the kind is told."""
    causes = list(_causes(error))
    said = next((cause for cause in causes if isinstance(cause, sqlite3.Error)), None)
    if said is not None:
        return str(said)
    # The server's own error is the innermost; what libraries wrap around it is called alike for all.
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
    """Return PostgreSQL's code of an error, nothing for any other error."""
    code = getattr(error, "sqlstate", None)
    return code if isinstance(code, str) else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
