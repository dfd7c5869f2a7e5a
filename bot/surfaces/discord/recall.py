"""How does the bot go on after a restart: what does it remember, and what did the process before it leave unsaid?

A panel that was committed and not shown is shown in its place: that is an edit, so nobody sees it twice. What only one
person was to see can no longer be edited; their next click brings the current question.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING

from bot.ports import Shard, StoreUnavailable
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.screens import UNREACHABLE, MessageScreen, Screen
from bot.surfaces.discord.talk import Talk

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

WITHIN_S = 3.0
"""At start nobody waits longer than this for the stored places; they follow when the store answers."""
AGAIN_AFTER_S = 5.0
AT_ONCE = 8
"""How many conversations are resumed at a time."""


class Recall:
    """One start of the client."""

    def __init__(self, client: Fiveohtwo, talk: Talk) -> None:
        self._client = client
        self._talk = talk
        self._remembered = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self._taking: set[asyncio.Future[None]] = set()

    async def begin(self) -> None:
        """Remember places and modes (as long as that does not take too long), and resume in the background."""
        self._running = asyncio.ensure_future(self._run())
        known = asyncio.ensure_future(self._remembered.wait())
        await asyncio.wait({known, self._running}, timeout=WITHIN_S, return_when=asyncio.FIRST_COMPLETED)
        known.cancel()

    async def aclose(self) -> None:
        """Stop; what was not resumed is still pending."""
        tasks = [task for task in (self._running, *self._taking) if task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._client.modes.load()
                await self._talk.places.load()
                keys = await self._talk.engine.recall(self._is_ours)  # before any event: what this process begins
                self._remembered.set()  # itself must not be resumed beside it
                break
            except StoreUnavailable as error:
                log.warning("nothing is remembered yet, the store is away: %s", error)
                await asyncio.sleep(AGAIN_AFTER_S)
        await self._client.wait_until_ready()
        await self._resume_all(keys)

    async def take_over(self, shards: frozenset[Shard]) -> None:
        """Go on with the conversations of shards that nobody is responsible for, as their process left them."""
        await self._talk.places.load(lambda place: is_of(place, shards))
        keys = await self._talk.engine.recall(lambda key: self._known_of(key, shards))
        task = asyncio.ensure_future(self._resume_all(keys))
        self._taking.add(task)
        task.add_done_callback(self._taking.discard)

    def let_go(self, shards: frozenset[Shard]) -> None:
        """Leave these shards to their own process; a look under way ends, and is accepted once."""
        self._talk.engine.let_go(lambda key: self._known_of(key, shards))

    def shards(self) -> frozenset[Shard]:
        """Return the shards that this process is connected to."""
        count = self._client.shard_count or 1
        ids = self._client.shard_ids
        return frozenset(Shard(number, count) for number in (range(count) if ids is None else ids))

    async def _resume_all(self, keys: Iterable[str]) -> None:
        gate = asyncio.Semaphore(AT_ONCE)
        places = [place for key in keys if (place := self._talk.places.get(key)) is not None]
        await asyncio.gather(*(self._resume(place, gate) for place in places))

    def _is_ours(self, key: str) -> bool:
        return self._known_of(key, self.shards())

    def _known_of(self, key: str, shards: frozenset[Shard]) -> bool:
        place = self._talk.places.get(key)
        return place is not None and is_of(place, shards)

    async def _resume(self, place: Place, gate: asyncio.Semaphore) -> None:
        async with gate:
            try:
                screen = await self._screen_of(place)
                await self._talk.show(place, self._talk.engine.resume(place.key, hold=True), screen)
                if place.kind == "card" and isinstance(screen, MessageScreen):
                    await self._client.reading.take_back(place.key, screen)
                await self._talk.after(place.key)
            except Exception:
                log.exception("a conversation could not be resumed", extra={"conversation": place.key})

    async def _screen_of(self, place: Place) -> Screen:
        """Return its panel; where none was shown yet, a new one: in the thread, the direct messages, or as the card."""
        channel = self._client.get_partial_messageable(place.channel)
        if place.message is not None or place.kind == "private":
            return self._talk.screen_of(place)
        if place.kind != "card":
            return MessageScreen(channel)
        if place.source is None:
            return self._talk.screen_of(place)
        try:
            screen = self._client.reading.screen_of(place, await channel.fetch_message(place.source))
        except UNREACHABLE as error:
            log.info("pasted message not read again", extra={"code": getattr(error, "code", None)})
            return self._talk.screen_of(place)
        screen.resumes = True
        return screen


def is_of(place: Place, shards: frozenset[Shard]) -> bool:
    """Tell whether a conversation is held in a server of one of these shards; direct messages are the first one's."""
    return any(((place.guild or 0) >> 22) % shard.total == shard.number for shard in shards)
