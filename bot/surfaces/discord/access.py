"""Who may drive a conversation, and what must the bot be allowed to do?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

NEEDED: Mapping[str, str] = {
    "view_channel": "to see where it was asked",
    "send_messages": "to answer",
    "send_messages_in_threads": "to guide in a thread",
    "create_public_threads": "to open the thread",
    "read_message_history": "to reply to a message",
    "embed_links": "so that answers look as they should",
    "attach_files": "to hand over a report",
}
"""Permission -> reason. Nothing else is asked for."""


def permissions() -> discord.Permissions:
    """Return the permissions for the invite link."""
    return discord.Permissions(**dict.fromkeys(NEEDED, True))


def missing(granted: discord.Permissions) -> list[str]:
    """Return the needed permissions that are not granted."""
    return [name for name in NEEDED if not getattr(granted, name)]


def may_drive(interaction: discord.Interaction[Any], owner: int) -> bool:
    """The person whose conversation it is, and moderators of the server."""
    return interaction.user.id == owner or is_moderator(interaction)


def refusal(interaction: discord.Interaction[Any]) -> str:
    """Return what is said to those who may not drive: without the bot installed they have no command of their own."""
    return "not-yours-away" if is_guest(interaction) and not interaction.is_user_integration() else "not-yours"


def is_guest(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the bot is here only because somebody has it installed for themselves.

    Then answers to interactions are all that it can show: the channel is closed to it, whatever `app_permissions` says
    (which describes what the person may do).
    """
    if interaction.guild_id is not None:
        return interaction.client.get_guild(interaction.guild_id) is None
    return bool(interaction.context.private_channel)


def may_write(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether the bot may write here by itself, not only answer."""
    if is_guest(interaction):
        return False
    granted, place = interaction.app_permissions, interaction.channel
    if interaction.guild_id is None:
        return True
    if not isinstance(place, discord.Thread):
        return granted.view_channel and granted.send_messages
    inside = not place.is_private() or place.me is not None or granted.manage_threads
    return inside and granted.view_channel and granted.send_messages_in_threads


def is_moderator(interaction: discord.Interaction[Any]) -> bool:
    """Tell whether this person looks after messages in this channel."""
    return interaction.guild_id is not None and interaction.permissions.manage_messages


def moderates(message: discord.Message) -> bool:
    """Tell whether the author of a message looks after messages in its channel."""
    author, channel = message.author, message.channel
    if not isinstance(author, discord.Member) or not isinstance(channel, discord.abc.GuildChannel | discord.Thread):
        return False
    return channel.permissions_for(author).manage_messages
