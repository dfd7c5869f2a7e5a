"""What does the bot make of a message: an error in a watched channel, a word in its own thread, a call by name?"""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakValueDictionary

import discord
from cachetools import LRUCache

from bot.conversation.events import Pasted
from bot.conversation.opening import address_in
from bot.conversation.state import State
from bot.conversation.step import meaning
from bot.diagnosis.identification import Identification
from bot.diagnosis.identify import identify, is_ordinary
from bot.diagnosis.targets import from_input
from bot.surfaces.discord.access import moderates
from bot.surfaces.discord.custom_id import Tag, mark_of, short
from bot.surfaces.discord.files import has_files, read_files, text_files
from bot.surfaces.discord.joining import Joining
from bot.surfaces.discord.journal import begin, ended
from bot.surfaces.discord.lost import forgotten, recall
from bot.surfaces.discord.places import Place, is_ours
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.replying import hear, slow_down
from bot.surfaces.discord.screens import UNREACHABLE, MessageScreen
from bot.surfaces.discord.talk import Talk, blank
from bot.surfaces.discord.unasked import Unasked, can_answer

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

HUMAN_TYPES = (discord.MessageType.default, discord.MessageType.reply)
LONGEST = 16_000
MOST_THREADS = 2000
"""How many of our threads without a known conversation are remembered, so as not to look there again."""


async def whole_text_of(message: discord.Message, *, asked: bool = True) -> str:
    """Return everything that a message says, with the texts attached to it."""
    files = text_files(message, asked=asked) if has_files(message) else None
    if not files:
        return text_of(message)
    return "\n".join(filter(None, (text_of(message), await read_files(files))))[:LONGEST]


def text_of(message: discord.Message) -> str:
    """Return everything that a message says: its text, what it forwards, and the cards that other bots wrote.

    A person's message has only link previews below it, which say what others wrote on another page.
    """
    cards = message.embeds if message.author.bot or message.webhook_id is not None else []
    if not message.message_snapshots and not cards:
        return message.content[:LONGEST]
    passed_on = message.message_snapshots
    parts: list[str | None] = [message.content, *(snapshot.content for snapshot in passed_on)]
    alerts = [embed for snapshot in passed_on for embed in snapshot.embeds if embed.type == "rich"]
    for embed in (*cards, *alerts):
        parts += [embed.title, embed.description, *(f"{field.name}: {field.value}" for field in embed.fields)]
    return "\n".join(filter(None, parts))[:LONGEST]


class Read(NamedTuple):
    """What a message gives to look at."""

    text: str
    own: bool = True
    """False: it is in the message that was replied to, so the caller has not met the error themselves."""


