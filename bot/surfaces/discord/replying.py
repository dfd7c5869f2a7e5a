"""What does somebody mean who replies to a card and calls the bot by name? They are talking about that card."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import discord

from bot.conversation.events import Chose
from bot.conversation.step import meaning
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.screens import NOBODY, UNREACHABLE, MessageScreen, as_reply
from bot.surfaces.discord.talk import Talk, blank

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)


async def hear(client: Fiveohtwo, talk: Talk, message: discord.Message, said: str) -> bool:
    """Do what words mean for the card they reply to; False: they reply to none, or hold an error or an address.

    Anybody may have the site looked at again; only its person can say that it works. Thanks need no answer. Everything
    else can be picked on the card.
    """
    card = _answered(talk, message)
    state = await talk.state_or_none(card.key) if card is not None else None
    if card is None or state is None or blank(state) or client.reading.tells(said):
        return False
    choice = meaning(talk.phrases.kb, state, said)
    if choice == "stop":
        return True
    if choice == "recheck":
        guild = message.guild.id if message.guild else None
        if not await client.limits.may_choose(choice, message.author.id, guild):
            await slow_down(talk, message)
            return True
        await _choose(talk, card, message, choice)
        await _point(client, talk, message, card, "checked-again")
    elif choice == "works" and message.author.id == card.owner:
        await _choose(talk, card, message, choice)
    else:
        await _point(client, talk, message, card, "on-the-card")
    return True


async def slow_down(talk: Talk, message: discord.Message) -> None:
    """Tell somebody who asks for too many looks to wait."""
    await MessageScreen(message.channel, reply_to=message).show(Panel((talk.phrases.message("slow-down"),)))


def _answered(talk: Talk, message: discord.Message) -> Place | None:
    reference = message.reference.message_id if message.reference is not None else None
    card = talk.places.of_message(reference) if reference is not None else None
    return card if card is not None and card.message == reference else None


async def _choose(talk: Talk, card: Place, message: discord.Message, choice: str) -> None:
    await talk.take(card, Chose(id=f"m{message.id}", choice=choice), talk.screen_of(card))


async def _point(client: Fiveohtwo, talk: Talk, message: discord.Message, card: Place, key: str) -> None:
    channel = client.get_partial_messageable(card.channel, guild_id=card.guild)
    where = channel.get_partial_message(card.message or 0).jump_url
    try:
        await message.channel.send(
            talk.phrases.say(key, card=where), **as_reply(message),
            allowed_mentions=NOBODY,
        )  # fmt: skip
    except UNREACHABLE as error:
        log.info("not pointed to a card", extra={"code": getattr(error, "code", None)})
