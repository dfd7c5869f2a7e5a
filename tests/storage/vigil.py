"""Which processes watch together and are killed again and again? Each looks at scripted sites and tells who waits.

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
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.cli.compose import SystemClock
from bot.diagnosis.findings import Finding, Outcome, Report, Vantage
from bot.diagnosis.recovery import Pace
from bot.engine.watcher import Teller, Watcher
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.ports import News, OnFinding
from bot.storage.address import parse
from bot.storage.sql import Database
from bot.storage.watches import SqlWatches

PACE = Pace(first_s=0.3, longest_s=0.3, good_apart_s=0.3, good_answers=2)
LEASE_S = 1.5
SURFACE = "discord"


class Sites:
    """A checker: each site is up from its hour on. Every look is noted when it begins."""

    def __init__(self, up_at: dict[str, float], life: Life) -> None:
        self._up_at = up_at
        self._life = life

    async def run(self, url: str, *, fresh: bool = False, on_finding: OnFinding | None = None) -> Report:
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

    async def live(self, kb: KnowledgeBase, url: str, up_at: dict[str, float]) -> None:
        """Look and tell until somebody ends it."""
        watches = SqlWatches(Database(parse(url), SystemClock()))
        name, clock = str(self._number), SystemClock()
        sites = Sites(up_at, self)
        watcher = Watcher(kb, watches, sites, clock, name, PACE, random.random, LEASE_S)
        teller = Teller(watches, clock, SURFACE, self._tell, name, LEASE_S)
        await asyncio.gather(watcher.run(), teller.run())

    async def _tell(self, news: News) -> bool:
        await asyncio.sleep(random.random() * 0.02)
        self.note(told=news.watch.id, what=news.what)
        await asyncio.sleep(random.random() * 0.02)
        return True


def main() -> None:
    """Fork a life for each line of the input; print its process id."""
    kb = load()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            asyncio.run(Life(Path(order["record"]), order["life"]).live(kb, order["url"], order["up_at"]))
            os._exit(1)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
