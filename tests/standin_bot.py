"""A small bot that does what bots do, for trying the stand-in out. It runs in a process of its own."""

from __future__ import annotations

import asyncio
import io
import os
import re
from collections.abc import Awaitable, Callable
from typing import Any, Self

import discord
import yarl
from discord import app_commands, ui

Interaction = discord.Interaction["Bot"]
Attempt = Callable[[Interaction], Awaitable[object]]
CODES = [f"{status} {name}" for status in (500, 502, 503, 504) for name in ("nginx", "apache", "caddy")]


class Press(ui.DynamicItem[ui.Button[Any]], template=r"press:(?P<word>\w+)"):
    """A button that works after a restart."""

    def __init__(self, word: str) -> None:
        super().__init__(ui.Button(label=word.title(), custom_id=f"press:{word}"))
        self.word = word

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction, _item: Any, match: re.Match[str]) -> Self:
        """Come back from the custom id."""
        return cls(match["word"])

    async def callback(self, interaction: Interaction) -> None:
        """Change the message, answer aside, acknowledge only, or open a form."""
        match self.word:
            case "change":
                await interaction.response.edit_message(content="changed", view=None)
            case "aside":
                await interaction.response.send_message("only you", ephemeral=True)
            case "later":
                await interaction.response.defer()
                await interaction.edit_original_response(content="changed later")
            case "form":
                await interaction.response.send_modal(Questions())
            case "silent":
                pass


class Pick(ui.DynamicItem[ui.Select[Any]], template=r"pick:(?P<most>\d)"):
    """A menu that works after a restart."""

    def __init__(self, most: int) -> None:
        options = [discord.SelectOption(label=name.title(), value=name) for name in ("red", "green", "blue")]
        super().__init__(ui.Select(custom_id=f"pick:{most}", max_values=most, options=options))

    @classmethod
    async def from_custom_id(cls, _interaction: Interaction, _item: Any, match: re.Match[str]) -> Self:
        """Come back from the custom id."""
        return cls(int(match["most"]))

    async def callback(self, interaction: Interaction) -> None:
        """Say what was picked."""
        data: Any = interaction.data
        await interaction.response.send_message(f"picked {', '.join(data['values'])}", ephemeral=True)


class Questions(ui.Modal, title="Questions"):
    """A form with a text and a menu."""

    name = ui.Label(text="Name", component=ui.TextInput(custom_id="name", max_length=20))
    colour = ui.Label(
        text="Colour",
        component=ui.Select(custom_id="colour", options=[discord.SelectOption(label="red"), discord.SelectOption(label="blue")]),
    )  # fmt: skip

    async def on_submit(self, interaction: Interaction) -> None:  # type: ignore[override]
        """Say what was handed in."""
        name, colour = self.name.component, self.colour.component
        assert isinstance(name, ui.TextInput)
        assert isinstance(colour, ui.Select)
        await interaction.response.send_message(f"{name.value} likes {colour.values[0]}", ephemeral=True)


def buttons() -> ui.View:
    """Return a view of the old kind."""
    view = ui.View(timeout=None)
    for word in ("change", "aside", "later", "form", "silent"):
        view.add_item(Press(word))
    return view.add_item(Pick(2))


def panel() -> ui.LayoutView:
    """Return a view of Components V2."""
    row: ui.ActionRow[Any] = ui.ActionRow(Press("aside"))
    section: ui.Section[Any] = ui.Section("a section", accessory=Press("form"))
    container: ui.Container[Any] = ui.Container(ui.TextDisplay("# Panel"), ui.Separator(), section, row)
    return ui.LayoutView(timeout=None).add_item(container)


class Bot(discord.AutoShardedClient):
    """The bot."""

    def __init__(self) -> None:
        intents = discord.Intents(int(os.environ["BOT_INTENTS"]))
        super().__init__(intents=intents, guild_ready_timeout=0.1, heartbeat_timeout=2.0)
        self.tree = app_commands.CommandTree(
            self,
            allowed_contexts=app_commands.AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=True),
        )

    async def setup_hook(self) -> None:
        """Tell Discord the commands."""
        self.add_dynamic_items(Press, Pick)
        register(self.tree)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Answer people by saying what could be read."""
        if message.author.bot or message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return
        if message.content == "thread":
            thread = await message.create_thread(name="a thread")
            await thread.send("inside")
        else:
            await message.reply(f"read [{message.content}]", mention_author=False)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent) -> None:
        """Say who reacted."""
        if self.user is not None and payload.user_id != self.user.id:
            await self.get_partial_messageable(payload.channel_id).send(f"saw {payload.emoji}")


async def attempted(what: Awaitable[object]) -> str:
    """Return how something ended: `ok ...`, or Discord's status and code."""
    try:
        return f"ok {await what or ''}".strip()
    except discord.HTTPException as error:
        return f"{error.status}/{error.code} {error.text}"


