"""Is what happened counted once, and nothing else?"""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.conversation.events import Chose, Pasted
from bot.diagnosis.recovery import Pace
from bot.engine.watcher import Watcher
from bot.kb.model import KnowledgeBase, State
from bot.ports import Commit, StoreUnavailable, Watch
from bot.ports.counts import Asker
from bot.storage.memory import MemoryStore
from bot.storage.memory_watches import MemoryWatches
from engine.hand_engine import KEY, Bench
from fakes import HandClock, ScriptedChecker, settle
from playbook import NGINX_502, report, seen


class Heard:
    """`Counts` that note what they are told."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def looked(self, asker: Asker, state: State | None) -> None:
        self.all.append(f"{asker} {state.value if state else 'refused'}")

    def began(self) -> None:
        self.all.append("began")

    def ended(self, outcome: str) -> None:
        self.all.append(outcome)

    def delayed(self) -> None:
        self.all.append("delayed")


@pytest.fixture
def heard() -> Heard:
    return Heard()


async def test_conversation_is_counted_from_beginning_to_end(kb: KnowledgeBase, heard: Heard) -> None:
    """It begins with the error, its look counts by what it saw, and it ends once, whatever is said afterwards."""
    bench = Bench(kb)
    bench.engine.counts = heard
    await bench.feed(Pasted(text=NGINX_502))
    assert heard.all == ["began"]
    await bench.feed(Chose(choice="visitor"))
    assert heard.all == ["began", "conversation down"]
    await bench.feed(Chose(choice="stop"))
    await bench.feed(Chose(choice="stop"))
    assert heard.all == ["began", "conversation down", "stopped"]
    await bench.feed(Pasted(text=NGINX_502))
    assert heard.all[3:] == ["began", "conversation down"]
    await bench.engine.aclose()


async def test_conversation_of_ones_own_begins(kb: KnowledgeBase, heard: Heard) -> None:
    """Taking up what another person began makes one more conversation, which ends by itself."""
    bench = Bench(kb)
    await bench.feed(Pasted(text=NGINX_502))
    bench.engine.counts = heard
    await bench.engine.fork(KEY, "other")
    await bench.feed(Chose(choice="stop"))
    assert heard.all == ["began", "stopped"]
    await bench.engine.aclose()


class Away(MemoryStore):
    """A store that is away for this many tries."""

    def __init__(self, tries: int) -> None:
        super().__init__()
        self.tries = tries

    async def commit(self, commit: Commit) -> int:
        self.tries -= 1
        if self.tries >= 0:
            raise StoreUnavailable("away")
        return await super().commit(commit)


async def test_event_that_waits_counts_once(kb: KnowledgeBase, heard: Heard) -> None:
    """However often it is tried while the store is away."""
    bench = Bench(kb, store=Away(3))
    bench.engine.counts = heard
    running = asyncio.ensure_future(bench.feed(Pasted(text=NGINX_502)))
    for _ in range(10):
        await bench.clock.pass_time(1)
    await running
    assert heard.all == ["delayed", "began"]
    await bench.engine.aclose()


async def test_address_that_is_refused_counts_as_such(kb: KnowledgeBase, heard: Heard) -> None:
    """Nothing was seen of a site that must not be contacted."""
    bench = Bench(kb, report(refusal="private-v4"))
    bench.engine.counts = heard
    await bench.feed(Pasted(text=NGINX_502))
    await bench.feed(Chose(choice="visitor"))
    assert heard.all == ["began", "conversation refused"]
    await bench.engine.aclose()


async def test_looks_of_a_watch_are_counted(kb: KnowledgeBase, heard: Heard) -> None:
    """Each look at what somebody waits for counts by what it saw."""
    clock, watches, pace = HandClock(), MemoryWatches(), Pace(first_s=60, longest_s=60, good_apart_s=60, good_answers=1)
    ends = clock.now() + timedelta(hours=1)
    watch = Watch("a", "https://shop.example.com/", "discord", "7", "{}", clock.now(), ends)
    await watches.add(watch, most_user=9, most_server=9)
    checker = ScriptedChecker(seen(502, product="nginx"), seen(200))
    watcher = Watcher(kb, watches, checker, clock, "me", pace, lambda: 0.5, counts=heard)
    running = asyncio.ensure_future(watcher.run())
    await settle()
    for _ in range(2):
        await clock.pass_time(600)
        watches._bell.ring()
        await settle()
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert heard.all == ["watch down", "watch up"]
