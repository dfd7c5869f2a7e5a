"""What may somebody do in a channel, by the order in which Discord applies roles and overwrites?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import discord

Shape = dict[str, Any]
ROLE, MEMBER = 0, 1
"""Types of overwrites."""
ALL = discord.Permissions.all().value
NONE = discord.Permissions.none()
SENDING = ("embed_links", "attach_files", "mention_everyone", "send_tts_messages")
"""What means nothing to whoever may not send."""


def base(owner: str, member: Shape, roles: dict[str, Shape], everyone: Shape) -> int:
    """Return what a member may do in the whole server."""
    if member["user"]["id"] == owner:
        return ALL
    value = int(everyone["permissions"])
    for role in member["roles"]:
        value |= int(roles[role]["permissions"])
    return ALL if discord.Permissions(value).administrator else value


def overwritten(value: int, member: Shape, overwrites: Iterable[Shape], everyone: Shape) -> int:
    """Return what is left in one channel: everybody's overwrite, then those of all roles at once, then the member's."""
    if discord.Permissions(value).administrator:
        return ALL
    given = {change["id"]: change for change in overwrites}
    roles = [given[role] for role in member["roles"] if role in given]
    steps = [[given[everyone["id"]]] if everyone["id"] in given else [], roles]
    steps.append([given[member["user"]["id"]]] if member["user"]["id"] in given else [])
    for step in steps:
        denied = allowed = 0
        for change in step:
            denied |= int(change["deny"])
            allowed |= int(change["allow"])
        value = value & ~denied | allowed
    return value


def settled(value: int, *, thread: bool) -> discord.Permissions:
    """Drop what hangs on something that is missing: all on seeing the channel, files and links on sending."""
    granted = discord.Permissions(value)
    if not granted.view_channel:
        return NONE
    if not (granted.send_messages_in_threads if thread else granted.send_messages):
        granted.update(**dict.fromkeys(SENDING, False))
    return granted


def overwrite(ident: str, kind: int, **permissions: bool) -> Shape:
    """Return an overwrite: `send_messages=False` denies, `send_messages=True` allows."""
    allowed = discord.Permissions(**{name: value for name, value in permissions.items() if value})
    denied = discord.Permissions(**{name: not value for name, value in permissions.items() if not value})
    return {"id": ident, "type": kind, "allow": str(allowed.value), "deny": str(denied.value)}