def channel_of(interaction: Interaction) -> Any:
    """Return where somebody is."""
    return interaction.channel


async def twice(interaction: Interaction) -> None:
    """Acknowledge once more."""
    await discord.InteractionResponse(interaction).send_message("again")


async def threads_twice(interaction: Interaction) -> None:
    """Open two threads at one message."""
    message = await channel_of(interaction).send("here")
    await message.create_thread(name="one")
    await channel_of(interaction).get_partial_message(message.id).create_thread(name="two")


async def closed_thread(interaction: Interaction) -> None:
    """Edit a message in a closed thread."""
    thread = await channel_of(interaction).create_thread(name="closed", type=discord.ChannelType.public_thread)
    message = await thread.send("before")
    await thread.edit(archived=True)
    await message.edit(content="after")


async def reopened_thread(interaction: Interaction) -> str:
    """Write into a closed thread, which opens it."""
    thread = await channel_of(interaction).create_thread(name="closed", type=discord.ChannelType.public_thread)
    await thread.edit(archived=True)
    await thread.send("after")
    found: Any = await interaction.client.fetch_channel(thread.id)
    return "open" if not found.archived else "closed"


async def members_of_thread(interaction: Interaction) -> str:
    """Bring somebody into a private thread and out again."""
    thread = await channel_of(interaction).create_thread(name="private", invitable=False)
    await thread.add_user(interaction.user)
    first = len(await thread.fetch_members())
    await thread.remove_user(interaction.user)
    second = len(await thread.fetch_members())
    await thread.leave()
    return f"{thread.type.name} {first} {second}"


async def look_around(interaction: Interaction) -> str:
    """Ask for everything about the server."""
    client, guild_id = interaction.client, interaction.guild_id or 0
    guild = await client.fetch_guild(guild_id, with_counts=False)
    member = await guild.fetch_member(interaction.user.id)
    user = await client.fetch_user(interaction.user.id)
    channels, roles = await guild.fetch_channels(), await guild.fetch_roles()
    mine = [one.name async for one in client.fetch_guilds(with_counts=False)]
    active = await client.http.get_active_threads(guild_id)
    return f"{guild.name} {mine} {member.id == user.id} {len(channels) > 0} {len(roles) > 0} {active['has_more']}"


async def history(interaction: Interaction) -> str:
    """Read back, then delete what can be deleted at once."""
    channel = channel_of(interaction)
    sent = [await channel.send(str(number)) for number in range(3)]
    read = [one.content async for one in channel.history(limit=3)]
    await channel.delete_messages(sent)
    return f"{read} {len([one async for one in channel.history(limit=3) if one in sent])}"


async def reactions(interaction: Interaction) -> str:
    """React, look who reacted, and take it back."""
    message = await channel_of(interaction).send("react")
    await message.add_reaction("👍")
    again = await channel_of(interaction).fetch_message(message.id)
    people = [one.id async for one in again.reactions[0].users()]
    await message.remove_reaction("👍", interaction.client.user)
    once_more = await channel_of(interaction).fetch_message(message.id)
    return f"{again.reactions[0].count} {len(people)} {len(once_more.reactions)}"


async def commands_of_guild(interaction: Interaction) -> str:
    """Give the server a command of its own, change it and take it away."""
    tree, guild = interaction.client.tree, discord.Object(interaction.guild_id or 0)
    only_here = app_commands.Command(name="local", description="Only here", callback=_local)
    tree.add_command(only_here, guild=guild)
    (synced,) = await tree.sync(guild=guild)
    changed = await (await tree.fetch_command(synced.id, guild=guild)).edit(description="Changed")
    await changed.delete()
    return f"{changed.description} {len(await tree.fetch_commands(guild=guild))} {len(await tree.fetch_commands()) > 0}"


async def _local(interaction: Interaction) -> None:
    await interaction.response.send_message("local")


async def file_again(interaction: Interaction) -> str:
    """Send a file and read it again from where Discord keeps it."""
    message = await channel_of(interaction).send(file=discord.File(io.BytesIO(b"\x00report"), "a b.txt"))
    return f"{message.attachments[0].filename} {await message.attachments[0].read()!r}"


