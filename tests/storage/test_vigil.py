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

from bot.conversation.effects import RunChecks
from bot.diagnosis.recovery import SPREAD
from bot.kb.model import KnowledgeBase
from bot.ports import Watch
from bot.storage.address import Address
from bot.storage.sql import SqlStore
from bot.storage.watches import SqlWatches
from databases import Server, open_database, sqlite_address
from storage import vigil
from storage.mortal import CONVERSATIONS, Mark, course, digest, key_of, lives
from storage.vigil import LEASE_S, PACE, PAUSE_S, SURFACE

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("KILLS", "300" if os.environ.get("LONG_TESTS") else "12"))
SITES = 20
TAKEN_ON_EVERY = 6
"""After this many kills one process is missing for longer than its lease."""
WATCHERS_EACH = 2
LIVES_AT_MOST_S = 0.5
SLACK_S = 1.5
"""Allowed beyond lease and pause: two busy processors, many processes."""


class Crew:
    """Several processes on one database; whoever is killed is followed by another one in the same place."""

    def __init__(self, url: str, record: Path, up_at: dict[str, float], count: int, events: int = 0) -> None:
        self._order = {"url": url, "record": str(record), "up_at": up_at, "slots": count, "events": events}
        self._record = record
        self._record.touch()
        self._read = 0
        self.acknowledged = dict.fromkeys(map(key_of, range(CONVERSATIONS)), -1)
        self._nurse = subprocess.Popen(
            [sys.executable, vigil.__file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert self._nurse.stdout is not None
        assert self._nurse.stdout.readline() == "ready\n"
        self.alive: dict[int, int] = {}
        """Place -> process."""
        self.lives = 0
        for slot in range(count):
            self.begin(slot)

    def begin(self, slot: int) -> None:
        """One more process; it is told which events people got an answer to, and repeats the others for them."""
        assert self._nurse.stdin is not None
        assert self._nurse.stdout is not None
        self.read()
        nexts = {key: number + 1 for key, number in self.acknowledged.items()}
        order = self._order | {"life": self.lives, "slot": slot, "nexts": nexts}
        self._nurse.stdin.write(json.dumps(order) + "\n")
        self._nurse.stdin.flush()
        self.alive[slot] = int(self._nurse.stdout.readline())
        self.lives += 1

    def read(self) -> None:
        """Read on in what the processes noted."""
        text = self._record.read_bytes()[self._read :]
        self._read += text.rfind(b"\n") + 1
        for line in text.splitlines(keepends=True):
            if b'"acknowledged"' in line and line.endswith(b"\n"):
                note = json.loads(line)
                self.acknowledged[note["key"]] = max(self.acknowledged[note["key"]], note["acknowledged"])

    def kill_one(self) -> int:
        """End one of them in the middle of whatever it does; return its place."""
        slot = random.choice(list(self.alive))
        pid = self.alive.pop(slot)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while lives(pid):
            time.sleep(0.002)
        return slot

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


def looking(record: Path) -> set[int]:
    """Return the processes that have looked at anything."""
    return {one["life"] for one in notes(record) if "looked" in one}


@pytest.fixture
def crews() -> Iterator[list[Crew]]:
    crews: list[Crew] = []
    yield crews
    for crew in crews:
        crew.end()


async def test_work_survives_the_death_of_any_process(
    kb: KnowledgeBase, scene: tuple[Address, int], tmp_path: Path, crews: list[Crew]
) -> None:
    """Conversations and watches together, processes killed at random points.

    Everybody is told of their site; looks keep their distance; a killed process's work is taken over in time. Every
    conversation ends where it would have ended had nobody been killed; every line of it was said, and none twice by
    one process; nothing is left pending.
    """
    address, count = scene
    names, record = await asked(address), tmp_path / "record"
    lasts_s = KILLS * LIVES_AT_MOST_S / 2
    events = int(lasts_s / PAUSE_S) + 20
    courses = {key_of(number): list(course(kb, key_of(number), events)) for number in range(CONVERSATIONS)}
    begun = time.time()
    up_at = {url_of(site): begun + (site + 1) / SITES * lasts_s for site in range(SITES)}
    url = address.url if address.kind == "postgresql" else f"sqlite:///{address.path}"
    crew = Crew(url, record, up_at, count, events)
    crews.append(crew)
    for number in range(KILLS):
        await asyncio.sleep(random.random() * LIVES_AT_MOST_S)
        slot = crew.kill_one()
        if count > 1 and number % TAKEN_ON_EVERY == 0:
            await asyncio.sleep(2 * LEASE_S)  # nobody follows at once: another one has to stand in
        crew.begin(slot)
    until = time.time() + 10 * LEASE_S + 60 + lasts_s
    last = dict.fromkeys(courses, events - 1)
    while {one["told"] for one in notes(record) if "told" in one} != set(names) or crew.acknowledged != last:
        assert time.time() < until, "somebody was never told or answered"
        await asyncio.sleep(0.3)
        crew.read()
    await asyncio.sleep(0.5)
    noted = notes(record)
    _judge([one for one in noted if "told" in one or "looked" in one], up_at)
    said = defaultdict[str, Counter[int]](Counter)
    for one in noted:
        if "said" in one:
            said[one["said"]][one["life"]] += 1
    for marks in courses.values():
        assert {line for mark in marks for line in mark.lines} <= set(said), "a line was never said"
    assert {times for lives in said.values() for times in lives.values()} == {1}
    assert count == 1 or any("took" in one for one in noted), "nobody stood in for anybody"
    await _stands(address, courses)
    again = sum(len(lives) > 1 for lives in said.values())
    print(f"{KILLS} kills, {len(said)} lines, {again} of them said again by another process")


async def _stands(address: Address, courses: dict[str, list[Mark]]) -> None:
    """Every conversation is where its undisturbed course ends, and waits for nothing but time."""
    database = await open_database(address)
    store = SqlStore(database)
    for key, marks in courses.items():
        stored = await store.load(key)
        assert stored is not None
        assert digest(stored.state) == marks[-1].state, key
    pending = await store.pending()
    assert [one for one in pending if one.replies] == []
    assert [due for one in pending for due in one.effects if isinstance(due.effect, RunChecks)] == []
    await database.aclose()


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
        # Two leases: whoever takes the work of a dead process on may die with it.
        most = 2 * (LEASE_S + LIVES_AT_MOST_S) + PACE.first_s * (1 + SPREAD) + SLACK_S
        assert max(gaps) <= most, "work was left lying"


@pytest.mark.parametrize("count", [2, 4])
async def test_processes_that_live_look_and_tell_once(
    server: Server, count: int, tmp_path: Path, crews: list[Crew]
) -> None:
    """Nobody dies: every site is looked at once an interval, and everybody is told exactly once."""
    address = await server.empty_database()
    names, record = await asked(address), tmp_path / "record"
    up_at = {url_of(site): time.time() + 1 + site / SITES for site in range(SITES)}
    stays_down = SITES - 1  # so that a process which is late still finds work
    up_at[url_of(stays_down)] = time.time() + 3600
    names = [name for name in names if not name.startswith(f"{stays_down}.")]
    crews.append(Crew(address.url, record, up_at, count))
    until = time.time() + 30
    while len([one for one in notes(record) if "told" in one]) < len(names) or len(looking(record)) < count:
        assert time.time() < until, "somebody was never told, or one of them did nothing"
        await asyncio.sleep(0.1)
    await asyncio.sleep(LEASE_S + 0.5)
    noted = notes(record)
    assert Counter(one["told"] for one in noted if "told" in one) == dict.fromkeys(names, 1)
    _judge(noted, up_at)
