"""Does each conversation's alarm ring once, at its time, whatever the others do?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.engine.alarms import Alarms
from fakes import HandClock


class Rung:
    """Alarms over a clock that is turned by hand, and what rang."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.rang: list[tuple[str, str]] = []
        self.alarms = Alarms(self.clock, self.ring)

    def ring(self, key: str, effect: str) -> None:
        if key == "broken":
            raise ValueError(key)
        self.rang.append((key, effect))


@pytest.fixture
async def rung() -> AsyncIterator[Rung]:
    rung = Rung()
    yield rung
    await rung.alarms.aclose()


async def test_alarms_ring_in_the_order_of_their_times(rung: Rung) -> None:
    """An alarm that is set later and rings earlier is not held up by the first."""
    rung.alarms.set("slow", "a", 100)
    await rung.clock.pass_time(1)
    rung.alarms.set("quick", "b", 10)
    await rung.clock.pass_time(9)
    assert rung.rang == []
    await rung.clock.pass_time(2)
    assert rung.rang == [("quick", "b")]
    await rung.clock.pass_time(100)
    assert rung.rang == [("quick", "b"), ("slow", "a")]


async def test_new_alarm_replaces_the_old_one(rung: Rung) -> None:
    """A conversation has one alarm."""
    rung.alarms.set("k", "a", 10)
    rung.alarms.set("k", "b", 20)
    await rung.clock.pass_time(15)
    assert rung.rang == []
    await rung.clock.pass_time(10)
    assert rung.rang == [("k", "b")]


async def test_cancelled_alarm_is_silent(rung: Rung) -> None:
    """A cancelled alarm does not ring; the others do."""
    rung.alarms.set("k", "a", 10)
    rung.alarms.set("other", "b", 10)
    rung.alarms.cancel("k")
    rung.alarms.cancel("nobody")
    await rung.clock.pass_time(20)
    assert rung.rang == [("other", "b")]


async def test_failing_ring_stops_nobody_else(rung: Rung) -> None:
    """An alarm whose ringing fails does not silence those after it."""
    rung.alarms.set("broken", "a", 5)
    rung.alarms.set("k", "b", 10)
    await rung.clock.pass_time(20)
    assert rung.rang == [("k", "b")]


async def test_replaced_alarms_take_no_room(rung: Rung) -> None:
    """A conversation that moves its alarm thousands of times costs one task, not thousands."""
    for number in range(5000):
        rung.alarms.set("k", str(number), 1000 + number)
    await rung.clock.pass_time(1)
    assert len(asyncio.all_tasks()) < 10
    await rung.clock.pass_time(7000)
    assert rung.rang == [("k", "4999")]


async def test_alarms_of_some_are_cancelled_together(rung: Rung) -> None:
    """What another process goes on with does not ring here; the others do."""
    for key in ("ours", "theirs-1", "theirs-2"):
        rung.alarms.set(key, "a", 10)
    rung.alarms.cancel_of(lambda key: key.startswith("theirs"))
    await rung.clock.pass_time(11)
    assert rung.rang == [("ours", "a")]
