"""Does work go on without a store that is useful but not essential, and is it asked again when it is back?"""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.engine import aside
from bot.engine.aside import Aside
from bot.ports import StoreUnavailable


class Store:
    """Answers, fails or dawdles, as it is told."""

    def __init__(self) -> None:
        self.asked = 0
        self.fault: Exception | None = None
        self.takes_s = 0.0

    async def answer(self) -> str:
        self.asked += 1
        await asyncio.sleep(self.takes_s)
        if self.fault is not None:
            raise self.fault
        return "yes"


@pytest.fixture(autouse=True)
def _short_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "RESTS_FOR_S", 0.5)


async def test_answer_comes_back() -> None:
    """A store that answers is asked each time."""
    store, beside = Store(), Aside("nothing is shared", 1.0)
    assert [await beside.ask(store.answer) for _ in range(3)] == ["yes"] * 3


async def test_store_that_is_away_is_left_alone_and_told_of_once(caplog: pytest.LogCaptureFixture) -> None:
    """Nobody waits for it a second time within a while, one line says so, and one that it is back."""
    caplog.set_level(logging.WARNING)
    store, beside = Store(), Aside("nothing is shared", 1.0)
    store.fault = StoreUnavailable("gone")
    for _ in range(3):
        assert [await beside.ask(store.answer) for _ in range(5)] == [None] * 5
        await asyncio.sleep(0.55)
    assert store.asked == 3
    assert [record.getMessage() for record in caplog.records] == ["nothing is shared, the store is away: gone"]
    store.fault = None
    assert await beside.ask(store.answer) == "yes"
    assert "answers again" in caplog.messages[-1]


async def test_slow_store_is_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    """After a moment the work goes on; the question comes to its end, and an error of it disturbs nobody."""
    store, beside = Store(), Aside("nothing is shared", 0.1)
    store.takes_s, store.fault = 1.0, ValueError("late")
    began = asyncio.get_running_loop().time()
    assert await beside.ask(store.answer) is None
    assert await beside.ask(store.answer) is None
    assert asyncio.get_running_loop().time() - began < 0.9
    await asyncio.sleep(1.0)
    assert store.asked == 1
    assert "takes too long" in caplog.text


async def test_fault_of_ours_is_logged_whole(caplog: pytest.LogCaptureFixture) -> None:
    """What is not an outage is an error with its traceback, and asks again the next time."""
    store, beside = Store(), Aside("nothing is shared", 1.0)
    store.fault = KeyError("ours")
    assert [await beside.ask(store.answer) for _ in range(2)] == [None, None]
    assert store.asked == 2
    assert all(record.exc_info for record in caplog.records)
