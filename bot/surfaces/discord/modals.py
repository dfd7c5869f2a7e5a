"""Which forms can be filled in: an address, a pasted error, both? What was typed is read from the interaction itself.

A form that was opened before a restart may be submitted after it, so nothing here relies on the form's own object.
"""

from __future__ import annotations

from typing import Any

import discord

from bot.surfaces.discord.custom_id import Tag, encode
from bot.surfaces.discord.phrases import Phrases

ADDRESS, PASTE, ROLE = "address", "paste", "role"
TITLE_LENGTH = 45
PASTE_LENGTH = 4000
ADDRESS_LENGTH = 2000


def address_form(phrases: Phrases, tag: Tag) -> discord.ui.Modal:
    """Ask for the address that fails."""
    form = discord.ui.Modal(title=phrases.say("form.address")[:TITLE_LENGTH], custom_id=encode(tag, "form-address"))
    form.add_item(_text(phrases, ADDRESS, ADDRESS_LENGTH, required=True))
    return form


def paste_form(phrases: Phrases, tag: Tag) -> discord.ui.Modal:
    """Ask for the error as it is shown."""
    form = discord.ui.Modal(title=phrases.say("form.paste")[:TITLE_LENGTH], custom_id=encode(tag, "form-paste"))
    form.add_item(_text(phrases, PASTE, PASTE_LENGTH, required=True))
    return form


def diagnose_form(phrases: Phrases, tag: Tag) -> discord.ui.Modal:
    """Ask for everything at once: the error, the address, and whose site it is."""
    form = discord.ui.Modal(title=phrases.say("form.diagnose")[:TITLE_LENGTH], custom_id=encode(tag, "form-diagnose"))
    form.add_item(_text(phrases, PASTE, PASTE_LENGTH, required=False))
    form.add_item(_text(phrases, ADDRESS, ADDRESS_LENGTH, required=False))
    roles: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=ROLE,
        required=False,
        min_values=0,
        options=[discord.SelectOption(label=phrases.choice(role).label, value=role) for role in ("visitor", "owner")],
    )
    form.add_item(discord.ui.Label(text=phrases.say("form.role")[:TITLE_LENGTH], component=roles))
    return form


def _text(phrases: Phrases, name: str, length: int, *, required: bool) -> discord.ui.Label[Any]:
    style = discord.TextStyle.long if name == PASTE else discord.TextStyle.short
    field: discord.ui.TextInput[Any] = discord.ui.TextInput(
        custom_id=name, style=style, max_length=length, required=required
    )
    return discord.ui.Label(text=phrases.say(f"form.{name}-label")[:TITLE_LENGTH], component=field)


def answers_of(interaction: discord.Interaction[Any]) -> dict[str, str]:
    """Return what was filled in, by field; a field left empty is missing."""
    found: dict[str, str] = {}
    data: Any = interaction.data or {}
    for row in data.get("components", ()):
        for field in row.get("components", [row["component"]] if "component" in row else []):
            value = field.get("value") or next(iter(field.get("values") or ()), "")
            if value:
                found[str(field.get("custom_id"))] = str(value)
    return found
