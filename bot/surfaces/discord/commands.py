"""Which commands are there? Slash commands, and two entries in a message's context menu."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any, Literal

import discord
from discord import app_commands

from bot.diagnosis.services import service_of
from bot.kb.lists import Service
from bot.surfaces.discord.access import is_guest, is_moderator, missing
from bot.surfaces.discord.answers import acknowledge, answer, guarded
from bot.surfaces.discord.explain import SUGGESTIONS, explanation, named, suggestions
from bot.surfaces.discord.modes import MODES, SERVER
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.render import Panel, layout
from bot.surfaces.discord.screens import NOBODY
from bot.wording import Block, Message, Span

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

Interaction = discord.Interaction[Any]
EVERYWHERE: dict[str, Any] = {
    "allowed_installs": app_commands.AppInstallationType(guild=True, user=True),
    "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
}
Setting = Literal["off", "offer", "auto", "server"]
AS_SERVER: Literal["server"] = "server"
"""Clears a channel's own mode."""
IN_SERVERS: dict[str, Any] = {
    "allowed_installs": app_commands.AppInstallationType(guild=True, user=False),
    "allowed_contexts": app_commands.AppCommandContext(guild=True, dm_channel=False, private_channel=False),
}


def register(client: Fiveohtwo, phrases: Phrases) -> None:
    """Put all commands into the client's tree."""
    tree = client.tree
    for command in (
        _check(client, phrases), _diagnose(client, phrases), _explain(phrases), _status(client, phrases),
        _watch(client, phrases), _watches(client, phrases),
        _settings(client, phrases), _privacy(client, phrases), _help(phrases),
    ):  # fmt: skip
        tree.add_command(command)
    tree.add_command(_context(phrases, "menu.diagnose", client.asks.diagnose))
    tree.add_command(_context(phrases, "menu.check", client.asks.check_link))


def _command(phrases: Phrases, name: str, callback: Any, where: dict[str, Any]) -> app_commands.Command[Any, Any, Any]:
    return app_commands.Command(name=name, description=phrases.say(f"command.{name}")[:100], callback=callback, **where)


def _context(phrases: Phrases, key: str, callback: Any) -> app_commands.ContextMenu:
    return app_commands.ContextMenu(name=phrases.say(key)[:32], callback=callback, **EVERYWHERE)


