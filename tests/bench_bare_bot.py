"""What does a bare bot of discord.py do for a click? It acknowledges, and edits a message as long as ours. The benchmark's peer."""

from __future__ import annotations

import os
import re
from typing import Any, Self

import discord
import yarl
from discord import app_commands, ui

STEP = (
    "### Step 4: Check the address, protocol and name in the configuration\nCompare what stands behind the directive with "
    "what the program listens on: the same address and port, the same protocol, and the name that it expects.",
    "-# A name is looked up once, when the configuration is read. If its address has changed since, reload the server.\n"
    "-# After a change, test the configuration before you reload it.",
    "**Does the page open now?**",
)
ROWS = (("It works", "Still broken", "Skip"), ("Back", "Tried some already", "Why?", "Ask a human", "Stop"))


class Press(ui.DynamicItem[ui.Button[Any]], template=r"press:(?P<word>\w+)"):
    """A button that works after a restart."""

    def __init__(self, label: str) -> None:
        self.word = re.sub(r"\W", "", label.lower())
        super().__init__(ui.Button(label=label, custom_id=f"press:{self.word}"))

    @classmethod
    async def from_custom_id(cls, _interaction: Any, _item: Any, match: re.Match[str]) -> Self:
        """Come back from the custom id."""
        return cls(match["word"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Acknowledge, and show a step."""
        await interaction.response.defer()
        await interaction.edit_original_response(view=panel())


def panel() -> ui.LayoutView:
    """Return a step."""
    texts = [ui.TextDisplay[Any](text) for text in STEP]
    rows = [ui.ActionRow[Any](*(Press(label) for label in row)) for row in ROWS]
    return ui.LayoutView(timeout=None).add_item(ui.Container[Any](*texts, *rows, accent_colour=5793266))


class Bot(discord.AutoShardedClient):
    """The bot, with the intents of ours."""

    def __init__(self) -> None:
        intents = discord.Intents.none()
        intents.guilds = intents.guild_messages = intents.dm_messages = intents.message_content = True
        super().__init__(
            intents=intents, max_messages=None, chunk_guilds_at_startup=False, guild_ready_timeout=0.1
        )  # fmt: skip
        self.tree = app_commands.CommandTree(self)

    async def setup_hook(self) -> None:
        """Tell Discord the command."""
        self.add_dynamic_items(Press)

        @self.tree.command(description="Show a step")
        async def step(interaction: discord.Interaction[Any]) -> None:
            await interaction.response.send_message(view=panel())

        await self.tree.sync()

    async def on_message(self, message: discord.Message) -> None:
        """Make nothing of it."""


def main() -> None:
    """Run against the stand-in that the environment names."""
    discord.http.Route.BASE = os.environ["FIVEOHTWO_DISCORD_API"]
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["FIVEOHTWO_DISCORD_GATEWAY"])
    Bot().run(os.environ["FIVEOHTWO_DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main()
