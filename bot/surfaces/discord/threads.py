"""How does a thread begin and end: opened from a card, titled with host and state, closed with the outcome?"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, Literal

import discord

from bot.conversation.state import State
from bot.surfaces.discord.access import is_guest
from bot.surfaces.discord.panels import thread_name
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.places import Place, is_ours
from bot.surfaces.discord.screens import UNREACHABLE

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

KEEP_MINUTES: Literal[1440] = 1440
"""A day without a word, then Discord archives the thread by itself."""
HAS_THREAD = 160004
"""Discord's code for a second thread at a message. The first one's id is the message's."""


async def open_thread(
    interaction: discord.Interaction[Any], place: Place, state: State, phrases: Phrases
) -> discord.Thread | None:
    """Open a thread at the card, else at the pasted message; None where that is not possible.

    If the card has an unknown one already (Discord opened it, and its reply was lost), it is that one.
    """
    channel = interaction.channel
    if not isinstance(channel, discord.TextChannel) or is_guest(interaction):
        return None
    granted = interaction.app_permissions
    if not (granted.create_public_threads and granted.send_messages_in_threads):
        return None
    name = thread_name(state, phrases)
    for message in filter(None, (place.message, place.source)):
        try:
            thread = await channel.get_partial_message(message).create_thread(
                name=name, auto_archive_duration=KEEP_MINUTES
            )
        except UNREACHABLE as error:
            code = getattr(error, "code", None)
            log.info("no thread at this message", extra={"code": code})
            if code == HAS_THREAD:
                return await find_thread(interaction.client, message)
        else:
            return thread
    return None


async def bring_in(thread: discord.Thread, user: discord.abc.Snowflake) -> None:
    """Add the person, so that the thread is in their list; nobody is pinged for it."""
    try:
        await thread.add_user(user)
    except UNREACHABLE as error:
        log.info("person not added to the thread", extra={"code": getattr(error, "code", None)})


async def close_thread(client: Fiveohtwo, thread_id: int, name: str | None = None) -> None:
    """Archive a thread of ours, with its outcome as a title; Discord may have archived it before, without one."""
    thread = await find_thread(client, thread_id)
    if thread is None or not is_ours(thread):
        return
    if thread.archived and (thread.locked or name in (None, thread.name)):
        return
    try:
        if thread.archived:
            await thread.edit(archived=False)  # a closed thread accepts no other change
        await thread.edit(name=name or discord.utils.MISSING, archived=True)
    except UNREACHABLE as error:
        log.info("thread not closed", extra={"code": getattr(error, "code", None)})


async def reopen_thread(interaction: discord.Interaction[Any]) -> None:
    """A button in a closed thread was used: what follows can only be shown when the thread is open again."""
    thread = interaction.channel
    if isinstance(thread, discord.Thread) and thread.archived and not is_guest(interaction):
        await unarchive(thread)


async def unarchive(thread: discord.Thread) -> bool:
    """Open a closed thread; False where it stays closed, as when it is locked."""
    if thread.locked:
        return False
    try:
        await thread.edit(archived=False)
    except UNREACHABLE as error:
        log.info("thread not opened again", extra={"code": getattr(error, "code", None)})
        return False
    return True


async def open_again(client: Fiveohtwo, thread_id: int) -> bool:
    """Reopen a thread of ours that Discord has closed; False where it stays closed, as when it is locked."""
    thread = await find_thread(client, thread_id)
    return thread is not None and is_ours(thread) and await unarchive(thread)


async def has_left(client: Fiveohtwo, thread_id: int, user: int) -> bool:
    """Tell whether a person is no longer in a thread. Without the members intent that is not announced."""
    thread = await find_thread(client, thread_id)
    if thread is None:
        return False  # a deleted thread was announced; this one just cannot be reached
    try:
        await thread.fetch_member(user)
    except discord.NotFound:
        return True
    except UNREACHABLE:
        return False
    return False


async def find_thread(client: discord.Client, thread_id: int) -> discord.Thread | None:
    """Return a thread, from memory or from Discord; archived ones are not in memory."""
    known: object = client.get_channel(thread_id)
    if known is None:
        try:
            known = await client.fetch_channel(thread_id)
        except UNREACHABLE:
            return None
    return known if isinstance(known, discord.Thread) else None
