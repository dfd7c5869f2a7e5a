"""What happens when a message or a thread changes or goes: does the card, does the conversation go with it?"""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

import discord
from cachetools import LRUCache

from bot.conversation.events import Cancelled
from bot.diagnosis.identify import identify
from bot.ports import StoreUnavailable
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.reading import whole_text_of
from bot.surfaces.discord.removing import Removing
from bot.surfaces.discord.talk import Talk, blank
from bot.surfaces.discord.threads import close_thread

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

MOST_GONE = 10_000
"""Deleted messages and channels to remember, so that none is answered that was being read when it went."""


class Following:
    """Cards and threads of all servers."""

    def __init__(self, client: Fiveohtwo, talk: Talk) -> None:
        self.client = client
        self.talk = talk
        self.removing = Removing(talk.message)
        self._gone: LRUCache[int, bool] = LRUCache(MOST_GONE)

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """The card follows its message: read it again, or go when there is nothing left to say.

        Discord also reports an "edit" when it adds a link's preview; only people's edits have a time. One that came
        when there were too many looks is followed when Discord reports it again.
        """
        place, message = self.talk.places.of_message(payload.message_id), payload.message
        if place is None or payload.message_id != place.source or message.edited_at is None:
            return
        at = message.edited_at.timestamp()
        if at == place.edited or not message.content:
            return
        if not await self._still_asks(place, message):
            await self.gone(payload.message_id)
        elif await self._is_wanted(place, message) and await self.client.limits.may_check(place.owner, place.guild):
            self.talk.places.change(place.key, edited=at)
            await self.client.reading.again(message, place)

    async def _is_wanted(self, place: Place, message: discord.Message) -> bool:
        """Tell whether a look was asked for or made before; where help was only offered, an edit does not accept it."""
        if self.client.reading.calls(message):
            return True
        try:
            return not blank(await self.talk.engine.state(place.key))
        except StoreUnavailable:
            return True  # then its event waits anyway, and a skipped edit never comes again

    async def _still_asks(self, place: Place, message: discord.Message) -> bool:
        """Tell whether there is something to answer: an error, or an address if somebody called the bot.

        A call that said nothing from the start still asks: its card does not go because somebody corrects a letter.
        """
        reading = self.client.reading
        if reading.calls(message):
            if reading.tells((await reading.read(message)).text):
                return True
            state = await self.talk.state_or_none(place.key)
            return state is not None and state.known is None and state.host is None
        return identify(self.talk.phrases.kb, await whole_text_of(message, asked=False)).match is not None

    async def gone(self, message: int) -> None:
        """A message was deleted: its card goes, too; a card that was deleted is dismissed."""
        self._gone[message] = True
        place = self.talk.places.of_message(message)
        if place is None:
            return
        goes = [self.take_away(place)] if message == place.source else []
        await asyncio.gather(self.talk.forget(place.key), *goes)  # the card goes, also while the store is away

    def is_gone(self, this: int) -> bool:
        """Tell whether a message, or a channel, was deleted a moment ago: what was being made from it goes, too."""
        return this in self._gone

    async def take_away(self, place: Place) -> bool:
        """Delete a card, take the buttons off a thread's panel and close the thread, as far as the bot can reach it.

        False: the card is still there, and is tried again.
        """
        if place.kind == "card":
            return await self.removing.remove(place)
        if place.kind == "thread" and place.message is not None:
            await self.talk.retire(place.channel, place.message, "wiped")
            await close_thread(self.client, place.channel)
        return True

    async def left(self, thread: int) -> None:
        """The thread's person left it, or it was locked: end quietly, and close it."""
        place = self.talk.places.of_thread(thread)
        if place is None:
            return
        async for _ in self.talk.engine.handle(place.key, Cancelled()):
            pass
        await self.talk.after(place.key)

    async def thread_gone(self, thread: int) -> None:
        """The thread was deleted: its conversation is forgotten, and the card may open another one."""
        place = self.talk.places.of_thread(thread)
        if place is None:
            return
        if place.origin is not None:
            self.talk.places.change(place.origin, thread=None)
        await self.talk.forget(place.key)

    async def channel_gone(self, channel: int) -> None:
        """A channel was deleted: so were its cards."""
        self._gone[channel] = True
        await asyncio.gather(*(self.talk.forget(place.key) for place in self.talk.places.of_channel(channel)))

    async def server_gone(self, guild: int) -> None:
        """A server removed the bot: forget all of it."""
        await self.client.forget_server(guild)

    async def servers_gone(self) -> None:
        """Servers that removed the bot while it was away are simply no longer there: forget them, too.

        A process knows the servers of its own shards only; those that Discord cannot reach are among them.
        """
        own, total = self.client.shard_ids, self.client.shard_count or 1

        def known(guild: int) -> bool:
            ours = own is None or (guild >> 22) % total in own
            return not ours or self.client.get_guild(guild) is not None

        for guild in await self.client.forgetting.unknown(known):
            log.warning("a server has removed the bot meanwhile: all of it is forgotten", extra={"guild": guild})
            await self.client.forget_server(guild)
