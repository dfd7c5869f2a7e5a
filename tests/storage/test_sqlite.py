"""Does the one writer share commits, answer only what is on the disk, and outlive a file that cannot be used?"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.conversation.state import State
from bot.ports import Commit, StoreUnavailable
from bot.storage.jobs import Read, StateRow, Write
from bot.storage.rows import rows_of
from bot.storage.sqlite import SqliteWriter
from databases import open_database, sqlite_address

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def write(key: str, expected: int = 0, details: str = "") -> Write:
    return Write(rows_of(Commit(key, expected, State(details={"x": details}), AT)))


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)


@pytest.fixture
async def path(tmp_path: Path) -> Path:
    address = sqlite_address(tmp_path)
    database = await open_database(address)
    await database.aclose()
    return address.path


@pytest.fixture
async def writer(path: Path) -> AsyncIterator[SqliteWriter]:
    writer = SqliteWriter(path)
    yield writer
    await writer.aclose()


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the file as another program would."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


def log_size(path: Path) -> int:
    return path.with_name(path.name + "-wal").stat().st_size


def kept(path: Path) -> list[str]:
    """Return the conversations that anybody else sees in the file."""
    connection = sqlite3.connect(path)
    keys = [key for (key,) in connection.execute("SELECT key FROM conversations ORDER BY key")]
    connection.close()
    return keys


async def test_answer_comes_after_the_commit(path: Path, writer: SqliteWriter) -> None:
    """When a job is answered, everybody else sees it in the file."""
    for number in range(20):
        assert await writer.submit(write(f"k{number:02}")) is True
        assert len(kept(path)) == number + 1


async def test_many_who_wait_share_few_commits(writer: SqliteWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand jobs that come together need a handful of transactions, and keep their order."""
    batches: list[int] = []
    together = writer._together
    monkeypatch.setattr(writer, "_together", lambda jobs: (batches.append(len(jobs)), together(jobs))[1])
    jobs = [writer.submit(write("k", number)) for number in range(1000)]
    assert all(await asyncio.gather(*jobs))
    assert sum(batches) == 1000
    assert len(batches) < 20
    assert max(batches) <= 256


async def test_idle_writer_uses_no_time(writer: SqliteWriter) -> None:
    """A writer without work waits; it does not look again and again."""
    await writer.submit(write("k"))
    thread = next(thread for thread in threading.enumerate() if thread.name == "sqlite-writer")
    assert thread.native_id is not None
    before = Path(f"/proc/self/task/{thread.native_id}/stat").read_text().split()[13:15]  # noqa: ASYNC240
    await asyncio.sleep(0.3)
    after = Path(f"/proc/self/task/{thread.native_id}/stat").read_text().split()[13:15]  # noqa: ASYNC240
    assert before == after


async def test_locked_file_is_unavailable_until_it_is_free(path: Path, writer: SqliteWriter) -> None:
    """While another program holds the file jobs are told so; afterwards all goes on by itself."""
    await writer.submit(write("before"))
    with locked(path):
        outcomes = await asyncio.gather(*(writer.submit(write(f"k{n}")) for n in range(5)), return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 5
    assert await writer.submit(write("after")) is True
    assert kept(path) == ["after", "before"]


async def test_full_disk_is_unavailable_until_there_is_room(path: Path, writer: SqliteWriter) -> None:
    """When nothing more can be written the job is told so, nothing of it stays, and all goes on when there is room."""
    await writer.submit(write("before"))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    room = log_size(path) + 8192
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, limit[1]))
    try:
        with pytest.raises(StoreUnavailable):
            await writer.submit(write("big", details="x" * 100_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert await writer.submit(write("big", details="x" * 100_000)) is True
    assert kept(path) == ["before", "big"]


async def test_file_that_vanished_is_not_made_anew(path: Path, writer: SqliteWriter) -> None:
    """A file that is gone is unavailable; an empty one in its place would hide that everything is lost."""
    elsewhere = path.with_name("elsewhere")
    await asyncio.to_thread(path.rename, elsewhere)
    with pytest.raises(StoreUnavailable):
        await writer.submit(write("k"))
    await asyncio.to_thread(elsewhere.rename, path)
    assert await writer.submit(write("k")) is True


async def test_faulty_job_fails_alone(writer: SqliteWriter) -> None:
    """A job that no file takes fails by itself; those around it are committed."""
    jobs = [writer.submit(job) for job in (write("a"), Read("bad\ud800"), write("b"))]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert outcomes[0] is outcomes[2] is True
    assert isinstance(outcomes[1], UnicodeEncodeError)
    assert isinstance(await writer.submit(Read("a")), StateRow)


async def test_whoever_stops_waiting_disturbs_nobody(writer: SqliteWriter) -> None:
    """A caller that is cancelled leaves the others their answers."""
    jobs = [writer.submit(write(f"k{number}")) for number in range(10)]
    jobs[3].cancel()
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert [outcome for outcome in outcomes if outcome is True] == [True] * 9
