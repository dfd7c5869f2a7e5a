"""Is a whole conversation held, by script and by hand, without losing a line?"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from rich.console import Console

from bot.conversation.events import Pasted
from bot.conversation.state import Phase
from bot.engine.run import Engine
from bot.kb.model import KnowledgeBase
from bot.storage.memory import MemoryStore
from bot.surfaces.terminal.app import KEY, App
from bot.wording.words import Words
from fakes import HandClock, ScriptedChecker, numbered_ids, settle
from playbook import NGINX_502, seen

ONE_LINE = NGINX_502.replace("\n", " ")


class Typed:
    """Lines that a test types, one after another; None ends the input."""

    def __init__(self, *lines: str | None) -> None:
        self.lines: asyncio.Queue[str | None] = asyncio.Queue()
        for line in lines:
            self.lines.put_nowait(line)

    async def next(self) -> str | None:
        return await self.lines.get()


class Stage:
    """An app over fakes, and what it printed."""

    def __init__(
        self,
        kb: KnowledgeBase,
        *lines: str | None,
        json: bool = False,
        terminal: bool = False,
        store: MemoryStore | None = None,
    ) -> None:
        self.clock = HandClock()
        self.store = store or MemoryStore()
        self.checker = ScriptedChecker(seen(502))
        ids = iter(numbered_ids())
        self.engine = Engine(kb, self.store, self.checker, self.clock, lambda: next(ids))
        self.typed = Typed(*lines)
        self.out = io.StringIO()
        console = Console(file=self.out, force_terminal=terminal, width=120)
        self.app = App(self.engine, Words(kb, "en"), console, self.typed, json=json)

    @property
    def keys(self) -> list[str]:
        """Keys of the replies, when they are printed as JSON."""
        return [json.loads(line)["reply"] for line in self.out.getvalue().splitlines()]


@pytest.fixture
async def closing() -> AsyncIterator[list[Stage]]:
    """Close whatever a test put on stage."""
    stages: list[Stage] = []
    yield stages
    for stage in stages:
        await stage.app.aclose()


async def test_script_runs_from_paste_to_solved(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """A scripted conversation reaches its end, with a line for each check."""
    stage = Stage(kb, ONE_LINE, "1", "guide", "it works now", None)
    closing.append(stage)
    await stage.app.run()
    text = stage.out.getvalue()
    for part in (
        "502 Bad Gateway from nginx",
        "✓ name: fine",
        "✗ page: HTTP 502",
        "is down",
        "Step 1",
        "Glad that it works",
    ):
        assert part in text
    assert (await stage.engine.state(KEY)).phase is Phase.ENDED


async def test_json_has_one_reply_a_line(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """With --json every line is a reply, and nothing else is printed."""
    stage = Stage(kb, ONE_LINE, "visitor", "guide", None, json=True)
    closing.append(stage)
    await stage.app.run()
    assert stage.keys == ["restarted", "recognised", "ask-role", "checking", "verdict", "plan", "step"]


@pytest.mark.parametrize("picked", ["1", "visitor", "I am visiting it", "just visiting", "  VISITOR "])
async def test_choice_is_picked_in_any_way(kb: KnowledgeBase, closing: list[Stage], picked: str) -> None:
    """By number, by id, by label, and in words that people use: all mean the same choice."""
    stage = Stage(kb, ONE_LINE, picked, None, json=True)
    closing.append(stage)
    await stage.app.run()
    assert stage.keys[-2:] == ["checking", "verdict"]
    assert (await stage.engine.state(KEY)).role == "visitor"


async def test_several_numbers_mark_several_steps(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """Where several things can be marked, several numbers in one line mark them all."""
    stage = Stage(kb, ONE_LINE, "owner", "guide", "tried", "1, 2", None, json=True)
    closing.append(stage)
    await stage.app.run()
    assert stage.keys[-2:] == ["pick-tried", "step"]
    outcomes = (await stage.engine.state(KEY)).outcomes
    assert sorted(outcomes.values()) == ["before", "before", "offered"]


async def test_number_beyond_the_list_is_no_choice(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """A number that nobody offered is answered with the question."""
    stage = Stage(kb, ONE_LINE, "9", None, json=True)
    closing.append(stage)
    await stage.app.run()
    assert stage.keys[-2:] == ["not-understood", "ask-role"]


async def test_end_of_input_is_a_quiet_end(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """When the input ends, nothing more is said, the conversation is over, and nothing stays pending."""
    stage = Stage(kb, ONE_LINE, None, json=True)
    closing.append(stage)
    await stage.app.run()
    assert stage.keys == ["restarted", "recognised", "ask-role"]
    assert (await stage.engine.state(KEY)).phase is Phase.ENDED
    assert await stage.store.pending() == ()


async def test_quit_ends_before_the_rest_of_the_input(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """After quit nothing more is read."""
    stage = Stage(kb, "quit", ONE_LINE, None)
    closing.append(stage)
    await stage.app.run()
    assert "recognised" not in stage.out.getvalue()
    assert stage.typed.lines.qsize() == 2


@pytest.mark.parametrize("as_json", [False, True])
async def test_silence_is_told_and_the_line_being_typed_is_kept(
    kb: KnowledgeBase, closing: list[Stage], as_json: bool
) -> None:
    """While somebody thinks, the conversation falls asleep; what they type then goes on where it was."""
    stage = Stage(kb, ONE_LINE, json=as_json)
    closing.append(stage)
    running = asyncio.ensure_future(stage.app.run())
    await settle()
    await stage.clock.pass_time(1801)
    assert "Still there?" in stage.out.getvalue()
    stage.typed.lines.put_nowait("visitor")
    stage.typed.lines.put_nowait(None)
    await running
    assert "is down" in stage.out.getvalue()


async def test_long_silence_does_not_end_the_program(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """After two days the conversation is closed; whoever comes back then begins a new one in the same window."""
    stage = Stage(kb, ONE_LINE, json=True)
    closing.append(stage)
    running = asyncio.ensure_future(stage.app.run())
    await settle()
    await stage.clock.pass_time(1801)
    await stage.clock.pass_time(48 * 3600 + 1)
    assert stage.keys[-2:] == ["asleep", "ended"]
    assert not running.done()
    stage.typed.lines.put_nowait(ONE_LINE)
    stage.typed.lines.put_nowait(None)
    await running
    assert stage.keys[-2:] == ["recognised", "ask-role"]


async def test_interrupted_app_stops_waiting(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """Whoever interrupts it leaves no task behind that still waits for a line."""
    stage = Stage(kb)
    closing.append(stage)
    running = asyncio.ensure_future(stage.app.run())
    await settle()
    running.cancel()
    await stage.app.aclose()
    await asyncio.gather(running, return_exceptions=True)
    await settle()
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_open_question_is_asked_again_after_a_restart(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """A conversation that an earlier process left open goes on with its question, and its choices work."""
    first = Stage(kb, ONE_LINE, json=True)
    closing.append(first)
    running = asyncio.ensure_future(first.app.run())
    await settle()
    running.cancel()
    await first.app.aclose()
    second = Stage(kb, "1", None, json=True, store=first.store)
    closing.append(second)
    await second.app.run()
    assert second.keys == ["ask-role", "checking", "verdict"]


async def test_timers_of_other_conversations_are_left_alone(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """On the Discord bot's database, too: when the time of one of its conversations is over, a choice here still works."""
    first = Stage(kb, ONE_LINE, json=True)
    closing.append(first)
    async for _ in first.engine.handle("1234", Pasted(text=ONE_LINE)):
        pass
    first.clock.jump(600)
    running = asyncio.ensure_future(first.app.run())
    await settle()
    running.cancel()
    await first.app.aclose()
    second = Stage(kb, json=True, store=first.store)
    second.clock.jump(600)
    closing.append(second)
    running = asyncio.ensure_future(second.app.run())
    await settle()
    await second.clock.pass_time(1300)
    second.typed.lines.put_nowait("1")
    second.typed.lines.put_nowait(None)
    await running
    assert second.keys == ["ask-role", "checking", "verdict"]


