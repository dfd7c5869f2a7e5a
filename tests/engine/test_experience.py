"""Does a process learn from answers, plan by what it knows, and go on when nobody can tell?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from bot.conversation.events import Chose, Event, Pasted
from bot.conversation.state import Phase, State
from bot.diagnosis.experience import LEAST, Tally
from bot.engine import experience
from bot.engine.experience import KNOWN_FOR, Experience, lesson_of
from bot.engine.run import Engine
from bot.kb.model import KnowledgeBase
from bot.ports import Outcomes, StoreUnavailable
from bot.storage.memory import MemoryOutcomes, MemoryStore
from bot.wording import Message
from fakes import HandClock, ScriptedChecker, numbered_ids, settle
from playbook import NGINX_502, Playbook, seen

CAUSE = "answers-well-here"
"""What a conversation rests on in which the site answers well and nobody can say more."""


class Away:
    """Outcomes that nobody can be asked about: they fail, or never answer."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent
        self.asked = 0

    async def all(self) -> dict[str, tuple[Tally, ...]]:
        await self._fail()
        return {}

    async def count(self, cause: str, guide: str, step: str, *, solved: bool) -> None:
        await self._fail()

    async def _fail(self) -> None:
        self.asked += 1
        if self._silent:
            await asyncio.Event().wait()
        raise StoreUnavailable("away")


class Bench:
    """An engine over outcomes, and a site that answers well."""

    def __init__(self, kb: KnowledgeBase, outcomes: Outcomes) -> None:
        ids = iter(numbered_ids())
        self.clock = HandClock()
        self.engine = Engine(kb, MemoryStore(), ScriptedChecker(seen(200)), self.clock, lambda: next(ids))
        self.engine.experience = Experience(outcomes, self.clock)

    async def feed(self, key: str, event: Event) -> list[Message]:
        return [output async for output in self.engine.handle(key, event) if isinstance(output, Message)]

    async def picks(self, key: str, *choices: str) -> list[Message]:
        """Pick one choice after another; return what the last one brought."""
        said: list[Message] = []
        for choice in choices:
            said = await self.feed(key, Chose(choice=choice))
        return said

    async def to_first_step(self, key: str) -> list[Message]:
        """Lead somebody from a paste to their first step; return what was said with it."""
        await self.feed(key, Pasted(text=NGINX_502))
        said = await self.picks(key, "visitor", "guide")
        while (await self.engine.state(key)).phase is Phase.ASK_QUESTION:
            said = await self.picks(key, "dont-know")
        return said


@pytest.fixture
async def outcomes() -> MemoryOutcomes:
    return MemoryOutcomes()


@pytest.fixture
async def bench(kb: KnowledgeBase, outcomes: MemoryOutcomes) -> AsyncIterator[Bench]:
    bench = Bench(kb, outcomes)
    yield bench
    await bench.engine.aclose()


async def helped(outcomes: MemoryOutcomes, step: str, solved: int, failed: int) -> None:
    for number in range(solved + failed):
        await outcomes.count(CAUSE, "visitor", step, solved=number < solved)


async def test_answers_at_steps_are_counted_once(bench: Bench, outcomes: MemoryOutcomes) -> None:
    """What did not help and what did are counted for the cause; skipping, asking and coming back count nothing."""
    await bench.to_first_step("alice")
    await bench.picks(
        "alice", "why", "still-broken", "back", "still-broken", "firefox", "windows", "skip", "works", "help"
    )
    await settle()
    assert await outcomes.all() == {
        CAUSE: (
            Tally(guide="visitor", step="clear-cache", solved=1, failed=0),
            Tally(guide="visitor", step="reload", solved=0, failed=1),
        )
    }


async def test_unhappy_end_counts_its_failures(bench: Bench, outcomes: MemoryOutcomes) -> None:
    """Whoever gives up has still shown what did not help."""
    await bench.to_first_step("alice")
    await bench.picks("alice", "still-broken", "stop")
    await settle()
    assert await outcomes.all() == {CAUSE: (Tally(guide="visitor", step="reload", solved=0, failed=1),)}


