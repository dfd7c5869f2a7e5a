"""Which runner do tests of looks use? One over sites on loopback, with a clock and a server that stand still."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.checks.runner import Runner

NAME = "www.site.test"


class Clock:
    """A monotonic clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def make(lo: Any, clock: Clock | None = None, **settings: Any) -> Runner:
    """Return a runner whose only site is at 127.0.0.2."""
    reach = lo.reach({NAME: lo.answer("127.0.0.2")}, **settings)
    return Runner(replace(reach, monotonic=clock) if clock else reach, now=lambda: datetime(2026, 11, 24, tzinfo=UTC))


class Gate:
    """A server that answers when it is told to."""

    def __init__(self, lo: Any) -> None:
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.closed = asyncio.Event()
        self._answer = lo.reply()

    async def __call__(self, reader: Any, writer: Any) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return  # a knock
        self.asked.set()
        waiting = asyncio.ensure_future(self.open.wait())
        gone = asyncio.ensure_future(reader.read())
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.closed.set()
        waiting.cancel()
        gone.cancel()
        writer.write(self._answer)
