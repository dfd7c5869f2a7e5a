"""Does a conversation outlast a store that is away, or in which others were faster?"""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.events import Chose, Event, Pasted
from bot.conversation.state import Phase
from bot.kb.model import KnowledgeBase
from bot.ports import Commit, Conflict, StoreUnavailable
from bot.storage.memory import MemoryStore
from engine.hand_engine import KEY, Bench
from fakes import settle
from playbook import NGINX_502


class Contested(MemoryStore):
    """A store in which another process commits first, a few times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def commit(self, commit: Commit) -> int:
        if self.times > 0:
            self.times -= 1
            raise Conflict(commit.key)
        return await super().commit(commit)


async def test_conflict_repeats_the_step(kb: KnowledgeBase) -> None:
    """If another process was faster, the step is made again from what it left."""
    bench = Bench(kb, store=Contested(2))
    assert (await bench.feed(Pasted(text=NGINX_502)))[0] == "recognised"
    await bench.engine.aclose()


async def test_endless_conflict_is_an_error(kb: KnowledgeBase) -> None:
    """A conversation that others keep committing is given up with a clear error."""
    bench = Bench(kb, store=Contested(99))
    with pytest.raises(Conflict):
        await bench.feed(Pasted(text=NGINX_502))
    await bench.engine.aclose()


class Failing(MemoryStore):
    """A store that goes away; `after_commit`: the commit takes place and its answer is lost."""

    def __init__(self, *, after_commit: bool = False) -> None:
        super().__init__()
        self.away = False
        self.after_commit = after_commit

    async def commit(self, commit: Commit) -> int:
        if self.away and not self.after_commit:
            raise StoreUnavailable("away")
        version = await super().commit(commit)
        if self.away:
            self.away = False
            raise StoreUnavailable("away")
        return version

    async def shown(self, key: str, line: str) -> None:
        if self.away:
            raise StoreUnavailable("away")
        await super().shown(key, line)


async def outlasted(bench: Bench, event: Event) -> list[str]:
    """Run an event while the store is away for a while; return what was said."""
    store = bench.store
    assert isinstance(store, Failing)
    running = asyncio.ensure_future(bench.feed(event))
    await settle()
    for second in range(30):
        if second == 20:
            store.away = False
        await bench.clock.pass_time(1)
    return await asyncio.wait_for(running, 1)


async def test_event_waits_while_the_store_is_away(kb: KnowledgeBase) -> None:
    """The person is told once, nothing is lost, and the answer comes by itself when the store is back."""
    bench = Bench(kb, store=Failing())
    bench.store.away = True  # type: ignore[attr-defined]
    assert await outlasted(bench, Pasted(text=NGINX_502)) == ["store-away", "recognised", "ask-role"]
    assert (await bench.engine.state(KEY)).phase is Phase.ASK_ROLE
    await bench.engine.aclose()


async def test_commit_whose_answer_was_lost_is_taken_once(kb: KnowledgeBase) -> None:
    """If the commit took place although the store went away, its replies and effects are carried out, once."""
    bench = Bench(kb, store=Failing(after_commit=True))
    await bench.feed(Pasted(text=NGINX_502))
    bench.store.away = True  # type: ignore[attr-defined]
    said = await outlasted(bench, Chose(choice="visitor"))
    assert said[:2] == ["store-away", "checking"]
    assert said[-1] == "verdict"
    assert len(bench.checker.asked) == 1
    stored = await bench.store.load(KEY)
    assert stored is not None
    assert stored.version == 3
    await bench.engine.aclose()


async def test_result_outlasts_any_outage(kb: KnowledgeBase) -> None:
    """A result waits for the store for as long as it takes; the look is not begun again."""
    bench = Bench(kb, store=Failing())
    bench.checker.gate = asyncio.Event()
    await bench.feed(Pasted(text=NGINX_502))
    looking = asyncio.ensure_future(bench.feed(Chose(choice="visitor")))
    await settle()
    bench.store.away = True  # type: ignore[attr-defined]
    bench.checker.gate.set()
    for _ in range(200):
        await bench.clock.pass_time(10)
    bench.store.away = False  # type: ignore[attr-defined]
    await bench.clock.pass_time(10)
    assert (await looking)[-2:] == ["result-waits", "verdict"]
    assert len(bench.checker.asked) == 1
    await bench.engine.aclose()


async def test_person_is_not_surprised_by_an_old_event(kb: KnowledgeBase) -> None:
    """A person's event is given up after ten minutes: nobody expects its effect any more."""
    bench = Bench(kb, store=Failing())
    bench.store.away = True  # type: ignore[attr-defined]
    running = asyncio.ensure_future(bench.feed(Pasted(text=NGINX_502)))
    for _ in range(70):
        await bench.clock.pass_time(10)
    with pytest.raises(StoreUnavailable):
        await running
    bench.store.away = False  # type: ignore[attr-defined]
    assert await bench.store.load(KEY) is None
    await bench.engine.aclose()
