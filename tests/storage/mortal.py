"""Which process is killed again and again? One that holds scripted conversations and records everything that it says.

Run as a program it loads everything once and then forks a life for each line of its input; that takes milliseconds, so
hundreds of lives can be ended. Events are made from the conversation's name and their number alone.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import random
import signal
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from bot.cli.compose import SystemClock
from bot.conversation.effects import RunChecks
from bot.conversation.events import Checked, Chose, Event, Pasted
from bot.conversation.replies import CHOICES
from bot.conversation.state import State
from bot.conversation.step import step
from bot.diagnosis.findings import Finding, Outcome, Report, Vantage
from bot.engine.run import Engine, Progress
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.ports import NOBODY, Asker, OnFinding
from bot.storage.address import parse
from bot.storage.sql import Database, SqlStore

CONVERSATIONS = 12
AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
TEXTS = ("https://shop.example.com/cart\n502 Bad Gateway\nnginx/1.24.0", "other.example.com", "it works", "lorem ipsum")
COMMON = (
    "visitor",
    "guide",
    "still-broken",
    "skip",
    "recheck",
    "yes",
    "no",
    "chrome",
    "windows",
    "back",
    "why",
    "stop",
)
ALL = sorted(CHOICES)


def lives(pid: int) -> bool:
    """Tell whether a process is still there."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def key_of(number: int) -> str:
    return f"k{number}"


def event_of(key: str, number: int) -> Event:
    """Return the event with this number; a person who got no answer sends the very same again."""
    chance = random.Random(f"{key}/{number}")
    name = f"{key}-{number}"
    if number % 20 == 0 or chance.random() < 0.08:
        return Pasted(id=name, at=AT, text=TEXTS[0] if number % 20 == 0 else chance.choice(TEXTS))
    return Chose(id=name, at=AT, choice=chance.choice(COMMON if chance.random() < 0.8 else ALL))


def report_of(url: str) -> Report:
    """Return what is seen of a site: always the same of the same address."""
    status = 502 if "shop" in url else 200
    findings = (
        Finding(check="canary", outcome=Outcome.OK), Finding(check="dns", outcome=Outcome.OK),
        Finding(check="http", outcome=Outcome.OK if status == 200 else Outcome.FAIL, facts={"status": status}),
    )  # fmt: skip
    vantage = Vantage(name="local", findings=findings)
    return Report(url=url, host="shop.example.com", checked_at=AT, elapsed_ms=200, vantages=(vantage,))


class Mark(NamedTuple):
    """Where a conversation is at one point of its undisturbed course."""

    event: int
    state: str
    lines: tuple[str, ...]
    """Names and keys of what is said at this point; what follows a look has no name that is known before."""


def digest(state: State) -> str:
    """Return a name for all of a state but what depends on when and how often a process died."""
    told = state.model_dump(mode="json", exclude={"seen", "wake", "waiting_for", "started_at"})
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()


def course(kb: KnowledgeBase, key: str, events: int) -> Iterator[Mark]:
    """Yield the course of a conversation that nothing disturbs, computed without engine or database."""
    state = State()
    for number in range(events):
        event: Event | None = event_of(key, number)
        first = True
        while event is not None:
            state, replies, effects = step(kb, state, event)
            named = tuple(f"{event.id}:{position}" for position in range(len(replies))) if first else ()
            yield Mark(number, digest(state), named)
            looks = [effect for effect in effects if isinstance(effect, RunChecks)]
            event = (
                Checked(id=f"{event.id}-look", at=AT, effect=looks[0].id, report=report_of(looks[0].url))
                if looks
                else None
            )
            first = False


class Looking:
    """A checker that takes a moment."""

    async def run(
        self,
        url: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        report = report_of(url)
        for finding in report.local.findings:
            await asyncio.sleep(random.random() * 0.002)
            if on_finding is not None:
                on_finding(finding)
        return report


class Talker:
    """What a process says and acknowledges in its conversations."""

    def __init__(self, engine: Engine, note: Callable[..., None], pause_s: float = 0.0) -> None:
        self._engine = engine
        self._note = note
        self._pause_s = pause_s

    async def go_on(self, ours: Callable[[str], bool] = lambda _: True) -> None:
        """Say and do what another life left open."""
        for key in await self._engine.recall(ours):
            async for output in self._engine.resume(key):
                if not isinstance(output, Progress):
                    self._note(key=key, said=output.id)

    async def talk(self, key: str, first: int, events: int) -> None:
        """Take a conversation's events, from the first that no life acknowledged."""
        for number in range(first, events):
            acknowledged = False
            async for output in self._engine.handle(key, event_of(key, number)):
                if not acknowledged:
                    acknowledged = True
                    self._note(key=key, acknowledged=number)
                if not isinstance(output, Progress):
                    self._note(key=key, said=output.id)
            self._note(key=key, acknowledged=number)
            if self._pause_s:
                await asyncio.sleep(random.random() * self._pause_s)


class Life:
    """One process from its start to its end."""

    def __init__(self, kb: KnowledgeBase, url: str, record: Path, number: int) -> None:
        self._database = Database(parse(url), SystemClock())
        self._engine = Engine(kb, SqlStore(self._database), Looking(), SystemClock(), lambda: uuid.uuid4().hex)
        self._record = os.open(record, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._number = number

    def note(self, **what: Any) -> None:
        """Write a line; a process that is killed afterwards has written it all the same."""
        os.write(self._record, (json.dumps({"life": self._number, **what}) + "\n").encode())

    async def live(self, nexts: list[int], events: int) -> None:
        """Go on with what the last life left open, then with the events that it did not acknowledge."""
        talker = Talker(self._engine, self.note)
        await talker.go_on()
        await asyncio.gather(*(talker.talk(key_of(number), first, events) for number, first in enumerate(nexts)))
        await self._engine.aclose()
        await self._database.aclose()


def main() -> None:
    """Fork a life for each line of the input; print its process id."""
    kb = load(examples=False)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            life = Life(kb, order["url"], Path(order["record"]), order["life"])
            asyncio.run(life.live(order["nexts"], order["events"]))
            life.note(finished=True)
            os._exit(0)
        print(pid, flush=True)


if __name__ == "__main__":
    main()
