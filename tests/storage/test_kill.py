"""Does a process that is killed at any moment lose nothing that it acknowledged, and does nothing happen twice?"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bot.conversation.effects import RunChecks
from bot.conversation.state import State
from bot.kb.model import KnowledgeBase
from bot.ports import Pending, Stored
from bot.storage.address import Address
from bot.storage.sql import SqlStore
from databases import Server, open_database, sqlite_address
from storage import mortal
from storage.mortal import CONVERSATIONS, course, digest, key_of, lives

pytestmark = pytest.mark.soak
KILLS = int(os.environ.get("KILLS", "300" if os.environ.get("LONG_TESTS") else "20"))
EVENTS = 12 * KILLS
"""Enough that the conversations outlive the kills."""
LIVES_AT_MOST_S = 0.12
PATIENCE_S = 120.0


class Nursery:
    """Gives birth to processes, kills them, and reads what they wrote down."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._record = folder / "record"
        self._record.touch()
        self._read = 0
        self._lives = 0
        environment = {"PATH": "/usr/bin:/bin", "PYTHONPATH": os.pathsep.join(sys.path)}
        self._process = subprocess.Popen(
            [sys.executable, mortal.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment,
        )  # fmt: skip
        self.acknowledged = [-1] * CONVERSATIONS
        self.said: dict[str, Counter[str]] = defaultdict(Counter)
        """Line -> how often each life said it."""
        self.finished = False
        self._answer()

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process.wait(10)

    def live(self, seconds: float | None, *, from_birth: bool = False) -> None:
        """Let one life run for a time after its first word (or its birth), or to its end; then read its record."""
        self._lives += 1
        nexts = [number + 1 for number in self.acknowledged]
        order = {"url": self._url, "record": str(self._record), "life": self._lives, "nexts": nexts, "events": EVENTS}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        self._process.stdin.flush()
        pid = int(self._answer())
        begun = time.monotonic() + PATIENCE_S
        while not from_birth and self._record.stat().st_size == self._read and time.monotonic() < begun and lives(pid):
            time.sleep(0.001)
        until = time.monotonic() + (seconds if seconds is not None else PATIENCE_S)
        while time.monotonic() < until and lives(pid):
            time.sleep(0.001)
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        while lives(pid):
            time.sleep(0.002)
        self._read_record()

    def _answer(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline()

    def _read_record(self) -> None:
        text = self._record.read_bytes()[self._read :]
        self._read += len(text)
        for line in text.splitlines():
            note: dict[str, Any] = json.loads(line)
            self.finished |= "finished" in note
            if "acknowledged" in note:
                number = int(note["key"][1:])
                self.acknowledged[number] = max(self.acknowledged[number], note["acknowledged"])
            if "said" in note:
                self.said[note["said"]][str(note["life"])] += 1


async def kept(address: Address) -> tuple[list[Stored | None], tuple[Pending, ...]]:
    """Return what any other process finds in the database."""
    database = await open_database(address)
    store = SqlStore(database)
    found = [await store.load(key_of(number)) for number in range(CONVERSATIONS)]
    pending = await store.pending()
    await database.aclose()
    return found, pending


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Address, str]]:
    """Return a database of each kind in turn, and how the children are told of it."""
    if request.param == "sqlite":
        address = sqlite_address(tmp_path)
        yield address, f"sqlite:///{address.path}"
    else:
        server: Server = request.getfixturevalue("server")
        address = asyncio.run(server.empty_database())
        yield address, address.url


def test_killed_process_loses_and_doubles_nothing(
    kb: KnowledgeBase, place: tuple[Address, str], tmp_path: Path
) -> None:
    """After every kill each conversation is where its last acknowledged event left it, or one event further.

    At the end every conversation is where it would be had nobody been killed; every look was done; every line was
    said, and none twice by one process.
    """
    address, url = place
    courses = [list(course(kb, key_of(number), EVENTS)) for number in range(CONVERSATIONS)]
    states = [defaultdict(set, {-1: {digest(State())}}) for _ in courses]
    for marks, known in zip(courses, states, strict=True):
        for mark in marks:
            known[mark.event].add(mark.state)
    chance = random.Random(502)
    nursery = Nursery(url, tmp_path)
    kills = 0
    while kills < KILLS and not nursery.finished:
        nursery.live(chance.random() * LIVES_AT_MOST_S, from_birth=kills % 4 == 3)
        kills += 1
        found, _ = asyncio.run(kept(address))
        for number, stored in enumerate(found):
            acknowledged = nursery.acknowledged[number]
            at_most = {state for event in (acknowledged, acknowledged + 1) for state in states[number][event]}
            assert digest(stored.state if stored else State()) in at_most, f"{key_of(number)} is lost"
    while not nursery.finished:
        nursery.live(None)
    nursery.close()
    found, pending = asyncio.run(kept(address))
    for number, stored in enumerate(found):
        assert stored is not None
        assert digest(stored.state) == courses[number][-1].state
        for line in (line for mark in courses[number] for line in mark.lines):
            assert nursery.said[line], f"{line} was never said"
    assert nursery.acknowledged == [EVENTS - 1] * CONVERSATIONS
    assert [entry for entry in pending if entry.replies] == []
    assert [due for entry in pending for due in entry.effects if isinstance(due.effect, RunChecks)] == []
    assert {times for lives in nursery.said.values() for times in lives.values()} == {1}
    again = sum(len(lives) > 1 for lives in nursery.said.values())
    print(f"{kills} kills, {len(nursery.said)} lines, {again} of them said again by a later process")
    assert kills == KILLS, "the conversations ended too early: give them more events"
    if address.kind == "sqlite":
        with sqlite3.connect(address.path) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        connection.close()
