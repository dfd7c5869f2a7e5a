"""What if a button belongs to a conversation that the bot no longer knows? It reads again what it may, or says so."""

from __future__ import annotations

import logging
from typing import Any

import discord

from bot.conversation.state import State
from bot.surfaces.discord.answers import tell_unshown, whisper
from bot.surfaces.discord.custom_id import Click, Tag, decode, mark_of, short
from bot.surfaces.discord.explain import explanation
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place
from bot.surfaces.discord.render import Panel
from bot.surfaces.discord.screens import UNREACHABLE, FollowUpScreen, InteractionScreen
from bot.surfaces.discord.talk import Talk

log = logging.getLogger(__name__)

PANEL_WITHIN = 25
"""How many messages of a thread are read to find the panel."""


async def recover(talk: Talk, interaction: discord.Interaction[Any], place: Place, click: Click) -> bool:
    """Bring back a forgotten conversation; False when that cannot be done, and the person was told what can."""
    deleted = await talk.client.forgetting.hear()
    if place.kind == "card" and place.source is not None and not place.guest and place.key not in deleted:
        if not await talk.client.limits.may_check(interaction.user.id, interaction.guild_id):
            await whisper(interaction, talk.phrases, "slow-down")
            return False
        message = await _read(talk, place.channel, place.source)
        if message is not None and await talk.client.reading.again(message, place):
            return True
    await _say_forgotten(talk, interaction, place, click)
    return False


async def recall(talk: Talk, thread: discord.Thread) -> Place | None:
    """Find out whose conversation a thread of ours holds, from the buttons of our last panel in it.

    That alone does not restore it: only its person, or a moderator, brings it back.
    """
    me = talk.client.user
    try:
        async for message in thread.history(limit=PANEL_WITHIN):
            ours = me is not None and message.author.id == me.id
            # A reply to a message is the card of somebody else, who called the bot in here.
            click = _click_in(message) if ours and message.reference is None else None
            if click is not None:
                return Place(click.key, "thread", click.owner, thread.id, thread.guild.id, message=message.id)
    except UNREACHABLE as error:
        log.info("thread not read", extra={"code": getattr(error, "code", None)})
    return None


def _click_in(message: discord.Message) -> Click | None:
    """Return what our first button in a message says."""
    view = discord.ui.LayoutView.from_message(message)
    ids = (str(getattr(item, "custom_id", "")) for item in view.walk_children())
    return next((click for name in ids if (click := decode(name)) is not None), None)


async def _read(talk: Talk, channel: int, message: int) -> discord.Message | None:
    """Fetch the message that a card replies to, if it is still there."""
    try:
        return await talk.client.get_partial_messageable(channel).fetch_message(message)
    except UNREACHABLE as error:
        log.info("pasted message not read again", extra={"code": getattr(error, "code", None)})
        return None


async def _say_forgotten(talk: Talk, interaction: discord.Interaction[Any], place: Place, click: Click) -> None:
    """Say what is still known (the entry that the button belongs to) and offer the forms.

    On a card, which everybody can see, only the person who clicked is told, and goes on alone.
    """
    alone = place.kind == "card"
    key, owner = (short(interaction.id), interaction.user.id) if alone else (place.key, place.owner)
    tag = click.tag._replace(key=key, owner=owner)
    panel = forgotten(talk.phrases, tag)
    screen = FollowUpScreen(interaction) if alone else InteractionScreen(interaction)
    if not await screen.show(panel):
        await tell_unshown(interaction, talk.phrases)


def forgotten(phrases: Phrases, tag: Tag) -> Panel:
    """Return what is said when only a button's own entry is known."""
    messages = [phrases.message("forgotten")]
    if tag.error in phrases.kb.errors:
        messages.append(explanation(phrases, tag.error))
    choices = (phrases.label("enter-paste"), phrases.label("enter-address"))
    return Panel(tuple(messages), choices=choices, tag=tag._replace(mark=mark_of(State())))
