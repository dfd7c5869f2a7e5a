"""Does one event run to its end: committed before it is said, effects carried out, results fed back?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversation.effects import Effect, RunChecks
from bot.conversation.events import Chose, Event, Pasted, Woke
from bot.conversation.state import Phase, State
from bot.diagnosis.findings import Report
from bot.engine.run import Engine, Progress
from bot.kb.model import KnowledgeBase
from bot.ports import Conflict, Stored
from bot.storage.memory import MemoryStore
from bot.wording import Message
from fakes import HandClock, ScriptedChecker, numbered_ids, settle
from playbook import NGINX_502, seen

KEY = "somebody"


class Bench:
    """An engine over fakes, with what it said."""

    def __init__(self, kb: KnowledgeBase, *reports: Report, store: MemoryStore | None = None) -> None:
        self.store = store or MemoryStore()
        self.checker = ScriptedChecker(*reports or (seen(502),))
        self.clock = HandClock()
        ids = iter(numbered_ids())
        self.engine = Engine(kb, self.store, self.checker, self.clock, lambda: next(ids))

    async def feed(self, event: Event) -> list[str]:
        """Run an event; return keys of messages and names of checks, in order."""
        return [self.name(output) async for output in self.engine.handle(KEY, event)]

    @staticmethod
    def name(output: Message | Progress) -> str:
        return output.key if isinstance(output, Message) else f"<{output.finding.check}>"


@pytest.fixture
async def bench(kb: KnowledgeBase) -> AsyncIterator[Bench]:
    bench = Bench(kb)
    yield bench
    await bench.engine.aclose()


async def test_look_runs_and_its_result_comes_back(bench: Bench) -> None:
    """Picking the role starts the look; each check is announced, and the verdict follows in the same iteration."""
    await bench.feed(Pasted(text=NGINX_502))
    said = await bench.feed(Chose(choice="visitor"))
    assert said == ["checking", "<canary>", "<dns>", "<tcp>", "<tls>", "<http>", "verdict"]
    assert bench.checker.asked == [("https://shop.example.com/cart", False)]
    assert (await bench.engine.state(KEY)).phase is Phase.VERDICT


async def test_state_is_committed_before_anything_is_said(bench: Bench) -> None:
    """When the first message comes out, the store already holds the new state and the pending look."""
    await bench.feed(Pasted(text=NGINX_502))
    outputs = bench.engine.handle(KEY, Chose(choice="visitor"))
    first = await anext(outputs)
    assert isinstance(first, Message)
    stored = await bench.store.load(KEY)
    assert stored is not None
    assert stored.state.phase is Phase.CHECKING
    assert any(isinstance(effect, RunChecks) for _, effect in await bench.store.pending())
    await outputs.aclose()


async def test_finished_look_is_no_longer_pending(bench: Bench) -> None:
    """A look whose result was committed is not issued again."""
    await bench.feed(Pasted(text=NGINX_502))
    await bench.feed(Chose(choice="visitor"))
    assert not [effect for _, effect in await bench.store.pending() if isinstance(effect, RunChecks)]


async def test_pending_look_is_issued_again_after_a_restart(kb: KnowledgeBase) -> None:
    """A look that a dead process left behind is done by the next one, and the conversation goes on."""
    store = MemoryStore()
    dead = Bench(kb, store=store)
    await dead.feed(Pasted(text=NGINX_502))
    outputs = dead.engine.handle(KEY, Chose(choice="visitor"))
    await anext(outputs)
    await outputs.aclose()
    await dead.engine.aclose()
    alive = Bench(kb, store=store)
    said = [(key, alive.name(output)) async for key, output in alive.engine.resume_pending()]
    assert said[-1] == (KEY, "verdict")
    assert (await alive.engine.state(KEY)).phase is Phase.VERDICT
    await alive.engine.aclose()


async def test_stop_works_while_a_look_is_under_way(bench: Bench) -> None:
    """A person can stop during the checks; the late result changes nothing and says nothing."""
    bench.checker.gate = asyncio.Event()
    await bench.feed(Pasted(text=NGINX_502))
    looking = asyncio.ensure_future(bench.feed(Chose(choice="visitor")))
    await settle()
    assert await bench.feed(Chose(choice="stop")) == ["ended"]
    bench.checker.gate.set()
    assert "verdict" not in await looking
    assert (await bench.engine.state(KEY)).phase is Phase.ENDED


async def test_silence_wakes_the_conversation(bench: Bench) -> None:
    """After the silence the surface gets the wake-up, and feeding it puts the conversation to sleep."""
    woken: list[Woke] = []
    bench.engine.on_wake = lambda _key, event: woken.append(event)
    await bench.feed(Pasted(text=NGINX_502))
    await bench.clock.pass_time(1799)
    assert woken == []
    await bench.clock.pass_time(2)
    assert len(woken) == 1
    assert await bench.feed(woken[0]) == ["asleep"]


async def test_answer_moves_the_silence_on(bench: Bench) -> None:
    """Every answer starts the waiting anew; the old wake-up is gone."""
    woken: list[Woke] = []
    bench.engine.on_wake = lambda _key, event: woken.append(event)
    await bench.feed(Pasted(text=NGINX_502))
    await bench.clock.pass_time(1000)
    await bench.feed(Chose(choice="help"))
    await bench.clock.pass_time(1000)
    assert woken == []


async def test_clock_that_jumps_changes_no_waiting(bench: Bench) -> None:
    """Waiting does not follow the wall clock."""
    woken: list[Woke] = []
    bench.engine.on_wake = lambda _key, event: woken.append(event)
    await bench.feed(Pasted(text=NGINX_502))
    bench.clock.jump(-86400 * 365)
    await bench.feed(Chose(choice="visitor"))
    bench.clock.jump(+86400 * 730)
    await settle()
    assert woken == []
    assert (await bench.engine.state(KEY)).phase is Phase.VERDICT


async def test_two_events_at_once_are_taken_in_turn(bench: Bench) -> None:
    """Events of one conversation never overlap: both are seen, none is lost."""
    await bench.feed(Pasted(text=NGINX_502))
    first, second = await asyncio.gather(bench.feed(Chose(choice="help")), bench.feed(Chose(choice="why")))
    assert (first[0], second[0]) == ("help", "why")
    stored = await bench.store.load(KEY)
    assert stored is not None
    assert stored.version == 3


class Contested(MemoryStore):
    """A store in which another process commits first, a few times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    async def commit(self, key: str, expected: int, state: State, effects: tuple[Effect, ...]) -> int:
        if self.times > 0:
            self.times -= 1
            raise Conflict(key)
        return await super().commit(key, expected, state, effects)

    async def load(self, key: str) -> Stored | None:
        return await super().load(key)


async def test_conflict_repeats_the_step(kb: KnowledgeBase) -> None:
    """If another process was faster, the step is made again from what it left."""
    bench = Bench(kb, store=Contested(2))
    assert (await bench.feed(Pasted(text=NGINX_502)))[0] == "recognised"
    await bench.engine.aclose()


async def test_endless_conflict_is_an_error(kb: KnowledgeBase) -> None:
    """A conversation that others commit for ever is given up with a clear error."""
    bench = Bench(kb, store=Contested(99))
    with pytest.raises(Conflict):
        await bench.feed(Pasted(text=NGINX_502))
    await bench.engine.aclose()
