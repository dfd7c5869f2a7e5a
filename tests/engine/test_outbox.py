"""Does one event become one commit: what it says, what it asks for, and what it settles?"""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.events import Checked, Chose, Event, Pasted
from bot.conversation.state import Phase, State
from bot.conversation.step import SILENCE_AFTER_S
from bot.engine.outbox import Outbox
from bot.kb.model import KnowledgeBase
from bot.ports import Commit
from bot.storage.memory import MemoryStore
from playbook import AT, NGINX_502, seen

PASTED = Pasted(id="m1", at=AT, text=NGINX_502)
VISITOR = Chose(id="m2", at=AT, choice="visitor")


class Recording(MemoryStore):
    """A store that keeps every commit for the test to see."""

    def __init__(self) -> None:
        super().__init__()
        self.commits: list[Commit] = []

    async def commit(self, commit: Commit) -> int:
        self.commits.append(commit)
        return await super().commit(commit)


async def committed(kb: KnowledgeBase, *events: Event) -> list[Commit]:
    store = Recording()
    outbox = Outbox(kb, store)
    for event in events:
        await outbox.decide("k", event)
    return store.commits


async def test_lines_and_effects_carry_the_event_in_their_names(kb: KnowledgeBase) -> None:
    """Replies are `<event>:<number>`, effects `<event>:<what>`, so a result finds its way after any restart."""
    _, commit = await committed(kb, PASTED, VISITOR)
    assert [line.id for line in commit.replies] == ["m2:0"]
    assert {due.effect.id for due in commit.effects} == {"m2:checks", "m2:wake"}


async def test_wake_up_gets_an_absolute_time(kb: KnowledgeBase) -> None:
    """A wake-up is due a set time after its event; a look is due at once."""
    first, second = await committed(kb, PASTED, VISITOR)
    (wake,) = first.effects
    assert isinstance(wake.effect, Wake)
    assert wake.at == AT + timedelta(seconds=SILENCE_AFTER_S)
    assert [due.at for due in second.effects if isinstance(due.effect, RunChecks)] == [AT]


async def test_late_result_brings_nothing_forgotten_back(kb: KnowledgeBase) -> None:
    """The conversation was forgotten during its look: the result commits nothing, not even an empty state."""
    checked = Checked(id="m3", at=AT, effect="m2:checks", report=seen(502))
    assert await committed(kb, checked) == []


async def test_each_event_settles_what_is_waited_for_no_more(kb: KnowledgeBase) -> None:
    """An answer settles the old wake-up; a result settles its look."""
    checked = Checked(id="m3", at=AT, effect="m2:checks", report=seen(502))
    first, second, third = await committed(kb, PASTED, VISITOR, checked)
    assert first.settles == frozenset()
    assert second.settles == {"m1:wake"}
    assert third.settles == {"m2:checks", "m2:wake"}


async def test_event_that_does_not_fit_changes_nothing(kb: KnowledgeBase) -> None:
    """Nothing is committed on a state that the event was not meant for, also not one that others left meanwhile."""
    store, met = Recording(), list[Phase]()

    def fits(state: State) -> bool:
        met.append(state.phase)
        return state.phase is Phase.IDLE

    outbox = Outbox(kb, store)
    await outbox.decide("k", PASTED, fits=fits)
    refused = await outbox.decide("k", VISITOR, fits=fits)
    assert met == [Phase.IDLE, Phase.ASK_ROLE]
    assert (refused.lines, refused.effects, len(store.commits)) == ((), (), 1)


async def test_events_of_one_conversation_queue_up(kb: KnowledgeBase) -> None:
    """Two events at once are two commits, one from the other's state."""
    store = Recording()
    outbox = Outbox(kb, store)
    await asyncio.gather(outbox.decide("k", PASTED), outbox.decide("k", VISITOR))
    assert [commit.expected for commit in store.commits] == [0, 1]


async def test_idle_conversations_hold_no_lock(kb: KnowledgeBase) -> None:
    """Locks of conversations in which nothing happens are given back."""
    outbox = Outbox(kb, MemoryStore())
    for number in range(50):
        await outbox.decide(f"k{number}", PASTED)
    gc.collect()
    assert len(outbox._locks) == 0


class Deleting(MemoryStore):
    """A store in which somebody else deletes the conversation just before a commit, once."""

    deletes = False

    async def commit(self, commit: Commit) -> int:
        if self.deletes:
            self.deletes = False
            await self.forget(commit.key)
        return await super().commit(commit)


async def test_click_brings_nothing_deleted_back(kb: KnowledgeBase) -> None:
    """The conversation was deleted while a click was under way: nothing is kept of it, and nothing said."""
    store = Deleting()
    outbox = Outbox(kb, store)
    await outbox.decide("k", PASTED)
    store.deletes = True
    decided = await outbox.decide("k", VISITOR)
    assert (decided.state, decided.lines, decided.effects) == (State(), (), ())
    assert await store.load("k") is None


async def test_words_after_a_deletion_begin_anew(kb: KnowledgeBase) -> None:
    """What somebody says while their conversation is deleted is a new one, with nothing of the old."""
    store = Deleting()
    outbox = Outbox(kb, store)
    await outbox.decide("k", PASTED)
    await outbox.decide("k", VISITOR)
    store.deletes = True
    decided = await outbox.decide("k", PASTED.model_copy(update={"id": "m3"}))
    assert decided.state.role is None
    stored = await store.load("k")
    assert stored is not None
    assert stored.version == 1


async def test_click_begins_nothing(kb: KnowledgeBase) -> None:
    """A choice on a conversation that the store does not know changes nothing: whoever picks has something before them."""
    store = Recording()
    decided = await Outbox(kb, store).decide("k", VISITOR)
    assert (decided.state, decided.lines, store.commits) == (State(), (), [])


async def test_conversation_without_a_place_is_not_kept(kb: KnowledgeBase) -> None:
    """Its place was deleted while its first words were on the way: nobody could find it to delete it."""
    store = Recording()
    decided = await Outbox(kb, store, lambda _: False).decide("k", PASTED)
    assert (decided.state, decided.lines, store.commits) == (State(), (), [])


async def test_beginning_is_told_before_it_is_kept(kb: KnowledgeBase) -> None:
    """Whoever holds the place of a conversation is told that there is one, each time that it begins, and only then."""
    store, begun = Recording(), list[tuple[str, int]]()
    outbox = Outbox(kb, store, lambda key: begun.append((key, len(store.commits))) is None)
    await outbox.decide("k", PASTED)
    await outbox.decide("k", VISITOR)
    await store.forget("k")
    await outbox.decide("k", PASTED.model_copy(update={"id": "m3"}))
    assert begun == [("k", 0), ("k", 2)]
