"""What answers a click on a component of any age? Dynamic items: found by pattern, not by memory of a message."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Self

import discord

from bot.surfaces.discord.custom_id import BUTTON, SELECT, decode

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo


class ChoiceButton(discord.ui.DynamicItem[discord.ui.Button[Any]], template=BUTTON):
    """A choice as a button."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Wrap the button that was clicked."""
        return cls(item)  # type: ignore[arg-type]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the click over."""
        await _picked(interaction)


class ChoiceSelect(discord.ui.DynamicItem[discord.ui.Select[Any]], template=SELECT):
    """Choices as a menu."""

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], item: discord.ui.Item[Any], _match: re.Match[str], /
    ) -> Self:
        """Wrap the menu that was used."""
        return cls(item)  # type: ignore[arg-type]

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        """Hand the pick over."""
        await _picked(interaction)


async def _picked(interaction: discord.Interaction[Fiveohtwo]) -> None:
    data: Any = interaction.data or {}
    click = decode(str(data.get("custom_id", "")))
    if click is not None:
        await interaction.client.clicks.picked(interaction, click, tuple(data.get("values", ())))
