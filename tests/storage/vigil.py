"""Which processes work together and are killed again and again? Each watches sites, tells who waits, and holds talks.

Run as a program it loads everything once and then forks a life for each line of its input. A site is down until its
hour comes; a look takes a moment, so that many lives end in the middle of one.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cli.compose import SystemClock
from bot.diagnosis.findings import Finding, Outcome, Report, Vantage
from bot.diagnosis.identify import index_of
from bot.diagnosis.recovery import Pace
from bot.engine.duty import Duty
from bot.engine.run import Engine
from bot.engine.watcher import Teller, Watcher
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.ports import NOBODY, Asker, News, OnFinding, Shard
from bot.storage.address import parse
from bot.storage.duties import SqlDuties
from bot.storage.sql import Database, SqlStore
from bot.storage.watches import SqlWatches
from storage.mortal import Looking, Talker

PACE = Pace(first_s=0.3, longest_s=0.3, good_apart_s=0.3, good_answers=2)
LEASE_S = 2.0
SURFACE = "discord"
PAUSE_S = 0.06
"""People think at most this long before they answer."""


def shard_of(key: str, total: int) -> Shard:
    """Return the process whose conversation this is, by its number."""
    return Shard(int(key[1:]) % total, total)


class Sites:
    """A checker: each site is up from its hour on. Every look is noted when it begins."""

    def __init__(self, up_at: dict[str, float], life: Life) -> None:
        self._up_at = up_at
        self._life = life

    async def run(
        self,
        url: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        self._life.note(looked=url)
        await asyncio.sleep(random.random() * 0.05)
        status = 200 if time.time() >= self._up_at[url] else 502
        answer = Finding(check="http", outcome=Outcome.OK if status == 200 else Outcome.FAIL, facts={"status": status})
        vantage = Vantage(name="local", findings=(Finding(check="canary", outcome=Outcome.OK), answer))
        return Report(url=url, host="a", checked_at=datetime.now(UTC), elapsed_ms=1, vantages=(vantage,))


class Life:
    """One process from its start to its end."""

    def __init__(self, record: Path, number: int) -> None:
        self._record = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._number = number

    def note(self, **what: Any) -> None:
        """Write a line; a process that is killed afterwards has written it all the same."""
        os.write(self._record, (json.dumps({"life": self._number, "at": time.time(), **what}) + "\n").encode())

    async def live(self, kb: KnowledgeBase, order: dict[str, Any]) -> None:
        """Look, tell and talk until somebody ends it."""
        clock, name = SystemClock(), str(self._number)
        database = Database(parse(order["url"]), clock)
        watches = SqlWatches(database)
        watcher = Watcher(kb, watches, Sites(order["up_at"], self), clock, name, PACE, random.random, LEASE_S)
        teller = Teller(watches, clock, SURFACE, self._tell, name, LEASE_S)
        await asyncio.gather(watcher.run(), teller.run(), self._talk(kb, database, order))

    async def _talk(self, kb: KnowledgeBase, database: Database, order: dict[str, Any]) -> None:
        """Hold one's own conversations, and take over for a process that died."""
        engine = Engine(kb, SqlStore(database), Looking(), SystemClock(), lambda: uuid.uuid4().hex)
        talker, own = Talker(engine, self.note, PAUSE_S), Shard(order["slot"], order["slots"])

        async def took(shards: frozenset[Shard]) -> None:
            self.note(took=sorted(shards))
            await talker.go_on(lambda key: shard_of(key, own.total) in shards)

        duty = Duty(
            SqlDuties(database), SystemClock(), str(self._number), SURFACE, frozenset({own}), took,
            lambda shards: engine.let_go(lambda key: shard_of(key, own.total) in shards), LEASE_S, LEASE_S / 5,
        )  # fmt: skip
        signs = asyncio.ensure_future(duty.run())
        await talker.go_on(lambda key: shard_of(key, own.total) == own)
        mine = {key: first for key, first in order["nexts"].items() if shard_of(key, own.total) == own}
        await asyncio.gather(*(talker.talk(key, first, order["events"]) for key, first in mine.items()))
        await signs

    async def _tell(self, news: News) -> bool:
        await asyncio.sleep(random.random() * 0.02)
        self.note(told=news.watch.id, what=news.what)
        await asyncio.sleep(random.random() * 0.02)
        return True


def main() -> None:
    """Fork a life for each line of the input; print its process id."""
    kb = load(examples=False)
    index_of(kb)  # once for all lives: each would need most of a second for it
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            asyncio.run(Life(Path(order["record"]), order["life"]).live(kb, order))
            os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
