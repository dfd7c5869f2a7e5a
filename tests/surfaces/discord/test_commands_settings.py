"""What does /settings show and change, where, and for whom?"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import discord
import pytest

from e2e.stage import Stage
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    World,
    all_of,
    discord_world,
    opened,
    text,
)


async def test_settings_show_and_change_the_mode(world: World) -> None:
    """Moderators see and set a channel's mode and learn what is missing; a server's mode needs its manager."""
    shown = await world.mod.slash(world.channel, "settings")
    assert "Auto" in text(shown.response)
    assert "read messages" in text(shown.response)
    assert "All permissions" in text(shown.response)
    await world.mod.slash(world.channel, "settings", mode="off")
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "off"
    refused = await world.mod.slash(world.channel, "settings", mode="offer", server=True)
    assert "Only people who look after" in text(refused.response)
    carol = manager(world)
    await carol.slash(world.channel, "settings", mode="offer", server=True)
    assert world.bot.modes.of(world.guild.id, 12345) == "offer"
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "off"


def manager(world: World) -> Any:
    """Let somebody come who manages the server."""
    granted = discord.Permissions(manage_guild=True, manage_messages=True)
    role = world.guild.create_role("Managers", permissions=granted)
    return world.guild.add_member(world.env.create_user("carol"), roles=[role])


async def test_settings_tell_the_channels_mode_and_the_servers(world: World) -> None:
    """Whatever was set or asked about, both are told, and which is which."""
    carol = manager(world)
    shown = await carol.slash(world.channel, "settings", mode="offer")
    assert "here: Offer" in text(shown.response)
    assert "no mode of their own: Auto" in text(shown.response)
    shown = await carol.slash(world.channel, "settings", mode="off", server=True)
    heading, first, second, *_ = text(shown.response).splitlines()
    assert "this server" in heading
    assert "no mode of their own: Off" in first
    assert "here: Offer" in second
    shown = await carol.slash(world.channel, "settings", server=True)
    assert text(shown.response).splitlines()[:3] == [heading, first, second]


async def test_settings_take_a_mode_back(world: World) -> None:
    """A channel does as its server again, and the server as its operator."""
    carol = manager(world)
    await carol.slash(world.channel, "settings", mode="off")
    await carol.slash(world.channel, "settings", mode="offer", server=True)
    shown = await carol.slash(world.channel, "settings", mode="server")
    assert "here: as the server" in text(shown.response)
    assert "no mode of their own: Offer" in text(shown.response)
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "offer"
    shown = await carol.slash(world.channel, "settings", mode="server", server=True)
    assert "no mode of their own: Auto" in text(shown.response)
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "auto"


async def test_settings_in_a_thread_are_those_of_its_channel(world: World) -> None:
    """A thread speaks for the channel that it is in, and says so."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    shown = await world.mod.slash(thread, "settings", mode="off")
    assert "this thread's channel" in text(shown.response)
    assert "here: Off" in text(shown.response)
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "off"
    assert world.bot.modes.own(world.guild.id, thread.id) is None


async def test_setting_that_is_not_kept_is_not_said_to_hold(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The store takes nothing: the moderator is told so, and the mode is as before."""
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)
    async with discord_world(stage, monkeypatch, database_url=f"sqlite:///{tmp_path}/bot.sqlite3") as world:
        await opened(world, "shop", BAD_GATEWAY)
        locking = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        result = await world.mod.slash(world.channel, "settings", mode="off")
        locking.execute("ROLLBACK")
        locking.close()
        assert "wrong on my side" in all_of([*result.followups, result.response])
        assert world.bot.modes.of(world.guild.id, world.channel.id) == "auto"


async def test_settings_are_for_moderators(world: World) -> None:
    """A member whom the server let use the command is still turned away by the bot."""
    world.env.backend.get_guild(world.guild.id).command_permissions = {}
    command = next(one for one in await world.bot.tree.fetch_commands() if one.name == "settings")
    world.guild.set_command_permissions(command, {world.bob: True})
    result = await world.bob.slash(world.channel, "settings", mode="off")
    assert "Only people who look after" in text(result.response)
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "auto"


async def test_settings_name_missing_permissions(world: World) -> None:
    """What the bot may not do in this channel is listed."""
    limited = world.guild.create_text_channel(
        "limited", overwrites={world.bot.user: discord.PermissionOverwrite(create_public_threads=False)}
    )
    result = await world.mod.slash(limited, "settings")
    assert "create" in text(result.response)
    assert "missing" in text(result.response)
