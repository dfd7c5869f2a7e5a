"""How does a second report of a host join the existing card, instead of getting one of its own?

The card says how many others met it; those who come later are pointed to it in one line, and are guided from there.
Calling the bot by name is asking on purpose: it brings a look and a card of its own, which counts the others, too.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import discord

from bot.conversation.events import Joined, Pasted
from bot.conversation.state import Phase
from bot.diagnosis.identification import Identification
from bot.diagnosis.identify import identify
from bot.engine.company import Whose
from bot.ports import StoreUnavailable
from bot.surfaces.discord.places import Place, whose
from bot.surfaces.discord.screens import NOBODY, UNREACHABLE, as_reply
from bot.surfaces.discord.talk import Talk, blank

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

RUNS_FOR = timedelta(minutes=10)
"""A card further up has scrolled away: those who come later get a new one."""
OVER = frozenset({Phase.IDLE, Phase.ENDED})


class Joining:
    """Reports of all people, and the cards that they join."""

    def __init__(self, client: Fiveohtwo, talk: Talk) -> None:
        self.client = client
        self.talk = talk
        self._updating: dict[str, bool] = {}
        """Cards that are being updated, and whether more people came meanwhile."""

    async def note(self, said: discord.Message | discord.Interaction[Any], found: Identification) -> None:
        """Note that somebody met the error in what they said, if it names an error and a host."""
        guild, person = said.guild, said.author if isinstance(said, discord.Message) else said.user
        if guild is None or found.match is None or found.address is None:
            return
        if self.client.limits.allows("met-user", person.id):
            await self.talk.engine.company.met(Whose(str(guild.id), str(person.id)), found.address.host)

    async def join(self, message: discord.Message, host: str, said: Pasted) -> bool:
        """Let a message join the host's card in its channel; False if there is none, so that it gets its own."""
        card = await self._running(message, host)
        if card is None:
            return False
        own = message.author.id == card.owner
        if own and not await self._looked_again(card, said):
            return True
        if not own:
            await self._update(card, host)
        if self.talk.places.get(card.key) is None:
            return False  # the update no longer found a card
        await self._point(message, card, "looked-again" if own else "joined")
        return True

    async def follow(self, message: discord.Message, host: str, said: Pasted) -> None:
        """Follow what a card's own person says about its host, even where nobody else would be answered unasked."""
        places = self.talk.places.of_channel(message.channel.id)
        if any(place.kind == "card" and place.owner == message.author.id for place in places):
            card = await self._running(message, host)
            if card is not None and card.owner == message.author.id and await self._looked_again(card, said):
                await self._point(message, card, "looked-again")

    async def _looked_again(self, card: Place, said: Pasted) -> bool:
        """Let the card take another error that its own person has met; False if it is the one that it already has."""
        known = (await self.talk.engine.state(card.key)).known
        match = identify(self.talk.phrases.kb, said.text).match
        if match is None or (known is not None and known.error == match.error):
            return False
        if not await self.client.limits.may_check(card.owner, card.guild):
            return False
        self.talk.places.change(card.key, public=True)
        await self.talk.take(card, said, self.talk.screen_of(card))
        return True

    async def _running(self, message: discord.Message, host: str) -> Place | None:
        """Return the newest card about the host in this channel, unless it is old or over."""
        for place in reversed(self.talk.places.of_channel(message.channel.id)):
            if place.kind != "card" or place.message is None:
                continue
            posted = discord.utils.snowflake_time(place.message)
            if message.created_at - posted <= RUNS_FOR and await self._is_about(place, host):
                return place
        return None

    async def stands_for(self, key: str, host: str) -> bool:
        """Tell whether the card, or the offer of one, for a host is still there."""
        if self.talk.places.get(key) is None:
            return False
        try:
            state = await self.talk.engine.state(key)
        except StoreUnavailable:
            return True
        about = state.host is None or _plain(state.host) == _plain(host)
        return blank(state) or (state.phase is not Phase.ENDED and about)

    async def _is_about(self, place: Place, host: str) -> bool:
        try:
            state = await self.talk.engine.state(place.key)
        except StoreUnavailable:
            return False
        return state.phase not in OVER and state.host is not None and _plain(state.host) == _plain(host)

    async def _update(self, card: Place, host: str) -> None:
        """Let the card say how many others there are; when many come at once, it changes once for all of them."""
        under_way = card.key in self._updating
        self._updating[card.key] = True
        if under_way:
            return
        try:
            while self._updating[card.key] and self.talk.places.get(card.key) is not None:
                self._updating[card.key] = False
                others = await self.talk.engine.company.others(whose(card), host)
                if others is not None:
                    await self.talk.take(card, Joined(others=others), self.talk.screen_of(card))
        finally:
            del self._updating[card.key]

    async def _point(self, message: discord.Message, card: Place, key: str) -> None:
        """Point the author to the card, in one line and once."""
        limits = self.client.limits
        if not limits.allows("joined-user", (card.key, message.author.id)):
            return
        if not limits.allows("joined-channel", card.channel):
            return
        channel = self.client.get_partial_messageable(card.channel, guild_id=card.guild)
        where = channel.get_partial_message(card.message or 0).jump_url
        try:
            await message.channel.send(
                self.talk.phrases.say(key, card=where), **as_reply(message), allowed_mentions=NOBODY
            )
        except UNREACHABLE as error:
            log.info("nobody pointed to the card", extra={"code": getattr(error, "code", None)})


def _plain(host: str) -> str:
    """People paste a site with or without `www.`: it is the same card."""
    return host.lower().removeprefix("www.")
