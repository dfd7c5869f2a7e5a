"""How does a thread begin and end: opened from a card, titled with host and state, closed with the outcome?"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

import discord

from bot.conversation.state import State
from bot.surfaces.discord.panels import thread_name
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

KEEP_MINUTES: Literal[1440] = 1440
"""A day without a word, then Discord archives the thread by itself."""


async def open_thread(
    interaction: discord.Interaction[Any], place: Place, state: State, phrases: Phrases
) -> discord.Thread | None:
    """Open a thread at the pasted message, else at the card; None where that is not possible."""
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel):
        return None
    granted = interaction.app_permissions
    if not (granted.create_public_threads and granted.send_messages_in_threads):
        return None
    name = thread_name(state, phrases)
    for message in filter(None, (place.card, place.source)):
        try:
            return await channel.get_partial_message(message).create_thread(
                name=name, auto_archive_duration=KEEP_MINUTES
            )
        except discord.HTTPException as error:
            log.info("no thread at this message", extra={"status": error.status, "code": error.code})
    return None


async def close_thread(client: Fiveohtwo, place: Place, state: State, phrases: Phrases) -> None:
    """Give a thread its outcome as a title and archive it."""
    thread = client.get_channel(place.thread or 0)
    if not isinstance(thread, discord.Thread) or thread.archived:
        return
    try:
        await thread.edit(name=thread_name(state, phrases), archived=True)
    except discord.HTTPException as error:
        log.info("thread not closed", extra={"status": error.status, "code": error.code})
