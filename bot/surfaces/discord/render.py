"""How does a message look in Discord? Components V2: one container, coloured by the verdict, that fits a phone.

Limits: 40 components and 4,000 characters of text in a message, 5 buttons a row, 25 options a select.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.conversation.replies import BROWSERS, SYSTEMS
from bot.surfaces.discord.custom_id import MANY, Tag, encode
from bot.surfaces.discord.items import ChoiceButton, ChoiceSelect
from bot.surfaces.discord.markup import paragraph
from bot.wording import Block, Label, Message

COLOURS = {"up": 0x2E9E5B, "down": 0xD83C3E, "degraded": 0xE3A008, "blocked": 0x8E5BD8, "unknown": 0x80848E}
NEUTRAL_COLOUR = 0x5865F2
TEXT_LIMIT = 3800
"""Below Discord's 4,000, counted as JavaScript counts: an emoji is two."""
PLAIN_LIMIT = 2000
MOST_TEXTS = 12
LIST_LENGTH = 220
ROW = 5
ROWS = 3
OPTIONS = 25
OPTION_LENGTH = 100
BUTTON_LENGTH = 80
PLACEHOLDER_LENGTH = 150
IN_SELECT = frozenset({*BROWSERS, *SYSTEMS, "other"})
STYLES = {
    "guide": discord.ButtonStyle.primary,
    "look": discord.ButtonStyle.primary,
    "works": discord.ButtonStyle.success,
    "still-broken": discord.ButtonStyle.danger,
    "visitor": discord.ButtonStyle.primary,
    "owner": discord.ButtonStyle.primary,
    "yes": discord.ButtonStyle.primary,
    "no": discord.ButtonStyle.primary,
    "resume": discord.ButtonStyle.primary,
    "enter-address": discord.ButtonStyle.primary,
    "enter-paste": discord.ButtonStyle.primary,
}
LATER = frozenset({"back", "tried", "why", "human", "stop", "restart", "dismiss", "help"})
"""What is not about the present question stands in a row of its own below it."""


NOBODYS = Tag("0", 0)
"""Of panels without components."""


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
    tag: Tag = NOBODYS
    """What its components tell of themselves."""

    @property
    def state(self) -> str | None:
        """State of the newest verdict in it."""
        verdicts = [message.verdict for message in self.messages if message.verdict is not None]
        return str(verdicts[-1]["state"]) if verdicts else None


def layout(panel: Panel) -> discord.ui.LayoutView:
    """Return the panel as Components V2."""
    view = discord.ui.LayoutView(timeout=None)
    colour = COLOURS.get(panel.state or "", NEUTRAL_COLOUR)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour)
    for position, text in enumerate(texts_of(panel)):
        if position:
            container.add_item(discord.ui.Separator())
        container.add_item(discord.ui.TextDisplay(text))
    for row in _rows(panel):
        container.add_item(row)
    view.add_item(container)
    return view


def texts_of(panel: Panel) -> list[str]:
    """Return the paragraphs, one text a message; what is too long in all is cut at the end of a line."""
    sections = ["\n".join(_line(block, message.key) for block in message.blocks) for message in panel.messages]
    sections.append("\n".join(panel.progress))
    if panel.footer:
        sections.append(f"-# {panel.footer}")
    kept: list[str] = []
    left = TEXT_LIMIT
    for section in filter(str.strip, sections):
        if len(kept) == MOST_TEXTS or left < 2:
            break
        kept.append(shortened(section, left))
        left -= units(kept[-1])
    return kept or ["…"]


def shortened(text: str, limit: int) -> str:
    """Return whole lines of a text, as many as fit; half a line could leave a code span open."""
    if units(text) <= limit:
        return text
    kept, left = [], limit - 2
    for line in text.split("\n"):
        left -= units(line) + 1
        if left < 0:
            break
        kept.append(line)
    return "\n".join([*kept, "…"])


def units(text: str) -> int:
    """Return a text's length as Discord counts it, in UTF-16 code units."""
    return len(text) + sum(character > "\uffff" for character in text)


def _line(block: Block, key: str) -> str:
    text = paragraph(block.spans)
    match block.kind:
        case "heading":
            return f"**{text}**"
        case "aside" if key == "plan":
            return f"-# {_few(text)}"
        case "aside":
            return "\n".join(f"-# {line}" for line in text.splitlines())
        case "detail":
            return f"- {text}"
        case "action":
            return f"➜ {text}"
        case _:
            return text


def _few(text: str) -> str:
    """Name only the first of many left-out steps; a whole list would hide the step that is to be done."""
    if len(text) <= LIST_LENGTH:
        return text
    cut = text.rfind("; ", 0, LIST_LENGTH)
    return text if cut < 0 or text.count("`", 0, cut) % 2 else f"{text[:cut]} …"


def as_text(panel: Panel) -> str:
    """Return the panel as plain text, for places that do not show components."""
    return shortened("\n".join(texts_of(panel)), PLAIN_LIMIT)


def _rows(panel: Panel) -> Iterable[discord.ui.ActionRow[Any]]:
    options = [choice for choice in panel.choices if _is_option(choice)]
    buttons = [choice for choice in panel.choices if not _is_option(choice)]
    if options:
        yield discord.ui.ActionRow(_select(options[:OPTIONS], panel))
    for row in _split(buttons)[:ROWS]:
        yield discord.ui.ActionRow(*(_button(choice, panel.tag) for choice in row))


def _split(buttons: Sequence[Label]) -> list[Sequence[Label]]:
    """Five buttons or fewer share a row; more are parted into those of the question and the rest."""
    if len(buttons) <= ROW:
        return [buttons] if buttons else []
    first = [choice for choice in buttons if choice.id not in LATER]
    rest = [choice for choice in buttons if choice.id in LATER]
    return [group[start : start + ROW] for group in (first, rest) for start in range(0, len(group), ROW)]


def _is_option(choice: Label) -> bool:
    return choice.id in IN_SELECT or choice.id.startswith(("step:", "error:"))


def _button(choice: Label, tag: Tag) -> ChoiceButton:
    style = STYLES.get(choice.id, discord.ButtonStyle.secondary)
    button: discord.ui.Button[Any] = discord.ui.Button(
        label=choice.label[:BUTTON_LENGTH], style=style, custom_id=encode(tag, choice.id)
    )
    return ChoiceButton(button)


def _select(options: Sequence[Label], panel: Panel) -> ChoiceSelect:
    several = all(choice.id.startswith("step:") for choice in options)
    select: discord.ui.Select[Any] = discord.ui.Select(
        custom_id=encode(panel.tag, MANY),
        placeholder=panel.placeholder[:PLACEHOLDER_LENGTH] or None,
        min_values=1,
        max_values=len(options) if several else 1,
        options=[discord.SelectOption(label=choice.label[:OPTION_LENGTH], value=choice.id) for choice in options],
    )
    return ChoiceSelect(select)
