"""Does the memory store keep the contract of a store?"""

from __future__ import annotations

import pytest

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.state import Phase, State
from bot.ports import Conflict
from bot.storage.memory import MemoryStore

LOOK = RunChecks(id="a:checks", url="https://shop.example.com/")


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


async def test_unknown_conversation_is_none(store: MemoryStore) -> None:
    """What was never committed is not there."""
    assert await store.load("nobody") is None


async def test_committed_state_comes_back_equal(store: MemoryStore) -> None:
    """A state comes back as it was, with its version."""
    state = State(phase=Phase.STEP, step="reload", outcomes={"reload": "offered"})
    assert await store.commit("k", 0, state, ()) == 1
    stored = await store.load("k")
    assert stored is not None
    assert (stored.state, stored.version) == (state, 1)


async def test_stale_version_conflicts(store: MemoryStore) -> None:
    """Who commits from an old version is told, and changes nothing."""
    await store.commit("k", 0, State(), ())
    with pytest.raises(Conflict):
        await store.commit("k", 0, State(phase=Phase.ENDED), (LOOK,))
    stored = await store.load("k")
    assert stored is not None
    assert stored.state.phase is Phase.IDLE
    assert await store.pending() == ()


async def test_effects_are_pending_until_done(store: MemoryStore) -> None:
    """An effect stays pending until somebody says that it was carried out."""
    await store.commit("k", 0, State(), (LOOK,))
    assert await store.pending() == (("k", LOOK),)
    await store.done("k", LOOK.id)
    await store.done("k", LOOK.id)
    await store.done("nobody", LOOK.id)
    assert await store.pending() == ()


async def test_new_wake_replaces_the_old_one(store: MemoryStore) -> None:
    """A conversation has one wake-up at a time; looks stay beside it."""
    await store.commit("k", 0, State(), (LOOK, Wake(id="a:wake", after_s=1)))
    await store.commit("k", 1, State(), (Wake(id="b:wake", after_s=2),))
    assert {effect.id for _, effect in await store.pending()} == {LOOK.id, "b:wake"}


async def test_forgotten_conversation_is_gone(store: MemoryStore) -> None:
    """Forgetting removes the state and everything pending."""
    await store.commit("k", 0, State(), (LOOK,))
    await store.forget("k")
    assert await store.load("k") is None
    assert await store.pending() == ()