class Reading:
    """Messages of all channels."""

    def __init__(self, client: Fiveohtwo, talk: Talk) -> None:
        self.client = client
        self.talk = talk
        self._kb = talk.phrases.kb
        self.joining = Joining(client, talk)
        self.unasked = Unasked(client, self.joining)
        self._looked_up: LRUCache[int, Place | None] = LRUCache(MOST_THREADS)
        self._screens: WeakValueDictionary[str, MessageScreen] = WeakValueDictionary()
        """Cards that are being shown, by conversation."""

    def passes_over(self, message: discord.Message) -> bool:
        """Is it ordinary talk in a channel? Nearly everything is, so this is asked first, and costs next to nothing."""
        content = message.content
        return (
            is_ordinary(self._kb, content)
            and "<@" not in content
            and not (message.embeds or message.attachments or message.message_snapshots)
            and message.guild is not None
            and not isinstance(message.channel, discord.Thread)
        )

    async def message(self, message: discord.Message) -> None:
        """Take one person's message that is not ignored."""
        if message.guild is None:
            await self._direct(message)
            return
        content, called = message.content, self.calls(message)
        place = await self._place_of_thread(message.channel) if isinstance(message.channel, discord.Thread) else None
        if place is not None:
            await self._in_thread(place, message, called=called)
        elif called:
            await self._called(message)
        elif content or message.message_snapshots or message.attachments:
            await self._overheard(message)

    def calls(self, message: discord.Message) -> bool:
        """Tell whether a message calls the bot by name."""
        return "<@" in message.content and any(name in message.content for name in self._names())

    def _names(self) -> tuple[str, ...]:
        me = self.client.user
        return (f"<@{me.id}>", f"<@!{me.id}>") if me is not None else ()

    def _nameless(self, text: str) -> str:
        for name in self._names():
            text = text.replace(name, " ")
        return text

    async def read(self, message: discord.Message) -> Read:
        """Read a message; of a call by name what is beside the name, or the message that it replies to."""
        text = await whole_text_of(message)
        if not self.calls(message):
            return Read(text)
        text = self._nameless(text)
        answered = None if self.tells(text) else await self._answered(message)
        other = await whole_text_of(answered) if answered is not None else ""
        return Read(other, own=False) if self.tells(other) or not text.strip() else Read(text)

    def tells(self, text: str) -> bool:
        """Tell whether there is an error or an address in a text."""
        found = identify(self._kb, text)
        return found.match is not None or found.address is not None or from_input(text) is not None

    async def _answered(self, message: discord.Message) -> discord.Message | None:
        """Return the message that a message replies to; Discord does not always send it along."""
        reference = message.reference
        if reference is None or reference.message_id is None:
            return None
        if reference.resolved is not None:
            return reference.resolved if isinstance(reference.resolved, discord.Message) else None
        try:
            return await self.client.get_partial_messageable(reference.channel_id).fetch_message(reference.message_id)
        except UNREACHABLE as error:
            log.info("answered message not read", extra={"code": getattr(error, "code", None)})
            return None

    async def _place_of_thread(self, channel: discord.Thread) -> Place | None:
        """Return the conversation of a thread; one of ours that nobody remembers is looked up once."""
        place = self.talk.places.of_thread(channel.id)
        if place is not None or not is_ours(channel):
            return place
        if channel.id not in self._looked_up:
            self._looked_up[channel.id] = await recall(self.talk, channel)
        return self._looked_up.get(channel.id)

    async def _overheard(self, message: discord.Message) -> None:
        """Nobody asked: speak up only in a watched channel, only on a real plea or error, and not too often."""
        mode = self.unasked.mode(message)
        if mode == "off":
            return
        text = await whole_text_of(message, asked=False)
        found = identify(self.talk.phrases.kb, text)
        said = Pasted(id=f"m{message.id}", text=text, brief=True, overheard=True)
        if not can_answer(message):
            return
        if not found.speak:
            if found.match is not None and found.address is not None:
                await self.joining.follow(message, found.address.host, said)
            return
        _begin("pasted", message)
        await self.joining.note(message, found)
        if found.address is not None and await self.joining.join(message, found.address.host, said):
            ended("joined")
            return
        if not await self.unasked.may_speak(message, found):
            return
        if mode == "offer":
            await self._hint(message)
        else:
            await self._card(message, text)

    async def _hint(self, message: discord.Message) -> None:
        """Offer help in one line; the look begins only when somebody wants it."""
        await self._offer(message, "hint", "look")

    async def _offer(self, message: discord.Message, key: str, choice: str) -> None:
        if self.talk.places.get(short(message.id)) is not None:
            return  # Discord delivered the message a second time
        phrases, place = self.talk.phrases, self.talk.places.put(_place_of(message))
        choices = (phrases.label(choice), phrases.label("dismiss"))
        panel = Panel((phrases.message(key),), choices=choices, tag=_tag(place))
        screen = self.screen_of(place, message)
        stands = await screen.show(panel)
        await self._settled(place.key, message, screen, stands=stands)

    def screen_of(self, place: Place, message: discord.Message) -> MessageScreen:
        """Return the card's screen: a reply to the message, or the card that it has already.

        Concurrent turns share one screen, else each would send a card of its own.
        """
        screen = self._screens.get(place.key)
        if screen is None:
            old = self.talk.message(place.channel, place.message) if place.message is not None else None
            sent = partial(self._sent, place.key)
            screen = MessageScreen(message.channel, reply_to=message, message=old, sent=sent, name=f"card-{place.key}")
            self._screens[place.key] = screen
        return screen

    async def _settled(self, key: str, message: discord.Message, screen: MessageScreen, *, stands: bool) -> None:
        """A card that Discord never accepted does not count: nobody is pointed to it, and the next to ask gets one."""
        if self.client.following.is_gone(message.id):
            await self.talk.forget(key)
        elif not stands and screen.message is None:
            await self.talk.forget(key)
            self.unasked.take_back(message)
        if not self.client.following.is_gone(message.channel.id):
            await self.take_back(key, screen)

    async def take_back(self, key: str, screen: MessageScreen) -> None:
        """Leave no card behind if its message went, or the card was dismissed, while it was being shown."""
        if self.talk.places.get(key) is None:
            await screen.remove()

    def _sent(self, key: str, message: int) -> None:
        self.talk.places.change(key, message=message)

    async def look(self, place: Place) -> bool:
        """Somebody accepted the offer: read the message again and make the card; False if it is gone."""
        if place.key in await self.client.forgetting.hear():
            return False
        try:
            message = await self.client.get_partial_messageable(place.channel).fetch_message(place.source or 0)
        except UNREACHABLE:
            return False
        return await self.again(message, place)

    async def again(self, message: discord.Message, place: Place) -> bool:
        """Read a message once more, for the card that it has; False when it may not be read, or the card goes."""
        known = self.talk.places.get(place.key)
        text = (await self.read(message)).text
        if not text.strip() or (known is not None and self.talk.places.get(place.key) is None):
            return False
        await self._card(message, text, place)
        return True

    async def _card(self, message: discord.Message, text: str, place: Place | None = None) -> None:
        """Answer a message with a card, and keep the card up to date while the checks run."""
        edited = message.edited_at.timestamp() if message.edited_at else 0.0
        known = self.talk.places.get(short(message.id)) or place or _place_of(message)
        event = Pasted(id=f"m{message.id}e{edited}", text=text, brief=True, overheard=True)
        public = known.public or address_in(self._kb, event) is not None
        place = self.talk.places.put(replace(known, edited=edited, public=public))
        screen = self.screen_of(place, message)
        turn = await self.talk.take(place, event, screen)
        await self._settled(place.key, message, screen, stands=turn.stands)

    async def _called(self, message: discord.Message) -> None:
        """Somebody called the bot by name: read what they point at."""
        if not can_answer(message) or not self.client.limits.allows("call-user", message.author.id):
            return
        _begin("called", message)
        if await hear(self.client, self.talk, message, self._nameless(message.content)):
            return
        text, own = await self.read(message)
        found = identify(self._kb, text)
        if own:
            await self.joining.note(message, found)
        if text.strip():
            if await self._may_look(message, text, found, State()):
                await self._card(message, text)
            else:
                await slow_down(self.talk, message)
            return
        await self._offer(message, "unread" if has_files(message) else "called", "enter-paste")

    async def _direct(self, message: discord.Message) -> None:
        """In a direct message everything is meant for the bot; one conversation runs in it."""
        _begin("direct", message)
        key = short(message.channel.id)
        place = self.talk.places.get(key) or Place(key, "direct", message.author.id, message.channel.id)
        await self._said(self.talk.places.put(place), message)

    async def _in_thread(self, place: Place, message: discord.Message, *, called: bool) -> None:
        """Others' words are talk among people; those who call the bot get a card, a moderator drives this one."""
        if message.author.id == place.owner or (called and moderates(message)):
            _begin("said", message)
            self._looked_up.pop(message.channel.id, None)
            await self._said(self.talk.places.put(place), message)
        elif called:
            await self._called(message)

    async def _said(self, place: Place, message: discord.Message) -> None:
        """Hand over free text, unless somebody floods, or asks for too many looks at somebody's server."""
        text = await whole_text_of(message)
        text = self._nameless(text).strip() or text
        silent = not text.strip() and not (has_files(message) or message.message_snapshots)
        if silent or not self.client.limits.allows("user", message.author.id):
            return
        if not text.strip():
            await self._tell_unread(place, message)
            return
        found, state = identify(self.talk.phrases.kb, text), await self.talk.state_or_none(place.key)
        if state is not None and blank(state) and place.key in await self.client.forgetting.hear():
            place = self.talk.places.put(place)  # what was deleted stays deleted; what is said now starts afresh
        await self.joining.note(message, found)
        if place.kind == "thread" and state is not None and blank(state) and not self.tells(text):
            panel = forgotten(self.talk.phrases, _tag(place))
            await MessageScreen(message.channel).show(panel)
            return
        if not await self._may_look(message, text, found, state or State()):
            await slow_down(self.talk, message)
            return
        await self.talk.said(place, message, text)

    async def _tell_unread(self, place: Place, message: discord.Message) -> None:
        """Say that a picture, or another file, cannot be read, and take the text by form."""
        phrases = self.talk.phrases
        panel = Panel((phrases.message("unread"),), choices=(phrases.label("enter-paste"),), tag=_tag(place))
        await MessageScreen(message.channel, reply_to=message).show(panel)

    async def _may_look(self, message: discord.Message, text: str, found: Identification, state: State) -> bool:
        """Count words that make the bot look at somebody's server just like the buttons with the same meaning."""
        limits, who, where = self.client.limits, message.author.id, message.guild.id if message.guild else None
        again = found.match is not None and state.url is not None  # another error of the same site
        if again or found.address is not None or from_input(text) is not None:
            return await limits.may_check(who, where)
        return await limits.may_choose(meaning(self._kb, state, text), who, where)


def _place_of(message: discord.Message) -> Place:
    guild = message.guild.id if message.guild else None
    return Place(short(message.id), "card", message.author.id, message.channel.id, guild, source=message.id)


def _tag(place: Place) -> Tag:
    return Tag(place.key, place.owner, mark_of(State()))


def _begin(name: str, message: discord.Message) -> None:
    begin("message", name, message.guild.id if message.guild else None, message.channel.id)
