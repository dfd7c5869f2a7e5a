"""May the bot speak up where nobody asked it: as the channel's mode says, where it can, and not too often?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import discord
from cachetools import LRUCache

from bot.diagnosis.identification import Identification
from bot.surfaces.discord.custom_id import short
from bot.surfaces.discord.joining import Joining
from bot.surfaces.discord.modes import Mode

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

MOST = 20_000
"""For how many hosts in channels the message that brought them up is remembered."""


class Unasked:
    """Messages that are not meant for the bot."""

    def __init__(self, client: Fiveohtwo, joining: Joining) -> None:
        self._client = client
        self._joining = joining
        self._raised: LRUCache[tuple[int, str], str] = LRUCache(MOST)
        """Channel and host -> the conversation that the bot last spoke up for there."""

    def mode(self, message: discord.Message) -> Mode:
        """Return the mode of a message's channel; while it is not known, it is off."""
        guild, channel = message.guild, message.channel
        if guild is None or not self._client.modes.loaded:
            return "off"
        return self._client.modes.of(guild.id, channel.id, getattr(channel, "parent_id", None))

    async def may_speak(self, message: discord.Message, found: Identification) -> bool:
        """Ask about the host last: a refused card must not silence the host for everybody else."""
        limits, channel = self._client.limits, message.channel.id
        where = (channel, found.address.host) if found.address else None
        if where is not None:
            await self._let_go(where)
        allowed = (
            limits.allows("card-user", message.author.id)
            and limits.allows("card-channel", channel)
            and limits.allows("host-channel", where)
        )
        if allowed and where is not None:
            self._raised[where] = short(message.id)
        return allowed

    def take_back(self, message: discord.Message) -> None:
        """Discord refused what the bot had to say: that counts against nobody."""
        key = short(message.id)
        for where in [where for where, raised in self._raised.items() if raised == key]:
            del self._raised[where]
            self._client.limits.release("host-channel", where)
        self._client.limits.release("card-user", message.author.id)

    async def _let_go(self, where: tuple[int, str]) -> None:
        """A card silences its host in its channel as long as it is there to be read, and about that host."""
        key = self._raised.get(where)
        if key is not None and not await self._joining.stands_for(key, where[1]) and self._raised.get(where) == key:
            del self._raised[where]
            self._client.limits.release("host-channel", where)


def can_answer(message: discord.Message) -> bool:
    """Tell whether the bot may answer here; where it may not, it stays silent."""
    guild, channel = message.guild, message.channel
    if guild is None or guild.me is None or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    granted = channel.permissions_for(guild.me)
    in_thread = isinstance(channel, discord.Thread)
    return granted.view_channel and (granted.send_messages_in_threads if in_thread else granted.send_messages)
