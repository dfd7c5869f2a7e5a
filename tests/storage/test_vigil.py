"""Do several processes share watches so that nothing is lost or doubled, whichever of them is killed at any moment?"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.diagnosis.recovery import SPREAD
from bot.ports import Watch
from bot.storage.address import Address
from bot.storage.watches import SqlWatches
from databases import Server, open_database, sqlite_address
from storage import vigil
from storage.vigil import LEASE_S, PACE, SURFACE

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("KILLS", "300" if os.environ.get("LONG_TESTS") else "12"))
SITES = 20
WATCHERS_EACH = 2
LIVES_AT_MOST_S = 0.5
SLACK_S = 1.5
"""Allowed beyond lease and pause: two busy processors, many processes."""


class Crew:
    """Several processes on one database; whoever is killed is followed by another one."""

    def __init__(self, url: str, record: Path, up_at: dict[str, float]) -> None:
        self._order = {"url": url, "record": str(record), "up_at": up_at}
        self._nurse = subprocess.Popen(
            [sys.executable, vigil.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert self._nurse.stdout is not None
        assert self._nurse.stdout.readline() == "ready\n"
        self.alive: list[int] = []
        self.lives = 0

    def begin(self) -> None:
        """One more process."""
        assert self._nurse.stdin is not None
        assert self._nurse.stdout is not None
        self._nurse.stdin.write(json.dumps(self._order | {"life": self.lives}) + "\n")
        self._nurse.stdin.flush()
        self.alive.append(int(self._nurse.stdout.readline()))
        self.lives += 1

    def kill_one(self) -> None:
        """End one of them in the middle of whatever it does."""
        pid = self.alive.pop(random.randrange(len(self.alive)))
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        """End all."""
        while self.alive:
            self.kill_one()
        self._nurse.kill()
        self._nurse.communicate()


def url_of(number: int) -> str:
    return f"https://site{number}.example.com/"


def notes(record: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []


@pytest.fixture(params=["sqlite-1", "postgresql-2", "postgresql-4"])
async def scene(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Address, int]:
    kind, _, count = request.param.partition("-")
    if kind == "sqlite":
        return sqlite_address(tmp_path), int(count)
    server: Server = request.getfixturevalue("server")
    return await server.empty_database(), int(count)


async def asked(address: Address) -> list[str]:
    """Let people wait for all sites; return the names of their watches."""
    database = await open_database(address)
    watches = SqlWatches(database)
    now, names = datetime.now(UTC), []
    for site in range(SITES):
        for person in range(WATCHERS_EACH):
            names.append(f"{site}.{person}")
            watch = Watch(names[-1], url_of(site), SURFACE, names[-1], "{}", now, now + timedelta(hours=1))
            await watches.add(watch, most_user=9, most_server=99)
    await watches.aclose()
    await database.aclose()
    return names


@pytest.fixture
def crews() -> Iterator[list[Crew]]:
    crews: list[Crew] = []
    yield crews
    for crew in crews:
        crew.end()


async def test_watches_survive_the_death_of_any_process(
    scene: tuple[Address, int], tmp_path: Path, crews: list[Crew]
) -> None:
    """Everybody is told of their site; looks keep their distance; a killed process's work is taken over in time."""
    address, count = scene
    names, record = await asked(address), tmp_path / "record"
    lasts_s = KILLS * LIVES_AT_MOST_S / 2
    begun = time.time()
    up_at = {url_of(site): begun + (site + 1) / SITES * lasts_s for site in range(SITES)}
    url = address.url if address.kind == "postgresql" else f"sqlite:///{address.path}"
    crew = Crew(url, record, up_at)
    crews.append(crew)
    for _ in range(count):
        crew.begin()
    for _ in range(KILLS):
        await asyncio.sleep(random.random() * LIVES_AT_MOST_S)
        crew.kill_one()
        crew.begin()
    until = time.time() + 10 * LEASE_S + 30
    while {one["told"] for one in notes(record) if "told" in one} != set(names):
        assert time.time() < until, "somebody was never told"
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    _judge(notes(record), up_at)


def _judge(noted: list[dict[str, Any]], up_at: dict[str, float]) -> None:
    told, looks = defaultdict(list), defaultdict(list)
    for one in noted:
        if "told" in one:
            told[one["told"]].append(one)
        else:
            looks[one["looked"]].append(one["at"])
    last = Counter(
        {life: max(one["at"] for one in noted if one["life"] == life) for life in {n["life"] for n in noted}}
    )
    for name, times in told.items():
        assert times[0]["at"] >= up_at[url_of(int(name.partition(".")[0]))], "told before it was back"
        assert {one["what"] for one in times} == {"back"}
        for earlier, later in itertools.pairwise(times):
            # Only a process that died between telling and noting it leaves a second one, by which the name is dropped.
            assert later["life"] != earlier["life"]
            assert last[earlier["life"]] - earlier["at"] < LEASE_S
            assert later["at"] - earlier["at"] > LEASE_S / 2
    for times in looks.values():
        gaps = [later - earlier for earlier, later in itertools.pairwise(times)]
        assert min(gaps) >= PACE.first_s * (1 - SPREAD), "two processes looked at one site at once"
        assert max(gaps) <= LEASE_S + PACE.first_s * (1 + SPREAD) + SLACK_S + LIVES_AT_MOST_S, "work was left lying"


@pytest.mark.parametrize("count", [2, 4])
async def test_processes_that_live_look_and_tell_once(
    server: Server, count: int, tmp_path: Path, crews: list[Crew]
) -> None:
    """Nobody dies: every site is looked at once an interval, and everybody is told exactly once."""
    address = await server.empty_database()
    names, record = await asked(address), tmp_path / "record"
    up_at = {url_of(site): time.time() + 1 + site / SITES for site in range(SITES)}
    crew = Crew(address.url, record, up_at)
    crews.append(crew)
    for _ in range(count):
        crew.begin()
    until = time.time() + 30
    while len([one for one in notes(record) if "told" in one]) < len(names):
        assert time.time() < until, "somebody was never told"
        await asyncio.sleep(0.1)
    await asyncio.sleep(LEASE_S + 0.5)
    noted = notes(record)
    assert Counter(one["told"] for one in noted if "told" in one) == dict.fromkeys(names, 1)
    assert len({one["life"] for one in noted if "looked" in one}) == count, "one of them did nothing"
    _judge(noted, up_at)
