"""Is each connection to an SQLite file prepared, even when several are made at once?"""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from bot.storage.pragmas import prepare

AT_ONCE, FILES = 8, 40


def connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=0.1, isolation_level=None)


def test_connection_is_safe(tmp_path: Path) -> None:
    """What is committed is on the disk, and what is deleted is overwritten."""
    connection = connect(tmp_path / "a")
    prepare(connection, 1.0)
    asked = ("journal_mode", "synchronous", "secure_delete")
    assert [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in asked] == ["wal", 2, 1]


def test_many_begin_a_new_file_together(tmp_path: Path) -> None:
    """Of processes that start together none is told that the file is locked."""
    barrier = Barrier(AT_ONCE)

    def begin(path: Path) -> None:
        connection = connect(path)
        barrier.wait()
        prepare(connection, 5.0)
        connection.close()

    with ThreadPoolExecutor(AT_ONCE) as threads:
        for number in range(FILES):
            list(threads.map(begin, [tmp_path / str(number)] * AT_ONCE))


def test_file_that_is_held_is_given_up(tmp_path: Path) -> None:
    """Nobody waits forever."""
    holder = connect(tmp_path / "a")
    holder.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        prepare(connect(tmp_path / "a"), 0.1)
