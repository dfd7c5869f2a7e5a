"""Whose words wait for a store that is away, and what are they told if it does not come back?

Until it is back, what somebody said or pressed is only in this process's memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Any

from bot.conversation.state import State
from bot.engine.run import Output
from bot.ports import StoreUnavailable
from bot.surfaces.discord.custom_id import tag_of
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import Panel
from bot.wording import Message

UNKEPT = "store-away"
AWAY = frozenset({UNKEPT, "result-waits"})
"""What the engine says while the store is away; the result of a look outlasts this process."""
TOLD_WITHIN_S = 4.0
"""A supervisor that stops the bot kills it after some seconds."""

Put = Callable[[Panel], Awaitable[object]]
"""Shows a panel where the turn is shown."""


class NotKept(Exception):  # noqa: N818 - names what happened
    """What somebody said or pressed is given up: the store was away for too long."""


class Waiting:
    """Turns of one process that wait."""

    def __init__(self, phrases: Phrases) -> None:
        self._phrases = phrases
        self._turns: dict[asyncio.Task[Any] | None, tuple[Place, Put]] = {}

    async def through(self, outputs: AsyncIterator[Output], place: Place, put: Put) -> AsyncIterator[Output]:
        """Pass on what the engine gives out; show that a turn waits. Raises NotKept when its event is given up."""
        turn = asyncio.current_task()
        try:
            async for output in outputs:
                if not isinstance(output, Message) or output.key not in AWAY:
                    self._turns.pop(turn, None)
                    yield output
                    continue
                if output.key == UNKEPT:
                    self._turns[turn] = place, put
                await put(Panel((output,)))
        except StoreUnavailable as error:
            if turn in self._turns:
                raise NotKept from error
            raise
        finally:
            self._turns.pop(turn, None)

    def panel(self, place: Place) -> Panel:
        """Say that something was not kept, and how to say it again."""
        tag = tag_of(place.key, place.owner, State())
        return Panel((self._phrases.message("not-kept"),), choices=(self._phrases.label("enter-paste"),), tag=tag)

    async def aclose(self) -> None:
        """Give up all that waits, and say so, as far as Discord can be reached."""
        turns, self._turns = self._turns, {}
        for turn in filter(None, turns):
            turn.cancel()
        told = (put(self.panel(place)) for place, put in turns.values())
        with suppress(TimeoutError):
            await asyncio.wait_for(asyncio.gather(*told), TOLD_WITHIN_S)
