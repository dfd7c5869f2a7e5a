"""Does an interaction leave one line when it is over, whatever becomes of it?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.surfaces.discord import journal


async def handled(work: Callable[[], Awaitable[None]], caplog: pytest.LogCaptureFixture) -> list[Any]:
    caplog.set_level(logging.INFO, journal.log.name)
    await asyncio.gather(asyncio.ensure_future(work()), return_exceptions=True)
    await asyncio.sleep(0)
    return [record for record in caplog.records if record.message == "interaction"]


async def test_line_comes_when_the_task_ends(caplog: pytest.LogCaptureFixture) -> None:
    """One line with the place and the time; what nobody acknowledged is called so."""

    async def work() -> None:
        journal.begin("component", "guide", 1, 2)
        await asyncio.sleep(0.01)
        assert caplog.records == []

    (line,) = await handled(work, caplog)
    assert (line.kind, line.action, line.guild, line.channel) == ("component", "guide", 1, 2)
    assert (line.outcome, line.ack_ms) == (journal.UNACKNOWLEDGED, None)
    assert line.duration_ms >= 9


@pytest.mark.parametrize("what", [None, "slow-down"])
async def test_failure_stays_one(caplog: pytest.LogCaptureFixture, what: str | None) -> None:
    """An error that leaves the task, and one that was told of, both count as failed."""

    async def work() -> None:
        journal.begin("command", "check", 1, 2)
        if what is None:
            raise ValueError
        journal.ended(journal.FAILED)
        journal.ended(what)

    (line,) = await handled(work, caplog)
    assert line.outcome == journal.FAILED


async def test_message_that_needs_no_answer_is_silent(caplog: pytest.LogCaptureFixture) -> None:
    """A message need not be answered; an outcome that was named stays as it was named."""

    async def work() -> None:
        journal.begin("message", "pasted", 1, 2)

    async def joined() -> None:
        journal.begin("message", "pasted", 1, 2)
        journal.ended("joined")

    assert [line.outcome for line in await handled(work, caplog)] == ["silent"]
    assert [line.outcome for line in await handled(joined, caplog)] == ["silent", "joined"]


async def test_nothing_is_kept_where_nothing_is_written(caplog: pytest.LogCaptureFixture) -> None:
    """At a higher level no line is begun, and outcomes fall away."""

    async def work() -> None:
        journal.begin("command", "check", None, None)
        journal.ended("slow-down")

    caplog.set_level(logging.WARNING, journal.log.name)
    await asyncio.ensure_future(work())
    assert caplog.records == []
