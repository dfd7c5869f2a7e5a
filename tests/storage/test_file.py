"""Is a file that can never be used found before anybody relies on it, and one that can be used left as it is?"""

from __future__ import annotations

import sqlite3
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.ports import StoreUnavailable
from bot.storage import file
from bot.storage.faults import lasts
from bot.storage.ours import AnotherBots, Bot, NotOurs, SchemaTooNew
from bot.storage.sql import Database
from databases import sqlite_address
from fakes import HandClock

OURS, THEIRS = Bot("discord", "5"), Bot("discord", "6")


async def kept(folder: Path) -> Path:
    """Return a database of a bot of ours."""
    address = sqlite_address(folder)
    database = Database(address, HandClock(datetime(2026, 11, 3, tzinfo=UTC)), bot=OURS)
    await database.open()
    await database.aclose()
    return address.path


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)


def test_new_file_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    """Where there is none yet, nothing prevents one; others on the machine cannot read it."""
    path = tmp_path / "data" / "x.sqlite3"
    file.look(path, OURS)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


async def test_database_of_ours_is_taken(tmp_path: Path) -> None:
    """Its own bot, and whoever is none, may use it."""
    path = await kept(tmp_path)
    file.look(path, OURS)
    file.look(path, None)


async def test_database_of_another_bot_is_refused(tmp_path: Path) -> None:
    """Another token than before is told so."""
    path = await kept(tmp_path)
    with pytest.raises(AnotherBots):
        file.look(path, THEIRS)
    change(path, "DELETE FROM applications")
    file.look(path, THEIRS)


async def test_older_and_newer_schemas_are_told_apart(tmp_path: Path) -> None:
    """One that the next start upgrades is taken, also without the tables that came later."""
    path = await kept(tmp_path)
    change(path, "UPDATE alembic_version SET version_num = '0001'")
    change(path, "DROP TABLE applications")
    file.look(path, OURS)
    change(path, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        file.look(path, OURS)
    change(path, "DELETE FROM alembic_version")
    with pytest.raises(NotOurs):
        file.look(path, OURS)


@pytest.mark.parametrize("kind", ["folder", "letter", "file in the way"])
def test_what_is_no_database_lasts(tmp_path: Path, kind: str) -> None:
    """It is told by its path, as an error that no waiting fixes."""
    path = tmp_path / "data" / "x.sqlite3"
    if kind == "folder":
        path.mkdir(parents=True)
    elif kind == "letter":
        path.parent.mkdir()
        path.write_text("this is a letter and no database at all " * 50)
    else:
        path.parent.write_text("in the way")
    with pytest.raises(StoreUnavailable, match=r"x\.sqlite3: ") as told:
        file.look(path, OURS)
    assert lasts(told.value)


async def test_file_that_others_hold_may_come_free(tmp_path: Path) -> None:
    """A lock is reported as one that passes, soon, and leaves nothing open."""
    path = await kept(tmp_path)
    with closing(sqlite3.connect(path, isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode=DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="locked") as told:
            file.look(path, OURS)
    assert not lasts(told.value)


async def test_several_that_settle_a_file_wait_for_each_other(tmp_path: Path) -> None:
    """Of many who empty the log at once none gives up because another is just at it."""
    path = await kept(tmp_path)
    with closing(sqlite3.connect(path)) as connection, ThreadPoolExecutor(8) as threads:
        for number in range(20):
            connection.execute(f"CREATE TABLE t{number} AS SELECT zeroblob(2000000) AS x")
            connection.commit()
            assert all(threads.map(file.settle, [path] * 8))
        assert path.with_name(f"{path.name}-wal").stat().st_size == 0


async def test_file_that_others_read_is_told_as_not_settled(tmp_path: Path) -> None:
    """While somebody still reads what was there before, the log cannot be emptied; nothing is raised for it."""
    path = await kept(tmp_path)
    with closing(sqlite3.connect(path)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM alembic_version").fetchone()
        change(path, "CREATE TABLE t (x)")
        assert not file.settle(path, 0.1)
    assert file.settle(path)
    assert not file.settle(tmp_path / "none" / "x.sqlite3")
