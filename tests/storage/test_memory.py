"""What does the memory store do beyond the contract (test_contract.py) that all stores share?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.conversation.state import Phase, State
from bot.ports import Commit, KeptPlace, Met
from bot.storage.memory import MemoryPlaceBook, MemoryStore
from bot.storage.memory_incidents import MemoryIncidents
from fakes import HandClock

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


async def test_what_comes_back_is_a_copy() -> None:
    """A state comes back through its stored form, as a database would give it back, never as the same object."""
    store, state = MemoryStore(), State(phase=Phase.STEP, outcomes={"reload": "offered"})
    await store.commit(Commit(key="k", expected=0, state=state, at=AT))
    stored = await store.load("k")
    assert stored is not None
    assert stored.state == state
    assert stored.state is not state


async def test_changed_place_is_the_newest() -> None:
    """A place that is put again moves to the end, so that the oldest comes first."""
    book = MemoryPlaceBook(HandClock())
    for key in ("a", "b", "a"):
        book.put(KeptPlace(key=key, owner="7", body="{}"))
    assert [place.key for place in await book.all()] == ["b", "a"]


async def test_old_reports_are_dropped() -> None:
    """Nobody waits for the hour: the next report takes those along whose time is over."""
    incidents = MemoryIncidents()
    await incidents.note(Met("9", "example.com", "7", AT))
    await incidents.note(Met("9", "example.com", "8", AT + timedelta(days=1)))
    assert incidents.export("7")
    await incidents.note(Met("9", "example.com", "8", AT + timedelta(days=1, seconds=1)))
    assert incidents.export("7") == []
