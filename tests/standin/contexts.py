"""Where may a command be used, and in whose name does the bot answer there?"""

from __future__ import annotations

from typing import Any

from standin import shapes
from standin.world import World

IN_SERVER, IN_BOT_DM, IN_PRIVATE = 0, 1, 2
"""Contexts: a server, direct messages with the bot, a conversation between people."""
FOR_SERVER, FOR_USER = "0", "1"
"""Kinds of installation."""


class NotOfferedError(AssertionError):
    """The person's client would not offer this command here."""


def context(world: World, channel: str) -> int:
    """Return the context of a channel."""
    if channel in world.private:
        return IN_PRIVATE
    return IN_BOT_DM if world.channel(channel)["type"] == shapes.DM else IN_SERVER


def owners(world: World, user: str, channel: str) -> dict[str, str]:
    """Return by which installations the bot is here for somebody: kind -> server or person."""
    found = {}
    if context(world, channel) == IN_BOT_DM:
        found[FOR_SERVER] = "0"
    elif (guild := world.channel(channel).get("guild_id")) in world.guilds:
        found[FOR_SERVER] = guild
    if user in world.installed:
        found[FOR_USER] = user
    return found


def offered(world: World, command: dict[str, Any], user: str, channel: str) -> dict[str, str]:
    """Return the installations by which a command is offered here; none: it is not in the person's list.

    Its `default_member_permissions` do not count: administrators may open it to everybody, so the bot must check, too.
    """
    place = world.channel(channel)
    if command.get("guild_id") not in (None, place.get("guild_id")):
        raise NotOfferedError(f"{command['name']} is a command of another server")
    contexts = command.get("contexts")
    if contexts is not None and context(world, channel) not in contexts:
        raise NotOfferedError(f"{command['name']} is not offered in context {context(world, channel)}")
    kinds = {str(kind) for kind in command.get("integration_types") or [0]}
    by = {kind: owner for kind, owner in owners(world, user, channel).items() if kind in kinds}
    if not by:
        raise NotOfferedError(f"{command['name']}: the bot is not installed here for {user} in a way that fits")
    if place["type"] not in shapes.DIRECT and not world.may(user, channel).use_application_commands:
        raise NotOfferedError(f"{user} may not use commands in {channel}")
    return by
