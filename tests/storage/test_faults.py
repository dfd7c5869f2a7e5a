"""Are a database that is away and a job that is at fault told apart?"""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing
from pathlib import Path

import asyncpg
import pytest

from bot.ports import StoreUnavailable
from bot.storage.faults import is_away, lasts, reason_of

AWAY = [
    sqlite3.OperationalError("database is locked"), sqlite3.OperationalError("database or disk is full"),
    sqlite3.OperationalError("disk I/O error"), sqlite3.OperationalError("unable to open database file"),
    sqlite3.DatabaseError("database disk image is malformed"), ConnectionRefusedError(), ConnectionResetError(),
    TimeoutError(), asyncpg.CannotConnectNowError("x"), asyncpg.AdminShutdownError("x"), asyncpg.CrashShutdownError("x"),
    asyncpg.ConnectionDoesNotExistError("x"), asyncpg.DiskFullError("x"), asyncpg.TooManyConnectionsError("x"),
    asyncpg.InvalidPasswordError("x"), asyncpg.InvalidCatalogNameError("x"), asyncpg.ReadOnlySQLTransactionError("x"),
    asyncpg.QueryCanceledError("x"), asyncpg.LockNotAvailableError("x"), asyncpg.InsufficientPrivilegeError("x"),
    asyncpg.InvalidSchemaNameError("x"),
]  # fmt: skip
AT_FAULT = [
    sqlite3.IntegrityError("UNIQUE constraint failed"), sqlite3.ProgrammingError("binding"), asyncpg.DataError("x"),
    asyncpg.UniqueViolationError("x"), asyncpg.UndefinedColumnError("x"), asyncpg.CharacterNotInRepertoireError("x"), ValueError(), UnicodeError(), KeyError(),
]  # fmt: skip


def name(error: Exception) -> str:
    return f"{type(error).__name__}-{error}"


@pytest.mark.parametrize("error", AWAY, ids=name)
def test_database_that_cannot_be_used_is_away(error: Exception) -> None:
    """Locked, full, broken, stopped, unreachable: the job is done later."""
    assert is_away(error)


@pytest.mark.parametrize("error", AT_FAULT, ids=name)
def test_faulty_job_is_not_blamed_on_the_database(error: Exception) -> None:
    """A value that no database takes stays the fault of its job."""
    assert not is_away(error)


def test_cause_counts() -> None:
    """What a library raises from the driver's error means what the driver's error means."""
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = ConnectionResetError()
    assert is_away(wrapped)
    wrapped.__cause__ = ValueError()
    assert not is_away(wrapped)


def test_reason_is_told_without_what_a_server_says_of_its_machine() -> None:
    """What SQLite says helps; what a server says may name hosts and people, so only its kind is told."""
    full = RuntimeError()
    full.__cause__ = sqlite3.OperationalError("database or disk is full")
    assert reason_of(full) == "database or disk is full"
    assert reason_of(asyncpg.InvalidPasswordError("password of admin at db.example.com")) == "InvalidPasswordError"


def test_reason_is_the_servers_own_error() -> None:
    """However many libraries wrap it, an operator reads what the server had against it."""
    wrapped = RuntimeError("wrapped")
    wrapped.__cause__ = asyncpg.InvalidCatalogNameError("database shop does not exist")
    assert reason_of(wrapped) == "InvalidCatalogNameError"
    assert reason_of(ConnectionRefusedError()) == "ConnectionRefusedError"


def _wrong(path: Path) -> Exception:
    """Return what SQLite says of a path."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA user_version = 1")
    except sqlite3.Error as error:
        return error
    raise AssertionError("nothing is wrong")


def test_file_that_never_works_is_told_from_one_that_may(tmp_path: Path) -> None:
    """A file of another kind, a folder, a place where none can be made: nobody need wait. A lock or a full disk passes."""
    (tmp_path / "letter").write_text("this is a letter and no database at all " * 50)
    assert lasts(_wrong(tmp_path / "letter"))
    assert lasts(_wrong(tmp_path))
    assert lasts(_wrong(tmp_path / "missing"))
    assert lasts(NotADirectoryError(errno.ENOTDIR, "Not a directory"))
    assert not lasts(OSError(errno.ENOSPC, "No space left on device"))
    with closing(sqlite3.connect(tmp_path / "x", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        assert not lasts(_wrong(tmp_path / "x"))


def test_what_lasts_is_known_through_what_wraps_it() -> None:
    """Whoever wrapped the error, it is the innermost that counts; a server's end is none that lasts."""
    wrapped = StoreUnavailable("wrapped")
    wrapped.__cause__ = IsADirectoryError(errno.EISDIR, "Is a directory")
    assert lasts(wrapped)
    wrapped.__cause__ = ConnectionRefusedError(errno.ECONNREFUSED, "refused")
    assert not lasts(wrapped)
