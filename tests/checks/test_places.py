"""Does everybody get a place, however many looks a few people ask for?"""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.checks.places import NotNow, Places
from bot.ports import NOBODY, WATCHES, Asker


class Line:
    """People who want places, and who has one now."""

    def __init__(self, most: int = 10, longest_line: int = 50) -> None:
        self.places = Places(most, longest_line)
        self.running: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def ask(self, name: str, *askers: Asker) -> None:
        self._ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.ensure_future(self._look(name, list(askers)))
        await settle()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await self.tasks[name]
        await settle()

    async def _look(self, name: str, askers: list[Asker]) -> None:
        async with self.places.place(askers):
            self.running.append(name)
            try:
                await self._ends[name].wait()
            finally:
                self.running.remove(name)


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.fixture
async def line() -> Any:
    made = Line()
    yield made
    for task in made.tasks.values():
        task.cancel()
    await asyncio.gather(*made.tasks.values(), return_exceptions=True)


async def test_person_has_a_fifth_and_a_server_two_fifths(line: Line) -> None:
    """What one person, or one server, wants besides waits, although places are free; direct messages are one server."""
    for number in range(3):
        await line.ask(f"a{number}", Asker("ann", "one"))
    assert line.running == ["a0", "a1"]
    for name in ("bob", "cid", "dan"):
        await line.ask(name, Asker(name, "one"))
    assert line.running == ["a0", "a1", "bob", "cid"]
    for name in ("eve", "fay", "gus", "hal", "ida"):
        await line.ask(name, Asker(name))
    assert line.running[4:] == ["eve", "fay", "gus", "hal"]
    await line.end("bob")
    assert line.running[-1] == "dan"


async def test_watches_have_half_and_nobody_else_all(line: Line) -> None:
    """Looks that nobody asked for just now leave half of the places; a terminal has no one to share with."""
    for number in range(7):
        await line.ask(f"w{number}", WATCHES)
    assert line.running == [f"w{number}" for number in range(5)]
    for number in range(6):
        await line.ask(f"t{number}", NOBODY)
    assert line.running[5:] == [f"t{number}" for number in range(5)]


async def test_newcomer_is_next_when_others_hold_everything(line: Line) -> None:
    """A server without a look goes before those that have some, however long their people have waited."""
    for number in range(30):
        await line.ask(f"x{number}", Asker(f"p{number}", f"server{number % 3}"))
    assert len(line.running) == 10
    await line.ask("new", Asker("ann", "quiet"))
    await line.end(line.running[0])
    assert line.running[-1] == "new"


async def test_line_that_is_too_long_loses_those_who_have_most_in_it() -> None:
    """Whoever fills the line is turned away, not the one who comes after them."""
    line = Line(most=1, longest_line=3)
    await line.ask("first", Asker("ann", "one"))
    for number in range(3):
        await line.ask(f"x{number}", Asker(f"p{number}", "loud"))
    await line.ask("new", Asker("bob", "quiet"))
    with pytest.raises(NotNow):
        await line.tasks["x2"]
    assert not any(line.tasks[name].done() for name in ("x0", "x1", "new"))
    await line.end("first")
    assert line.running == ["x0"]
    for task in line.tasks.values():
        task.cancel()


async def test_look_that_others_want_too_runs_on_their_account(line: Line) -> None:
    """Joining the look of somebody who has had enough means no wait for them, nor is it dropped because of them."""
    for number in range(2):
        await line.ask(f"a{number}", Asker("ann", "one"))
    askers = [Asker("ann", "one")]
    line.tasks["joined"] = asyncio.ensure_future(line._look("joined", askers))
    line._ends["joined"] = asyncio.Event()
    await settle()
    assert "joined" not in line.running
    askers.append(Asker("bob", "two"))
    line.places.look_round()
    await settle()
    assert line.running[-1] == "joined"


async def test_place_of_a_look_that_was_given_up_is_free(line: Line) -> None:
    """Also one that was given up in the moment in which its turn came."""
    for number in range(3):
        await line.ask(f"a{number}", Asker("ann", "one"))
    await line.ask("a3", Asker("ann", "one"))
    line.tasks["a0"].cancel()
    await asyncio.sleep(0)  # now the third one has its place, and does not know it yet
    line.tasks["a2"].cancel()
    await settle()
    assert line.running == ["a1", "a3"]
