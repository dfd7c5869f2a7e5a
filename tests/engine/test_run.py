"""Does one event run to its end: committed before it is said, effects carried out, results fed back?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversation.events import Checked, Chose, Pasted, Woke
from bot.conversation.state import Phase
from bot.engine.run import Engine, Output
from bot.kb.model import KnowledgeBase
from bot.ports import Asker, Conflict
from bot.storage.memory import MemoryStore
from bot.wording import Message
from engine.hand_engine import KEY, Bench
from fakes import settle
from playbook import NGINX_502, seen


@pytest.fixture
async def bench(kb: KnowledgeBase) -> AsyncIterator[Bench]:
    bench = Bench(kb)
    yield bench
    await bench.engine.aclose()


async def resumed(engine: Engine) -> AsyncIterator[tuple[str, Output]]:
    """Resume all conversations, one after another, as a process does that begins."""
    for key in await engine.recall():
        async for output in engine.resume(key):
            yield key, output


async def test_look_runs_and_its_result_comes_back(bench: Bench) -> None:
    """Picking the role starts the look; each check is announced, and the verdict follows in the same iteration."""
    bench.engine.asker = lambda key: Asker(key, "server")
    await bench.feed(Pasted(text=NGINX_502))
    said = await bench.feed(Chose(choice="visitor"))
    assert said == ["checking", "<canary>", "<dns>", "<tcp>", "<tls>", "<http>", "verdict"]
    assert bench.checker.asked == [("https://shop.example.com/cart", False)]
    assert bench.checker.elsewhere == [True]  # somebody waits for the verdict
    assert bench.checker.askers == [Asker(KEY, "server")]
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
    assert await bench.looks()
    assert await bench.lines() == ["checking"]
    await outputs.aclose()


async def test_finished_look_is_no_longer_pending(bench: Bench) -> None:
    """A look whose result was committed is not issued again."""
    await bench.feed(Pasted(text=NGINX_502))
    await bench.feed(Chose(choice="visitor"))
    assert await bench.looks() == []


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
    said = [(key, alive.name(output)) async for key, output in resumed(alive.engine)]
    assert said[-1] == (KEY, "verdict")
    assert (await alive.engine.state(KEY)).phase is Phase.VERDICT
    await alive.engine.aclose()


async def test_event_that_was_taken_meanwhile_is_not_resumed_beside_itself(kb: KnowledgeBase) -> None:
    """Recalled, then clicked: the click's look and replies are its own turn's, also before its look has begun."""
    store = MemoryStore()
    dead = Bench(kb, store=store)
    async for _ in dead.engine.handle(KEY, Pasted(text=NGINX_502), hold=True):
        pass
    await dead.engine.aclose()
    alive = Bench(kb, store=store)
    assert await alive.engine.recall() == (KEY,)
    turn = alive.engine.handle(KEY, Chose(id="click", choice="visitor"), hold=True)
    said = [alive.name(await anext(turn))]
    assert [output async for output in alive.engine.resume(KEY, hold=True)] == []
    assert alive.checker.asked == []
    said += [alive.name(output) async for output in turn]
    assert (said[0], said[-1]) == ("checking", "verdict")
    await alive.engine.shown(KEY)
    assert await alive.lines() == []
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
    """Every answer restarts the waiting; the old wake-up is gone."""
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


async def test_reply_is_pending_until_the_surface_asked_for_the_next(bench: Bench) -> None:
    """A reply that the surface took and did not get past is said again after a restart; then it is done."""
    outputs = bench.engine.handle(KEY, Pasted(text=NGINX_502))
    first = await anext(outputs)
    await outputs.aclose()
    assert await bench.lines() == ["recognised", "ask-role"]
    again = [output async for _, output in resumed(bench.engine)]
    assert again[0] == first
    assert [bench.name(output) for output in again] == ["recognised", "ask-role"]
    assert await bench.lines() == []
    assert [output async for output in resumed(bench.engine)] == []


async def test_held_replies_are_pending_until_shown(bench: Bench) -> None:
    """A surface that collects replies says itself when they are on the screen."""
    async for _ in bench.engine.handle(KEY, Pasted(text=NGINX_502), hold=True):
        pass
    assert await bench.lines() == ["recognised", "ask-role"]
    await bench.engine.shown(KEY)
    assert await bench.lines() == []
    await bench.engine.shown(KEY)


async def test_same_event_again_says_and_does_nothing(bench: Bench) -> None:
    """An event that a platform delivers twice is answered once."""
    await bench.feed(Pasted(id="m1", text=NGINX_502))
    assert await bench.feed(Pasted(id="m1", text=NGINX_502)) == []


async def test_waiting_goes_on_after_a_restart(kb: KnowledgeBase) -> None:
    """A wake-up keeps its time: the next process waits for what is left of it, and does not start afresh."""
    first = Bench(kb)
    await first.feed(Pasted(text=NGINX_502))
    await first.clock.pass_time(1000)
    await first.engine.aclose()
    second = Bench(kb, store=first.store)
    second.clock.jump((first.clock.now() - second.clock.now()).total_seconds())
    woken: list[Woke] = []
    second.engine.on_wake = lambda _key, event: woken.append(event)
    await second.engine.recall()
    await second.clock.pass_time(790)
    assert woken == []
    await second.clock.pass_time(20)
    assert await second.feed(woken[0]) == ["asleep"]
    await second.engine.aclose()


async def test_wake_up_is_pending_until_it_was_taken(bench: Bench) -> None:
    """A wake-up that rang and whose event was not committed rings again after a restart."""
    await bench.feed(Pasted(text=NGINX_502))
    (wake,) = await bench.effects()
    await bench.clock.pass_time(1801)
    assert await bench.effects() == [wake]
    await bench.feed(Woke(effect=wake.id))
    (later,) = await bench.effects()
    assert later.id != wake.id


async def test_ended_conversation_leaves_nothing_pending(bench: Bench) -> None:
    """Whoever stops, even during a look, leaves neither a look nor a wake-up behind."""
    bench.checker.gate = asyncio.Event()
    await bench.feed(Pasted(text=NGINX_502))
    looking = asyncio.ensure_future(bench.feed(Chose(choice="visitor")))
    await settle()
    await bench.feed(Chose(choice="stop"))
    assert await bench.effects() == []
    bench.checker.gate.set()
    await looking
    assert await bench.effects() == []


async def test_stale_result_is_settled(bench: Bench) -> None:
    """A result that nobody waits for leaves nothing behind, whatever the conversation does now."""
    await bench.feed(Checked(effect="long ago", report=seen(502)))
    assert await bench.effects() == []


async def test_question_is_asked_again_for_an_empty_screen(bench: Bench) -> None:
    """A surface that has lost its screen can ask what the conversation waits for; an ended one waits for nothing."""
    await bench.feed(Pasted(text=NGINX_502))
    question = await bench.engine.question(KEY)
    assert question is not None
    assert question.key == "ask-role"
    await bench.feed(Chose(choice="stop"))
    assert await bench.engine.question(KEY) is None


async def test_forgotten_conversation_never_rings(bench: Bench) -> None:
    """Forgetting takes the wake-up along."""
    woken: list[Woke] = []
    bench.engine.on_wake = lambda _key, event: woken.append(event)
    await bench.feed(Pasted(text=NGINX_502))
    await bench.engine.forget(KEY)
    await bench.clock.pass_time(4000)
    assert woken == []
    assert await bench.effects() == []


async def test_fork_waits_for_nothing_of_the_original(bench: Bench) -> None:
    """A copy begins where the original is, and shares neither its look nor its wake-up."""
    await bench.feed(Pasted(text=NGINX_502))
    await bench.engine.fork(KEY, "copy")
    copy, original = await bench.engine.state("copy"), await bench.engine.state(KEY)
    assert (copy.phase, copy.known, copy.wake) == (original.phase, original.known, None)


async def test_fork_for_whom_the_page_is_not_meant_knows_the_site_alone(bench: Bench) -> None:
    """Whoever may not know which page failed begins with the same verdict, and no word of the page."""
    await bench.feed(Pasted(text="502 Bad Gateway nginx at https://shop.example.com/private/path?sid=abc", brief=True))
    await bench.engine.fork(KEY, "whole")
    await bench.engine.fork(KEY, "front", front=True)
    whole, front = await bench.engine.state("whole"), await bench.engine.state("front")
    assert "private" in whole.model_dump_json()
    assert "private" not in front.model_dump_json()
    assert (front.url, front.verdict) == ("https://shop.example.com/", whole.verdict)


async def test_nothing_deleted_is_forked(bench: Bench) -> None:
    """Of a conversation that was deleted, or that moves on meanwhile, there is no copy."""
    await bench.feed(Pasted(text=NGINX_502))
    await bench.store.forget(KEY)
    with pytest.raises(Conflict):
        await bench.engine.fork(KEY, "copy")
    assert await bench.store.load("copy") is None
