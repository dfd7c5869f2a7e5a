"""How does a message look in Discord? Components V2: one container, coloured by the verdict, that fits a phone.

Limits: 40 components and 4,000 characters of text in a message, 5 buttons a row, 25 options a select.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.conversation.replies import BROWSERS, SYSTEMS
from bot.surfaces.discord.custom_id import MANY, encode
from bot.surfaces.discord.items import ChoiceButton, ChoiceSelect
from bot.surfaces.discord.markup import paragraph
from bot.wording import Block, Label, Message

COLOURS = {"up": 0x2E9E5B, "down": 0xD83C3E, "degraded": 0xE3A008, "blocked": 0x8E5BD8, "unknown": 0x80848E}
NEUTRAL_COLOUR = 0x5865F2
TEXT_LIMIT = 3800
"""Below Discord's 4,000: the rest is left for the lines that are added around it."""
ROW = 5
OPTIONS = 25
OPTION_LENGTH = 100
BUTTON_LENGTH = 80
IN_SELECT = frozenset({*BROWSERS, *SYSTEMS})
STYLES = {
    "guide": discord.ButtonStyle.primary,
    "works": discord.ButtonStyle.success,
    "still-broken": discord.ButtonStyle.danger,
    "visitor": discord.ButtonStyle.primary,
    "enter-address": discord.ButtonStyle.primary,
    "enter-paste": discord.ButtonStyle.primary,
}


@dataclass(frozen=True)
class Panel:
    """What one Discord message shows: some paragraphs, and what can be picked below them."""

    messages: tuple[Message, ...]
    progress: tuple[str, ...] = ()
    """Lines about checks that are under way."""
    choices: tuple[Label, ...] = ()
    placeholder: str = ""
    """Of the select, if there is one."""
    footer: str | None = None

    @property
    def state(self) -> str | None:
        """State of the newest verdict in it."""
        verdicts = [message.verdict for message in self.messages if message.verdict is not None]
        return str(verdicts[-1]["state"]) if verdicts else None


def layout(panel: Panel, key: str, owner: int) -> discord.ui.LayoutView:
    """Return the panel as Components V2."""
    view = discord.ui.LayoutView(timeout=None)
    colour = COLOURS.get(panel.state or "", NEUTRAL_COLOUR)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour)
    texts = texts_of(panel)
    for position, text in enumerate(texts):
        if position:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text))
    for row in _rows(panel, key, owner):
        container.add_item(row)
    view.add_item(container)
    return view


def texts_of(panel: Panel) -> list[str]:
    """Return the paragraphs, one text a message; what is too long in all is cut from the end."""
    sections = ["\n".join(_line(block) for block in message.blocks) for message in panel.messages]
    sections.append("\n".join(panel.progress))
    if panel.footer:
        sections.append(f"-# {panel.footer}")
    left, kept = TEXT_LIMIT, []
    for section in filter(None, sections):
        kept.append(section if len(section) <= left else section[: max(0, left - 1)].rstrip() + "…")
        left -= len(kept[-1])
        if left <= 0:
            break
    return kept or ["…"]


def _line(block: Block) -> str:
    text = paragraph(block.spans)
    match block.kind:
        case "heading":
            return f"**{text}**"
        case "aside":
            return "\n".join(f"-# {line}" for line in text.splitlines())
        case "detail":
            return f"- {text}"
        case "action":
            return f"**{text}**" if len(text) < 120 else text
        case _:
            return text


def as_text(panel: Panel) -> str:
    """Return the panel as plain text, for places that do not show components (2,000 characters)."""
    text = "\n".join(texts_of(panel))
    return text if len(text) <= 2000 else text[:1999] + "…"


def _rows(panel: Panel, key: str, owner: int) -> Iterable[discord.ui.ActionRow[Any]]:
    options = [choice for choice in panel.choices if _is_option(choice)]
    buttons = [choice for choice in panel.choices if not _is_option(choice)]
    if options:
        yield discord.ui.ActionRow(_select(options[:OPTIONS], panel.placeholder, key, owner))
    for start in range(0, min(len(buttons), 3 * ROW), ROW):
        row = buttons[start : start + ROW]
        yield discord.ui.ActionRow(*(_button(choice, key, owner) for choice in row))


def _is_option(choice: Label) -> bool:
    return choice.id in IN_SELECT or choice.id.startswith(("step:", "error:"))


def _button(choice: Label, key: str, owner: int) -> ChoiceButton:
    style = STYLES.get(choice.id, discord.ButtonStyle.secondary)
    button: discord.ui.Button[Any] = discord.ui.Button(
        label=choice.label[:BUTTON_LENGTH], style=style, custom_id=encode(key, owner, choice.id)
    )
    return ChoiceButton(button)


def _select(options: Sequence[Label], placeholder: str, key: str, owner: int) -> ChoiceSelect:
    several = all(choice.id.startswith("step:") for choice in options)
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=encode(key, owner, MANY),
        placeholder=placeholder[:150] or None,
        min_values=1,
        max_values=len(options) if several else 1,
        options=[discord.SelectOption(label=choice.label[:OPTION_LENGTH], value=choice.id) for choice in options],
    )
    return ChoiceSelect(select)
