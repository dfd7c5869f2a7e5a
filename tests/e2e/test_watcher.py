"""Do real `fiveohtwo watcher` processes on one PostgreSQL share the looks, and outlast each other's death?"""

from __future__ import annotations

import asyncio
import itertools
import json
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.checks.turns import LONGEST_WAIT_S
from bot.cli.compose import LEASE_MARGIN_S, SystemClock
from bot.diagnosis.recovery import SPREAD
from bot.engine.watcher import AT_ONCE
from bot.ports import Claim, News, Watch
from bot.storage.sql import Database
from bot.storage.watches import SqlWatches
from databases import Server, open_database
from e2e.bot_process import BAD_GATEWAY, FINE
from e2e.command import COMMAND, Command
from e2e.stage import SILENCE, Stage

pytestmark = pytest.mark.soak
DEADLINE_S, FIRST_S, SLACK_S = 2.0, 3.0, 3.0
LEAST_S = FIRST_S * (1 - SPREAD)
LEASE_S = 2 * DEADLINE_S + LONGEST_WAIT_S + LEASE_MARGIN_S
ENOUGH_LOOKS = 3
"""This many looks at each site show whether two take turns."""


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


class Watchers:
    """Processes on one database, and the people who wait in it."""

    def __init__(self, command: Command, url: str, database: Database) -> None:
        self._command = command
        self._settings = {
            "database_url": url, "check_deadline_s": str(DEADLINE_S), "log_level": "info",
            "watch_first_s": str(FIRST_S), "watch_longest_s": str(FIRST_S), "watch_good_apart_s": str(FIRST_S),
            "watch_good_answers": "2",
        }  # fmt: skip
        self.watches = SqlWatches(database)
        self.alive: list[subprocess.Popen[bytes]] = []

    async def ask(self, *urls: str) -> None:
        """Let somebody wait for each of them."""
        now = datetime.now(UTC)
        for url in urls:
            watch = Watch(url, url, "discord", url, "{}", now, now + timedelta(hours=1))
            await self.watches.add(watch, most_user=99, most_server=99)

    def begin(self) -> Path:
        """Start one more; return where it logs."""
        log = self._command.home / f"{len(self.alive)}.log"
        environment = self._command.environment(self._settings)
        with log.open("wb") as file:
            self.alive.append(
                subprocess.Popen([COMMAND, "watcher"], stderr=file, cwd=self._command.home, env=environment)
            )
        return log

    async def news(self, count: int, within_s: float) -> list[News]:
        """Return what there is to tell, as soon as there is this much."""
        until, found = time.monotonic() + within_s, list[News]()
        while len(found) < count:
            assert time.monotonic() < until, f"only {len(found)} of {count}"
            now = datetime.now(UTC)
            found += await self.watches.claim_news("discord", Claim("test", now, now + timedelta(hours=1), 99))
            await asyncio.sleep(0.1)
        return found


@pytest.fixture
async def watchers(server: Server, command: Command) -> AsyncIterator[Watchers]:
    address = await server.empty_database()
    database = await open_database(address, SystemClock())
    watchers = Watchers(command, address.url, database)
    yield watchers
    for process in watchers.alive:
        process.kill()
        process.wait()
    await watchers.watches.aclose()
    await database.aclose()


async def until_asked(stage: Stage, name: str, within_s: float) -> float:
    """Wait until a site is asked; return for how many seconds that was."""
    began = time.monotonic()
    while not stage.asked[f"{name}.example.com"]:
        assert time.monotonic() - began < within_s, f"nobody asked {name}"
        await asyncio.sleep(0.02)
    return time.monotonic() - began


async def test_news_come_of_a_process_without_a_token(watchers: Watchers, stage: Stage) -> None:
    """A site is down, comes back, and after good answers there is something to tell; then it is asked no more."""
    url = stage.site("comes-back", BAD_GATEWAY)
    await watchers.ask(url)
    watchers.begin()
    await until_asked(stage, "comes-back", 20)
    await asyncio.sleep(0.5)
    stage.answer("comes-back", FINE)
    (news,) = await watchers.news(1, 30)
    assert (news.watch.url, news.what) == (url, "back")
    asked = stage.asked["comes-back.example.com"]
    await asyncio.sleep(FIRST_S + 1)
    assert stage.asked["comes-back.example.com"] == asked


async def test_look_of_a_killed_process_is_taken_over(watchers: Watchers, stage: Stage) -> None:
    """It dies in the middle of a look; another one looks as soon as the lease is over, and there is news."""
    await watchers.ask(stage.site("half-looked-at", SILENCE))
    watchers.begin()
    await until_asked(stage, "half-looked-at", 20)
    watchers.alive[0].kill()
    watchers.alive[0].wait()
    stage.answer("half-looked-at", FINE)
    watchers.begin()
    assert await until_asked(stage, "half-looked-at", LEASE_S + SLACK_S) > 1
    (news,) = await watchers.news(1, 20)
    assert news.what == "back"


def begins(noted: list[float]) -> list[int]:
    """Return which requests begin a look.

    A failing answer is confirmed: what is closer together than a look may take is one, of two requests.
    """
    return [number for number, at in enumerate(noted) if not number or at - noted[number - 1] > DEADLINE_S]


async def test_two_never_look_twice_within_an_interval(watchers: Watchers, stage: Stage) -> None:
    """Both work, for there is more than one takes at once; and each site is looked at once an interval."""
    names = [f"shared-{number}" for number in range(3 * AT_ONCE)]
    await watchers.ask(*(stage.site(name, BAD_GATEWAY) for name in names))
    logs = [watchers.begin(), watchers.begin()]
    times: dict[str, list[float]] = {name: [] for name in names}
    await until_asked(stage, names[0], 20)
    until = time.monotonic() + 30 * FIRST_S
    while (now := time.monotonic()) < until and min(len(begins(noted)) for noted in times.values()) <= ENOUGH_LOOKS:
        for name, noted in times.items():
            noted.extend([now] * (stage.asked[f"{name}.example.com"] - len(noted)))
        await asyncio.sleep(0.01)
    for noted in times.values():
        begun = begins(noted)
        sizes = [after - before for before, after in itertools.pairwise([*begun, len(noted)])]
        assert max(sizes) <= 2, "two looked at once"
        looks = [noted[number] for number in begun]
        gaps = [later - earlier for earlier, later in itertools.pairwise(looks)]
        assert len(gaps) >= ENOUGH_LOOKS - 1, "the machine was too slow to tell anything"
        assert min(gaps) >= LEAST_S - 0.1
    for log in logs:
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        assert [line for line in lines if line["event"] == "watched"], "one of them did nothing"
        loud = [line["event"] for line in lines if line["level"] in ("warning", "error")]
        # On a busy machine the database may answer late: then a process looks by itself, which this test is not about.
        assert not [event for event in loud if "it takes too long" not in event and "answers again" not in event]
