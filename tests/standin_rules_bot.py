"""What does a small bot look like that uses all of discord.py that the stand-in serves? It runs in its own process."""

from __future__ import annotations

import io
import logging
import sys
from typing import Any

import discord
import discord.gateway
import discord.http
import yarl
from discord import app_commands

Interaction = discord.Interaction[Any]


class NameForm(discord.ui.Modal, title="Your name"):
    """A form with one field."""

    def __init__(self) -> None:
        super().__init__(custom_id="form")
        self.field: discord.ui.TextInput[Any] = discord.ui.TextInput(custom_id="name")
        self.add_item(discord.ui.Label(text="Name", component=self.field))

    async def on_submit(self, interaction: Interaction) -> None:
        """Say what was typed."""
        await interaction.response.send_message(self.field.value, ephemeral=True)


class Panel(discord.ui.View):
    """Buttons and a menu that outlive the process."""

    def __init__(self) -> None:
        super().__init__(timeout=None)

    @discord.ui.button(label="Yes", custom_id="panel:yes")
    async def yes(self, interaction: Interaction, _button: discord.ui.Button[Any]) -> None:
        """Acknowledge, then say something aside."""
        await interaction.response.defer()
        await interaction.followup.send("yes", ephemeral=True)

    @discord.ui.button(label="Form", custom_id="panel:form")
    async def form(self, interaction: Interaction, _button: discord.ui.Button[Any]) -> None:
        """Open a form."""
        await interaction.response.send_modal(NameForm())

    @discord.ui.select(custom_id="panel:colour", options=[discord.SelectOption(label=name) for name in ("red", "blue")])
    async def colour(self, interaction: Interaction, select: discord.ui.Select[Any]) -> None:
        """Edit the message that was used."""
        await interaction.response.edit_message(content=select.values[0])


class Small(discord.Client):
    """The bot."""

    def __init__(self, *, blind: bool) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=not blind)
        super().__init__(intents=intents, guild_ready_timeout=0.1)
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Tell Discord the commands."""
        self.add_view(Panel())
        for command in COMMANDS:
            self.tree.add_command(command)
        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Answer two words."""
        if message.content == "!ping":
            await message.channel.send("pong")
        elif message.content == "!thread":
            thread = await message.create_thread(name="help")
            await thread.send("inside")


@app_commands.command()
async def say(interaction: Interaction, text: str) -> None:
    """Say it."""
    await interaction.response.send_message(text)


@app_commands.command()
async def slow(interaction: Interaction) -> None:
    """Think, then say it."""
    await interaction.response.defer(thinking=True)
    await interaction.followup.send("done")


@app_commands.command()
async def whisper(interaction: Interaction) -> None:
    """Say it to one person."""
    await interaction.response.send_message("psst", ephemeral=True)


@app_commands.command()
async def pick(interaction: Interaction, fruit: str) -> None:
    """Pick a fruit."""
    await interaction.response.send_message(fruit)


@pick.autocomplete("fruit")
async def _fruits(_interaction: Interaction, current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=name, value=name) for name in ("apple", "pear") if name.startswith(current)]


@app_commands.command()
async def panel(interaction: Interaction) -> None:
    """Show the panel."""
    await interaction.response.send_message("panel", view=Panel())


@app_commands.command()
async def file(interaction: Interaction) -> None:
    """Hand over a file."""
    await interaction.response.send_message(file=discord.File(io.BytesIO(b"content"), filename="note.txt"))


@app_commands.command()
async def wrong(interaction: Interaction) -> None:
    """Answer a command with the edit of a message that is not there."""
    route = discord.http.Route(
        "POST",
        "/interactions/{interaction_id}/{token}/callback",
        interaction_id=interaction.id,
        token=interaction.token,
    )
    try:
        await interaction.client.http.request(route, json={"type": 6})
    except discord.HTTPException as error:
        await interaction.response.send_message(f"refused with {error.code}")


@app_commands.context_menu(name="Quote")
async def quote(interaction: Interaction, message: discord.Message) -> None:
    """Say what the message says."""
    await interaction.response.send_message(message.content, ephemeral=True)


COMMANDS = (say, slow, whisper, pick, panel, file, wrong, quote)

if __name__ == "__main__":
    api, gateway, token, *words = sys.argv[1:]
    discord.http.Route.BASE = api
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway)
    Small(blind="blind" in words).run(token, log_level=logging.ERROR)
