"""Where in Discord does each conversation live? On a card, in a thread, in direct messages, or seen by one person."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import discord
from cachetools import LRUCache

from bot.engine.company import Whose
from bot.ports import Asker, KeptPlace, PlaceBook
from bot.surfaces.discord.access import is_guest
from bot.surfaces.discord.custom_id import Click

log = logging.getLogger(__name__)

MOST = 20_000
"""How many conversations' places are remembered; the oldest is forgotten first, and its buttons still work."""

Kind = Literal["card", "thread", "direct", "private"]


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation's place. All ids are snowflakes."""

    key: str
    kind: Kind
    owner: int
    channel: int
    """Where its message is; for a thread the thread itself."""
    guild: int | None = None
    source: int | None = None
    """The message that somebody pasted."""
    message: int | None = None
    """Our message: the card, or the panel with the present step."""
    thread: int | None = None
    """The thread that was opened from this card."""
    origin: str | None = None
    """The card (its conversation) that this thread was opened from."""
    edited: float = 0.0
    """When the pasted message was last edited, as far as we followed it."""
    public: bool = False
    """The address is in the pasted message; otherwise it came from a form, and others are told only its site."""
    guest: bool = False
    """Nobody invited the bot there: it can show something only as the answer to an interaction."""


class Places:
    """All places, found by conversation, by thread, and by the messages that belong to a card."""

    def __init__(self, book: PlaceBook) -> None:
        self._book = book
        self._by_key: LRUCache[str, Place] = LRUCache(MOST)
        self._by_thread: LRUCache[int, str] = LRUCache(MOST)
        self._by_message: LRUCache[int, str] = LRUCache(2 * MOST)

    async def load(self, theirs: Callable[[Place], bool] = lambda _: False) -> None:
        """Read what other processes remember; what this one knows itself is newer, except for their conversations."""
        for kept in await self._book.all():
            place = read(kept)
            if place is not None and (place.key not in self._by_key or theirs(place)):
                self._index(place)

    async def all_of_owner(self, owner: int) -> list[Place]:
        """Return all places of one person, with those that other processes remember."""
        kept = [read(one) for one in await self._book.all() if one.owner == str(owner)]
        mine = (*filter(None, kept), *self.of_owner(owner))
        return list({place.key: place for place in mine}.values())

    def put(self, place: Place) -> Place:
        """Remember a place, or what changed in it, beyond this process."""
        changed = self._by_key.get(place.key) != place
        self._index(place)
        if changed:
            self.keep(place.key)
        return place

    def keep(self, key: str) -> bool:
        """Keep what is known about a place beyond this process, even if that was done before: it may be deleted there.

        False if nothing is known about it.
        """
        place = self._by_key.get(key)
        if place is not None:
            server = str(place.guild) if place.guild is not None else None
            self._book.put(KeptPlace(place.key, str(place.owner), json.dumps(asdict(place)), server))
        return place is not None

    def _index(self, place: Place) -> Place:
        self._by_key[place.key] = place
        if place.kind == "thread":
            self._by_thread[place.channel] = place.key
        if place.kind == "card":
            for message in filter(None, (place.source, place.message)):
                self._by_message[message] = place.key
        return place

    def change(self, key: str, **changes: Any) -> Place | None:
        """Change what is known about a place, if it is known at all."""
        place = self._by_key.get(key)
        return self.put(replace(place, **changes)) if place is not None else None

    def get(self, key: str) -> Place | None:
        """Return the place of a conversation."""
        return self._by_key.get(key)

    def of_thread(self, thread: int) -> Place | None:
        """Return the place whose thread this is."""
        return self._known(self._by_thread.get(thread))

    def of_message(self, message: int) -> Place | None:
        """Return the card that began with this message, or is this message."""
        return self._known(self._by_message.get(message))

    def of_owner(self, owner: int) -> list[Place]:
        """Return all places of one person."""
        return [place for place in self._by_key.values() if place.owner == owner]

    def of_guild(self, guild: int) -> list[Place]:
        """Return all places in one server."""
        return [place for place in self._by_key.values() if place.guild == guild]

    def of_channel(self, channel: int) -> list[Place]:
        """Return all places in one channel."""
        return [place for place in self._by_key.values() if place.channel == channel]

    def forget(self, key: str) -> None:
        """Forget a place."""
        self._book.forget(key)
        self.drop(key)

    def drop(self, key: str) -> Place | None:
        """Forget a place in this process alone; return it if it was known."""
        place = self._by_key.pop(key, None)
        if place is None:
            return None
        if place.kind == "thread":
            self._by_thread.pop(place.channel, None)
        for message in filter(None, (place.source, place.message)):
            if self._by_message.get(message) == key:
                del self._by_message[message]
        return place

    def _known(self, key: str | None) -> Place | None:
        return self._by_key.get(key) if key is not None else None


def read(kept: KeptPlace) -> Place | None:
    """Read the note of a place; None if that cannot be done."""
    try:
        return Place(**json.loads(kept.body))
    except (TypeError, ValueError):
        log.warning("a place cannot be read", extra={"conversation": kept.key})
        return None


def place_here(interaction: discord.Interaction[Any], key: str, kind: Kind, owner: int) -> Place:
    """Return a place where an interaction was used. Nothing is kept about a server that did not invite the bot."""
    guest, channel = is_guest(interaction), interaction.channel_id or 0
    return Place(key, kind, owner, channel, None if guest else interaction.guild_id, guest=guest)


def place_of_click(interaction: discord.Interaction[Any], click: Click) -> Place:
    """Read from a click where its conversation lives: after a restart nothing else knows it."""
    message = interaction.message
    kind: Kind = "private"
    source = None
    if message is not None and not message.flags.ephemeral:
        if is_guest(interaction):
            kind = "card"
        elif message.reference is not None:
            kind, source = "card", message.reference.message_id
        elif isinstance(interaction.channel, discord.Thread) and is_ours(interaction.channel):
            kind = "thread"
        else:
            kind = "direct" if interaction.guild_id is None else "card"
    shown = message.id if message is not None and kind != "private" else None
    return replace(place_here(interaction, click.key, kind, click.owner), source=source, message=shown)


def whose(place: Place | None) -> Whose | None:
    """Return whose conversation it is on which server; None where there is no server."""
    if place is None or place.guild is None:
        return None
    return Whose(str(place.guild), str(place.owner))


def asker_of(person: int, guild: int | None) -> Asker:
    """Return on whose account a look is made."""
    return Asker(str(person), str(guild) if guild is not None else None)


def asker_in(place: Place | None) -> Asker:
    """Return on whose account a conversation's looks are made; those whose place is forgotten share one."""
    return asker_of(place.owner, place.guild) if place is not None else Asker("")


def is_ours(thread: discord.Thread) -> bool:
    """Tell whether we opened a thread; in other people's threads we are guests."""
    return thread.guild.me is not None and thread.owner_id == thread.guild.me.id