async def follow_ups(interaction: Interaction) -> None:
    """Say six things besides the answer."""
    await interaction.edit_original_response(content="first")
    for number in range(6):
        await interaction.followup.send(str(number), ephemeral=True)


def long_embeds() -> list[discord.Embed]:
    """Return two embeds that are too long together."""
    return [discord.Embed(description="x" * 3001), discord.Embed(description="y" * 3000)]


ATTEMPTS: dict[str, Attempt] = {
    "send": lambda one: channel_of(one).send("sent"),
    "send-file": lambda one: channel_of(one).send(file=discord.File(io.BytesIO(b"x"), "x.txt")),
    "react": lambda one: channel_of(one).get_partial_message(one.id).add_reaction("👍"),
    "too-long": lambda one: channel_of(one).send("x" * 2001),
    "empty": lambda one: channel_of(one).send(),
    "embeds-in-all": lambda one: channel_of(one).send(embeds=long_embeds()),
    "title": lambda one: channel_of(one).send(embed=discord.Embed(title="x" * 257)),
    "no-message": lambda one: channel_of(one).get_partial_message(1).edit(content="x"),
    "no-channel": lambda one: one.client.get_partial_messageable(1).send("x"),
    "not-mine": lambda one: one.client.http.edit_message(
        channel_of(one).id, channel_of(one).last_message_id, params=discord.http.handle_message_parameters("x")
    ),
    "reply-to-nothing": lambda one: channel_of(one).send(
        "x", reference=discord.MessageReference(message_id=1, channel_id=channel_of(one).id)
    ),
    "bad-thread-name": lambda one: channel_of(one).create_thread(name="x" * 101),
    "follow-ups": follow_ups,
    "twice": twice,
    "threads-twice": threads_twice,
    "closed-thread": closed_thread,
    "reopened-thread": reopened_thread,
    "members-of-thread": members_of_thread,
    "look-around": look_around,
    "history": history,
    "reactions": reactions,
    "commands-of-guild": commands_of_guild,
    "file-again": file_again,
    "chunk": lambda one: one.guild.chunk() if one.guild else asyncio.sleep(0),
}


def register(tree: app_commands.CommandTree[Any]) -> None:
    """Add all commands."""

    @tree.command(description="A message with components")
    async def ask(interaction: Interaction) -> None:
        await interaction.response.send_message("question", view=buttons())

    @tree.command(description="Components V2")
    async def layout(interaction: Interaction) -> None:
        await interaction.response.send_message(view=panel())

    @tree.command(description="Defer, follow up, edit")
    async def slow(interaction: Interaction, alone: bool) -> None:
        await interaction.response.defer(ephemeral=alone, thinking=True)
        await interaction.followup.send("first")
        await interaction.followup.send("second", ephemeral=alone)
        await interaction.edit_original_response(content="edited")

    @tree.command(description="Suggestions")
    async def explain(interaction: Interaction, code: str) -> None:
        await interaction.response.send_message(f"{code} explained", ephemeral=True)

    @explain.autocomplete("code")
    async def _suggest(_interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
        return [app_commands.Choice(name=code, value=code) for code in CODES if current in code]

    @tree.command(description="Try something")
    async def attempt(interaction: Interaction, what: str) -> None:
        await interaction.response.defer(ephemeral=True, thinking=True)
        result = await attempted(ATTEMPTS[what](interaction))
        await interaction.edit_original_response(content=result[:2000])

    @tree.command(description="Acknowledge, and say how that went")
    async def acknowledge(interaction: Interaction) -> None:
        result = await attempted(interaction.response.send_message("here", ephemeral=True))
        await channel_of(interaction).send(f"acknowledged: {result.partition(' ')[0]}")

    group = app_commands.Group(name="watch", description="Commands within a command")

    @group.command(description="Whom?")
    async def person(interaction: Interaction, who: discord.User, where: discord.TextChannel | None = None) -> None:
        await interaction.response.send_message(f"{who.name} in {where.name if where else 'nowhere'}")

    tree.add_command(group)

    @tree.context_menu(name="Quote")
    async def quote(interaction: Interaction, message: discord.Message) -> None:
        await interaction.response.send_message(f"> {message.content}", ephemeral=True)


def main() -> None:
    """Run against the stand-in that the environment names."""
    discord.http.Route.BASE = os.environ["FIVEOHTWO_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["FIVEOHTWO_DISCORD_GATEWAY"])
    Bot().run(os.environ["FIVEOHTWO_DISCORD_TOKEN"])


if __name__ == "__main__":
    main()
