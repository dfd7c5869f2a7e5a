"""What does the bot make of a message: an error in a watched channel, a word in its own thread, a call by name?"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.conversation.events import Cancelled, Pasted
from bot.diagnosis.identification import Identification
from bot.diagnosis.identify import identify
from bot.surfaces.discord.custom_id import short
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.screens import MessageScreen
from bot.surfaces.discord.talk import Talk

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

HUMAN_TYPES = frozenset({discord.MessageType.default, discord.MessageType.reply})
LONGEST = 16_000


class Reading:
    """Messages of all channels."""

    def __init__(self, client: Fiveohtwo, talk: Talk) -> None:
        self.client = client
        self.talk = talk

    async def message(self, message: discord.Message) -> None:
        """Take one message of a person. Most mean nothing to the bot, and cost it next to nothing."""
        if message.guild is None:
            await self._direct(message)
            return
        if isinstance(message.channel, discord.Thread):
            place = self.talk.places.of_thread(message.channel.id)
            if place is not None:
                await self._in_thread(place, message)
                return
        me = self.client.user
        if me is not None and me in message.mentions:
            await self._called(message, me)
        elif message.content:
            await self._overheard(message)

    async def _overheard(self, message: discord.Message) -> None:
        """Nobody asked: speak up only in a watched channel, only on a real plea or error, and not too often."""
        guild, channel = message.guild, message.channel
        if guild is None:
            return
        mode = self.client.modes.of(guild.id, channel.id, getattr(channel, "parent_id", None))
        if mode == "off":
            return
        found = identify(self.talk.phrases.kb, message.content)
        if not found.speak or not self._may_speak(message, found):
            return
        if mode == "offer":
            await self._hint(message)
        else:
            await self.card(message, message.content)

    def _may_speak(self, message: discord.Message, found: Identification) -> bool:
        limits = self.talk.limits
        if message.guild is None or not _can_answer(message):
            return False
        host = found.target.host if found.target else None
        again = host is not None and not limits.allows("host-channel", (message.channel.id, host))
        return (
            not again
            and limits.allows("card-user", message.author.id)
            and limits.allows("card-channel", message.channel.id)
        )

    async def _hint(self, message: discord.Message) -> None:
        """Offer help in one line; the look begins only when somebody wants it."""
        key = short(message.id)
        screen = MessageScreen(None, key, message.author.id, reply_to=message)
        phrases = self.talk.phrases
        choices = (phrases.label("look"), phrases.label("dismiss"))
        await screen.show(Panel((phrases.message("hint"),), choices=choices))
        self._remember(key, message, screen)

    async def card(self, message: discord.Message, text: str) -> None:
        """Answer a message with a card, and keep the card up to date while the checks run."""
        key = short(message.id)
        place = self.talk.places.get(key)
        old = _partial(message.channel, place.card) if place else None
        screen = MessageScreen(None, key, message.author.id, reply_to=message, message=old)
        await screen.show(Panel((self.talk.phrases.message("looking"),)))
        self._remember(key, message, screen)
        event = Pasted(id=f"m{message.id}e{int(bool(message.edited_at))}", text=text[:LONGEST], brief=True)
        await self.talk.take(key, event, screen, card=True)

    def _remember(self, key: str, message: discord.Message, screen: MessageScreen) -> None:
        if screen.message is not None:
            guild = message.guild.id if message.guild else None
            self.talk.places.put(
                Place(
                    key=key, owner=message.author.id, channel=message.channel.id, guild=guild, source=message.id,
                    card=screen.message.id,
                )
            )  # fmt: skip

    async def look(self, channel: discord.abc.Messageable, place: Place) -> None:
        """Somebody took the offered hint: read the message again and make the card."""
        try:
            message = await channel.fetch_message(place.source or 0)
        except discord.HTTPException:
            log.info("the message of a hint is gone")
            return
        await self.card(message, message.content)

    async def _called(self, message: discord.Message, me: discord.ClientUser) -> None:
        """Somebody called the bot by name: read what stands beside the name, or the message that it answers."""
        text = message.content
        for mention in (f"<@{me.id}>", f"<@!{me.id}>"):
            text = text.replace(mention, " ")
        answered = message.reference.resolved if message.reference else None
        if not text.strip() and isinstance(answered, discord.Message):
            text = answered.content
        if not text.strip() or not self.talk.limits.allows("card-user", message.author.id):
            screen = MessageScreen(None, short(message.id), message.author.id, reply_to=message)
            await screen.show(
                Panel((self.talk.phrases.message("called"),), choices=(self.talk.phrases.label("enter-paste"),))
            )
            return
        await self.card(message, text)

    async def _direct(self, message: discord.Message) -> None:
        """In a direct message everything is meant for the bot; one conversation runs in it."""
        key = short(message.channel.id)
        place = self.talk.places.get(key) or Place(key=key, owner=message.author.id, channel=message.channel.id)
        await self.talk.said(self.talk.places.put(place), message)

    async def _in_thread(self, place: Place, message: discord.Message) -> None:
        """Words of others in the thread are conversation among people, unless they call the bot."""
        me = self.client.user
        called = me is not None and me in message.mentions
        if message.content and (message.author.id == place.owner or called):
            await self.talk.said(place, message)

    async def edited(self, payload: discord.RawMessageUpdateEvent) -> None:
        """The card follows its message: read it again, or go when there is nothing left to say."""
        place = self.talk.places.of_source(payload.message_id)
        message = payload.message
        if place is None or place.thread is not None or not message.content:
            return
        if identify(self.talk.phrases.kb, message.content).match is None:
            await self.gone(payload.message_id)
        else:
            await self.card(message, message.content)

    async def gone(self, source: int) -> None:
        """A message was deleted: its card goes, too, and what is known of it."""
        place = self.talk.places.of_source(source)
        if place is None:
            return
        channel = self.client.get_channel(place.channel)
        card = _partial(channel, place.card)
        if card is not None and place.thread is None:
            try:
                await card.delete()
            except discord.HTTPException:
                log.info("card not removed")
        if place.thread is None:
            await self.forget(place)

    async def left(self, thread: int, user: int | None = None) -> None:
        """The thread is gone, or its person left it: end quietly."""
        place = self.talk.places.of_thread(thread)
        if place is None or (user is not None and user != place.owner):
            return
        async for _ in self.talk.engine.handle(place.key, Cancelled()):
            pass
        await self.talk.after(place.key)
        if user is None:
            await self.forget(place)

    async def forget(self, place: Place) -> None:
        """Forget a conversation altogether."""
        await self.talk.engine.forget(place.key)
        self.talk.places.forget(place.key)


def _partial(channel: object, message: int | None) -> discord.PartialMessage | None:
    if message is None or not isinstance(channel, discord.TextChannel | discord.Thread | discord.VoiceChannel):
        return None
    return channel.get_partial_message(message)


def _can_answer(message: discord.Message) -> bool:
    """Tell whether the bot may answer here; where it may not, it stays silent."""
    guild, channel = message.guild, message.channel
    if guild is None or guild.me is None or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    granted = channel.permissions_for(guild.me)
    in_thread = isinstance(channel, discord.Thread)
    return granted.view_channel and (granted.send_messages_in_threads if in_thread else granted.send_messages)