async def test_look_that_was_cut_off_is_made_after_a_restart(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """What was being looked at when the process died is looked at again, and the verdict follows without a question."""
    first = Stage(kb, ONE_LINE, "visitor", json=True)
    first.checker.gate = asyncio.Event()
    closing.append(first)
    running = asyncio.ensure_future(first.app.run())
    await settle()
    running.cancel()
    await first.app.aclose()
    second = Stage(kb, "guide", None, store=first.store)
    closing.append(second)
    await second.app.run()
    text = second.out.getvalue()
    assert text.count("is down") == 1
    assert "Step 1" in text


async def test_terminal_shows_that_it_is_looking(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """In a terminal a spinner turns while checks run, and it is gone afterwards."""
    stage = Stage(kb, ONE_LINE, "visitor", None, terminal=True)
    closing.append(stage)
    await stage.app.run()
    text = stage.out.getvalue()
    assert "Looking at shop.example.com" in text
    assert text.rstrip().splitlines()[-1].strip().endswith("Stop")


async def test_interrupted_look_gives_the_cursor_back(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """Ctrl-C while the spinner turns leaves the terminal as it was: its cursor is visible again."""
    stage = Stage(kb, ONE_LINE, "visitor", terminal=True)
    stage.checker.gate = asyncio.Event()
    closing.append(stage)
    running = asyncio.ensure_future(stage.app.run())
    await settle()
    assert stage.out.getvalue().rfind("\x1b[?25l") > stage.out.getvalue().rfind("\x1b[?25h")
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert stage.out.getvalue().rfind("\x1b[?25h") > stage.out.getvalue().rfind("\x1b[?25l")
