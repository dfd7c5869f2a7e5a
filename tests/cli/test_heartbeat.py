"""Does a process keep saying whether it is able to work, and only for as long as it lives?"""

from __future__ import annotations

import asyncio
import logging
import socket
import sqlite3
import stat
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest

from bot.cli import heartbeat
from bot.cli.heartbeat import DATABASE_AWAY, SIGN_EVERY_S, beating, obstacle_of
from bot.cli.sign import Sign, read
from bot.ports import StoreUnavailable
from bot.storage.memory import MemoryStore
from bot.storage.sql import SqlStore
from databases import open_database, sqlite_address
from fakes import HandClock


class Obstacles:
    """What keeps a process from its work, as a test wants it; an error is raised."""

    def __init__(self, first: str | Exception | None = None) -> None:
        self.now = first

    async def __call__(self) -> str | None:
        """See `heartbeat.Obstacle`."""
        if isinstance(self.now, Exception):
            raise self.now
        return self.now


async def asleep(clock: HandClock) -> None:
    """Wait until the process sleeps after a sign; writing takes a thread, and so real time."""
    for _ in range(2000):
        if clock.asleep:
            return
        await asyncio.sleep(0.005)
    raise AssertionError("there is no end to it")


async def signed(place: Path, clock: HandClock) -> Sign:
    """Return the newest sign."""
    await asleep(clock)
    sign = read(place)
    assert sign is not None
    return sign


def modes(place: Path) -> dict[Path, int]:
    """Return who may do what with the folder and all that is in it."""
    return {path: stat.S_IMODE(path.stat().st_mode) for path in (place.parent, *place.parent.iterdir())}


async def test_sign_is_renewed_while_it_is_able(tmp_path: Path) -> None:
    """Each sign brings the present time; nobody else may read it; at the end it is gone."""
    clock, place = HandClock(), tmp_path / "data" / "run.heartbeat"
    async with beating(place, Obstacles(), clock):
        assert await signed(place, clock) == Sign(at=clock.now(), able_at=clock.now())
        await clock.pass_time(SIGN_EVERY_S)
        assert (await signed(place, clock)).able_at == clock.now()
        assert modes(place) == {place.parent: 0o700, place: 0o600}
    assert modes(place) == {place.parent: 0o700}


async def test_obstacle_is_told_with_the_time_before_it(tmp_path: Path) -> None:
    """What keeps it from its work is in the sign, and since when; when it is over, all is well again."""
    clock, place, obstacles = HandClock(), tmp_path / "x", Obstacles()
    async with beating(place, obstacles, clock):
        before = (await signed(place, clock)).at
        obstacles.now = "not connected to Discord"
        await clock.pass_time(SIGN_EVERY_S)
        expected = Sign(at=clock.now(), able_at=before, obstacle="not connected to Discord")
        assert await signed(place, clock) == expected
        obstacles.now = None
        await clock.pass_time(SIGN_EVERY_S)
        assert await signed(place, clock) == Sign(at=clock.now(), able_at=clock.now())


@pytest.mark.parametrize(
    ("error", "said"), [(StoreUnavailable("no"), DATABASE_AWAY), (KeyError("odd"), "KeyError")], ids=["store", "fault"]
)
async def test_question_that_fails_is_an_obstacle(tmp_path: Path, error: Exception, said: str) -> None:
    """A database that is away, and any fault of ours, is told; the next sign comes all the same."""
    clock, place = HandClock(), tmp_path / "x"
    async with beating(place, Obstacles(error), clock):
        assert (await signed(place, clock)).obstacle == said
        await clock.pass_time(SIGN_EVERY_S)
        assert (await signed(place, clock)).at == clock.now()


async def test_silent_database_is_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits forever for a server that says nothing."""
    monkeypatch.setattr(heartbeat, "ANSWERS_WITHIN_S", 0.01)

    async def silent() -> str | None:
        await asyncio.sleep(60)
        return None

    clock, place = HandClock(), tmp_path / "x"
    async with beating(place, silent, clock):
        assert (await signed(place, clock)).obstacle == DATABASE_AWAY


async def test_place_that_takes_no_file_is_told_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The process works on without its sign, and says so in one line."""
    clock, place = HandClock(), tmp_path
    with caplog.at_level(logging.WARNING):
        async with beating(place, Obstacles(), clock):
            for _ in range(3):
                await asleep(clock)
                await clock.pass_time(SIGN_EVERY_S)
    assert [record.getMessage() for record in caplog.records] == [
        f"no sign of life can be left at {place}: Is a directory"
    ]


async def test_supervisor_hears_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """systemd is told of the start, of each sign with what it says, and of the end."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(str(tmp_path / "notify"))
        systemd.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        clock, place = HandClock(), tmp_path / "x"
        async with beating(place, Obstacles("not connected to Discord"), clock):
            await signed(place, clock)
        heard = [systemd.recv(200).decode() for _ in range(3)]
    assert heard == ["READY=1", "WATCHDOG=1\nSTATUS=not connected to Discord", "STOPPING=1"]


async def test_store_that_takes_nothing_is_found_out(tmp_path: Path) -> None:
    """A database that another program holds can be read, and is no good all the same; what was asked leaves no trace."""
    database = await open_database(sqlite_address(tmp_path))
    try:
        ask = partial(obstacle_of, SqlStore(database))
        assert await ask() is None
        with closing(sqlite3.connect(database.address.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable):
                await ask()
            other.execute("ROLLBACK")
            assert await ask() is None
            assert other.execute("SELECT count(*) FROM conversations").fetchone() == (0,)
    finally:
        await database.aclose()
    assert await obstacle_of(MemoryStore()) is None