def _check(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    @app_commands.describe(url=phrases.say("option.url"), share=phrases.say("option.share"))
    async def check(interaction: Interaction, url: app_commands.Range[str, 1, 2000], share: bool = False) -> None:
        await client.asks.check(interaction, url, share=share)

    return _command(phrases, "check", check, EVERYWHERE)


def _diagnose(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    async def diagnose(interaction: Interaction) -> None:
        await client.asks.open_diagnosis(interaction)

    return _command(phrases, "diagnose", diagnose, EVERYWHERE)


def _watch(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    @app_commands.describe(url=phrases.say("option.watch"))
    async def watch(interaction: Interaction, url: app_commands.Range[str, 1, 2000]) -> None:
        if await acknowledge(interaction, new=True):
            await client.loaded()
            await client.watching.command(interaction, url)

    return _command(phrases, "watch", watch, EVERYWHERE)


def _watches(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    async def watches(interaction: Interaction) -> None:
        if await acknowledge(interaction, new=True):
            await client.loaded()
            await client.watching.listed(interaction)

    return _command(phrases, "watches", watches, EVERYWHERE)


def _explain(phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    async def suggest(_interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=title[:100], value=name) for name, title in suggestions(phrases, current)]

    @app_commands.describe(code=phrases.say("option.code"))
    @app_commands.autocomplete(code=suggest)
    async def explain(interaction: Interaction, code: app_commands.Range[str, 1, 200]) -> None:
        name = named(phrases, code)
        if name is None:
            message = phrases.message("unknown-code", code=Span(text=code, foreign=True))
        else:
            message = explanation(phrases, name)
        await _answer(interaction, message)

    return _command(phrases, "explain", explain, EVERYWHERE)


def _status(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    async def suggest(_interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        wanted = current.casefold()
        fitting = [one for one in phrases.kb.services if any(wanted in name for name in _names_of(one))]
        return [app_commands.Choice(name=entry.name[:100], value=entry.id) for entry in fitting[:SUGGESTIONS]]

    @app_commands.describe(service=phrases.say("option.service"))
    @app_commands.autocomplete(service=suggest)
    async def status(interaction: Interaction, service: app_commands.Range[str, 1, 200]) -> None:
        wanted = service.casefold()
        entry = next((one for one in phrases.kb.services if wanted in _names_of(one)), None)
        entry = entry or service_of(phrases.kb, wanted)
        if entry is None:
            await _answer(interaction, phrases.message("unknown-service", service=Span(text=service, foreign=True)))
            return
        if not await acknowledge(interaction, new=True):
            return
        message = await client.status_of(entry)
        view = layout(Panel((message,)))
        await interaction.edit_original_response(view=view, allowed_mentions=NOBODY)

    return _command(phrases, "status", status, EVERYWHERE)


def _names_of(service: Service) -> tuple[str, ...]:
    return (service.id, *(name.casefold() for name in (service.name, *service.said)))


def _settings(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    @app_commands.describe(mode=phrases.say("option.mode"), server=phrases.say("option.server"))
    @app_commands.choices(
        mode=[app_commands.Choice(name=phrases.say(f"mode.{mode}")[:100], value=mode) for mode in (*MODES, AS_SERVER)]
    )
    @app_commands.default_permissions(manage_messages=True)
    async def settings(interaction: Interaction, mode: Setting | None = None, server: bool = False) -> None:
        granted = interaction.permissions
        allowed = granted.manage_guild if server and mode is not None else is_moderator(interaction)
        if interaction.guild_id is None or not (allowed or granted.manage_guild):
            await _answer(interaction, phrases.message("moderators-only"))
            return
        if await acknowledge(interaction, new=True):
            await guarded(interaction, phrases, _set(client, interaction, mode, server=server))

    return _command(phrases, "settings", settings, IN_SERVERS)


async def _set(client: Fiveohtwo, interaction: Interaction, mode: Setting | None, *, server: bool) -> None:
    """Change the mode, if one was given, and show the result."""
    await client.loaded()
    guild, channel = interaction.guild_id or 0, SERVER if server else _ruled(interaction)
    if mode == AS_SERVER:
        await client.modes.unset(guild, channel)
    elif mode is not None:
        await client.modes.set(guild, channel, mode)
    view = layout(Panel((settings_message(client, client.phrases, interaction, server=server),)))
    await interaction.edit_original_response(view=view, allowed_mentions=NOBODY)


def _ruled(interaction: Interaction) -> int:
    """Return the channel whose mode applies here: for a thread or a forum post, the channel that it is in."""
    channel = interaction.channel
    return channel.parent_id if isinstance(channel, discord.Thread) else interaction.channel_id or SERVER


def _title(interaction: Interaction, *, server: bool) -> str:
    channel = interaction.channel
    if server:
        return "settings.server"
    if isinstance(channel, discord.Thread):
        return "settings.forum" if isinstance(channel.parent, discord.ForumChannel) else "settings.thread"
    return "settings.title"


def settings_message(client: Fiveohtwo, phrases: Phrases, interaction: Interaction, *, server: bool = False) -> Message:
    """Say which mode applies here and in the server, and what the bot lacks; `server`: the question was about that."""
    guild = interaction.guild_id or 0
    own, everywhere = client.modes.own(guild, _ruled(interaction)), client.modes.of(guild)
    key, own_mode = ("settings.same", "") if own is None else ("settings.mode", phrases.say(f"mode.{own}"))
    modes = [
        Block(kind="detail", spans=phrases.spans(key, {"mode": own_mode})),
        Block(kind="detail", spans=phrases.spans("settings.everywhere", {"mode": phrases.say(f"mode.{everywhere}")})),
    ]
    title = Block(kind="heading", spans=phrases.spans(_title(interaction, server=server), {}))
    lines = [title, *(reversed(modes) if server else modes)]
    reads = "settings.reads" if client.intents.message_content else "settings.blind"
    lines.append(Block(kind="detail", spans=phrases.spans(reads, {})))
    lacking = missing(interaction.app_permissions)
    key = "settings.missing" if lacking else "settings.complete"
    lines.append(Block(kind="detail", spans=phrases.spans(key, {"permissions": ", ".join(lacking)})))
    return Message(key="settings", blocks=tuple(lines))


def _privacy(client: Fiveohtwo, phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    @app_commands.describe(what=phrases.say("option.privacy"))
    @app_commands.choices(
        what=[
            app_commands.Choice(name=phrases.say(f"privacy.{what}")[:100], value=what)
            for what in ("see", "export", "delete")
        ]
    )
    async def privacy(interaction: Interaction, what: str = "see") -> None:
        if not await acknowledge(interaction, new=True):
            return
        if what == "export":
            data = json.dumps(await client.data_of(interaction.user.id), ensure_ascii=False, indent=2)
            file = discord.File(io.BytesIO(data.encode()), filename="my-data.json")
            await interaction.edit_original_response(content=phrases.say("privacy.exported"), attachments=[file])
            return
        if what == "delete":
            count = await client.forget_user(interaction.user.id)
            message = phrases.message("privacy.deleted", count=count)
        else:
            message = phrases.message("privacy.text")
        await interaction.edit_original_response(view=layout(Panel((message,))))

    return _command(phrases, "privacy", privacy, EVERYWHERE)


def _help(phrases: Phrases) -> app_commands.Command[Any, Any, Any]:
    async def help_(interaction: Interaction) -> None:
        await _answer(interaction, help_message(phrases, away=is_guest(interaction)))

    return _command(phrases, "help", help_, EVERYWHERE)


def help_message(phrases: Phrases, *, away: bool = False) -> Message:
    """Say what the bot can do: the phrase's first line is the heading, each other one an item.

    `away`: where nobody invited it, it sees only messages that somebody hands it.
    """
    head, *points = phrases.say("help-away" if away else "help").strip().splitlines()
    blocks = (Block(kind="heading", spans=(Span(text=head),)), *(_point(point) for point in points))
    return Message(key="help", blocks=blocks)


def _point(text: str) -> Block:
    return Block(kind="detail", spans=(Span(text=text),))


async def _answer(interaction: Interaction, message: Message) -> None:
    """Answer one person with one message."""
    view = layout(Panel((message,)))
    reply = interaction.response
    await answer(interaction, lambda: reply.send_message(view=view, ephemeral=True, allowed_mentions=NOBODY))
