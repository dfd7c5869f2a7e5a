"""Who may drive a conversation, and what does the bot ask for?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.surfaces.discord.access import NEEDED, is_moderator, may_drive, missing, moderates, permissions


def interaction(user: int, guild: int | None, *, moderator: bool = False) -> Any:
    """Return as much of an interaction as the question needs: a port's shape, not discord.py's machinery."""
    granted = discord.Permissions(manage_messages=moderator)
    return SimpleNamespace(user=SimpleNamespace(id=user), guild_id=guild, permissions=granted)


@pytest.mark.parametrize(
    ("who", "may"),
    [
        (interaction(1, 9), True),
        (interaction(2, 9), False),
        (interaction(2, 9, moderator=True), True),
        (interaction(2, None, moderator=True), False),
    ],
)
def test_owner_and_moderators_may_drive(who: Any, may: bool) -> None:
    """A conversation belongs to one person; in servers moderators may step in."""
    assert may_drive(who, 1) is may


def test_moderators_exist_in_servers_only() -> None:
    """In direct messages nobody is a moderator."""
    assert not is_moderator(interaction(1, None, moderator=True))


def test_author_in_direct_messages_moderates_nothing() -> None:
    """A message outside a server has no moderator."""
    message: Any = SimpleNamespace(author=SimpleNamespace(id=1), channel=SimpleNamespace(id=2))
    assert not moderates(message)


def test_invite_asks_for_what_is_needed_and_no_more() -> None:
    """The link asks for each permission that has a reason, and for nothing that rules."""
    asked = permissions()
    # discord.py knows this one by its older name.
    assert {name.replace("read_messages", "view_channel") for name, granted in asked if granted} == set(NEEDED)
    assert not asked.administrator
    assert not asked.mention_everyone


def test_missing_permissions_are_named() -> None:
    """What was not granted is listed by name."""
    assert missing(discord.Permissions.none()) == list(NEEDED)
    assert missing(permissions()) == []
