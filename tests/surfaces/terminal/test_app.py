"""Is a whole conversation held, by script and by hand, without losing a line?"""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator

import pytest
from rich.console import Console

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

    def __init__(self, kb: KnowledgeBase, *lines: str | None, json: bool = False, terminal: bool = False) -> None:
        self.clock = HandClock()
        ids = iter(numbered_ids())
        self.engine = Engine(kb, MemoryStore(), ScriptedChecker(seen(502)), self.clock, lambda: next(ids))
        self.typed = Typed(*lines)
        self.out = io.StringIO()
        console = Console(file=self.out, force_terminal=terminal, width=120)
        self.app = App(self.engine, Words(kb, "en"), console, self.typed, json=json)


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
    keys = [json.loads(line)["reply"] for line in stage.out.getvalue().splitlines()]
    assert keys == ["restarted", "recognised", "ask-role", "checking", "verdict", "plan", "step"]


async def test_quit_ends_before_the_rest_of_the_input(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """After quit nothing more is read."""
    stage = Stage(kb, "quit", ONE_LINE, None)
    closing.append(stage)
    await stage.app.run()
    assert "recognised" not in stage.out.getvalue()
    assert stage.typed.lines.qsize() == 2


async def test_silence_is_told_and_the_line_being_typed_is_kept(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """While somebody thinks, the conversation falls asleep; what they type then goes on where it was."""
    stage = Stage(kb, ONE_LINE)
    closing.append(stage)
    running = asyncio.ensure_future(stage.app.run())
    await settle()
    await stage.clock.pass_time(1801)
    await settle()
    assert "Still there?" in stage.out.getvalue()
    stage.typed.lines.put_nowait("visitor")
    stage.typed.lines.put_nowait(None)
    await running
    assert "is down" in stage.out.getvalue()


async def test_terminal_shows_that_it_is_looking(kb: KnowledgeBase, closing: list[Stage]) -> None:
    """In a terminal a spinner turns while checks run, and it is gone afterwards."""
    stage = Stage(kb, ONE_LINE, "visitor", None, terminal=True)
    closing.append(stage)
    await stage.app.run()
    text = stage.out.getvalue()
    assert "Looking at shop.example.com" in text
    assert text.rstrip().splitlines()[-1].strip().endswith("Stop")