async def test_whole_conversation_in_which_a_step_has_moved(bench: Bench, outcomes: MemoryOutcomes) -> None:
    """Cookies helped many here: they come right after the reload, the plan says so, and "why" has the counts."""
    await helped(outcomes, "cookies", 14, 11)
    plan = (await bench.to_first_step("alice"))[0]
    assert plan.key == "plan"
    assert "(14 of 25 times)" in plan.text
    assert "Moved up" not in (await bench.picks("alice", "why"))[0].text
    await bench.picks("alice", "still-broken", "firefox", "windows")
    assert (await bench.engine.state("alice")).step == "cookies"
    assert "Moved up: here it helped 14 of the 25 times" in (await bench.picks("alice", "why"))[0].text
    assert (await bench.picks("alice", "works"))[0].key == "ended"
    await settle()
    assert (await outcomes.all())[CAUSE][0] == Tally(guide="visitor", step="cookies", solved=15, failed=11)


async def test_few_counts_change_no_plan(bench: Bench, outcomes: MemoryOutcomes) -> None:
    """Below the least everybody gets the guide's own order, without a word about counts."""
    await helped(outcomes, "cookies", LEAST - 1, 0)
    plan = (await bench.to_first_step("alice"))[0]
    assert "times)" not in plan.text
    await bench.picks("alice", "skip", "firefox", "windows")
    assert (await bench.engine.state("alice")).step == "new-session"


async def test_counts_are_read_now_and_then(kb: KnowledgeBase, outcomes: MemoryOutcomes) -> None:
    """A process relies on what it read for a while; then it reads again, and nobody who comes meanwhile waits."""
    clock = HandClock()
    knows = Experience(outcomes, clock)
    assert await knows.known() == {}
    await helped(outcomes, "cookies", 1, 0)
    assert await knows.known() == {}
    await clock.pass_time(KNOWN_FOR.total_seconds())
    assert await knows.known() == {}
    await settle()
    assert set(await knows.known()) == {CAUSE}
    await knows.aclose()


@pytest.mark.parametrize("silent", [True, False])
async def test_store_that_is_away_disturbs_nobody(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, silent: bool
) -> None:
    """Plans keep the guide's order, answers are not counted, and what never answers is given up at the end."""
    monkeypatch.setattr(experience, "PATIENCE_S", 0.01)
    away = Away(silent=silent)
    bench = Bench(kb, away)
    with caplog.at_level(logging.WARNING):
        assert (await bench.to_first_step("alice"))[0].key == "plan"
        assert away.asked == 1
        assert (await bench.picks("alice", "still-broken", "firefox", "windows", "works", "yes"))[0].key == "ended"
        await settle()
    assert away.asked == 3
    assert ("an outcome is not counted: StoreUnavailable" in caplog.text) is not silent
    await bench.engine.aclose()


async def test_counts_that_cannot_be_kept_do_not_pile_up(kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the store never answers, no more than a few counts wait for it."""
    monkeypatch.setattr(experience, "PATIENCE_S", 0.01)
    monkeypatch.setattr(experience, "MOST_COUNTING", 2)
    away = Away(silent=True)
    knows = Experience(away, HandClock())
    before, after = tried(kb)
    for _ in range(5):
        knows.learn(before, after)
    await settle()
    assert away.asked == 2
    await knows.aclose()


async def test_last_count_is_finished_at_the_end(kb: KnowledgeBase, outcomes: MemoryOutcomes) -> None:
    """Whoever says "it works" and closes the window is counted all the same."""
    knows = Experience(outcomes, HandClock())
    knows.learn(*tried(kb))
    await knows.aclose()
    assert set(await outcomes.all()) == {CAUSE}


async def test_without_outcomes_nothing_is_known(kb: KnowledgeBase) -> None:
    """An engine that was given none knows nothing and counts nothing."""
    knows = Experience(None, HandClock())
    knows.learn(*tried(kb))
    assert await knows.known() == {}
    await knows.aclose()


def tried(kb: KnowledgeBase) -> tuple[State, State]:
    """Return the states before and after somebody said that the first step did not help."""
    book = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(200)).picks("guide")
    while book.phase is Phase.ASK_QUESTION:
        book.picks("dont-know")
    before = book.state
    return before, book.picks("still-broken").state


def test_lesson_belongs_to_the_cause_that_stood(kb: KnowledgeBase) -> None:
    """What was tried was tried against the verdict of that time; where nothing was tried, nothing was learned."""
    before, after = tried(kb)
    assert lesson_of(before, after) == (CAUSE, "visitor", "reload", False)
    assert lesson_of(after, after) is None
    assert lesson_of(State(), after) is None
    assert lesson_of(before, before.model_copy(update={"outcomes": {"reload": "skipped"}})) is None
