"""What does a message look like in Discord? Components V2: one container, coloured by the verdict, that fits a phone.

Limits: 40 components and 4,000 characters of text per message, 5 buttons per row, 25 options per select.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.conversation.replies import BROWSERS, SYSTEMS
from bot.surfaces.discord.custom_id import MANY, Tag, encode
from bot.surfaces.discord.markup import paragraph
from bot.wording import Block, Label, Message

COLOURS = {"up": 0x2E9E5B, "down": 0xD83C3E, "degraded": 0xE3A008, "blocked": 0x8E5BD8, "unknown": 0x80848E}
NEUTRAL_COLOUR = 0x5865F2
TEXT_LIMIT = 3800
"""Below Discord's 4,000, counted as JavaScript counts: an emoji is two."""
PLAIN_LIMIT = 2000
LEAST = 2
MOST_TEXTS = 18
"""Texts and the lines between them: a menu and three rows of buttons take the rest of the 40 components."""
LIST_LENGTH = 180
APART = frozenset({"action", "aside"})
COMPACT = frozenset({"card", "plan"})
SMALL = "-# "
BOLD = ("**", "**")
MARKUP: dict[tuple[str, str], tuple[str, str]] = {
    ("", "heading"): ("### ", ""),
    ("", "aside"): (SMALL, ""),
    ("", "detail"): ("- ", ""),
    ("", "action"): ("➜ ", ""),
    ("card", "heading"): BOLD,
    ("card", "detail"): (SMALL, ""),
    ("verdict", "detail"): (SMALL, ""),
    ("plan", "heading"): BOLD,
    ("plan", "text"): (SMALL, ""),
    ("step", "action"): BOLD,
    ("step", "aside"): (f"{SMALL}⚠️ ", ""),
    ("step", "reason"): (SMALL, ""),
}
"""Kind of message (empty: any) and of block -> what comes before and after its text.

A card is a guest in other people's channel and stays unobtrusive; in a step the thing to do and the question stand out.
"""
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
LATER = frozenset({"watch", "back", "tried", "why", "human", "stop", "restart", "dismiss", "help"})
"""What is not about the current question goes in a row of its own below it."""


NOBODYS = Tag("0", 0)
"""For panels without components."""


@dataclass(frozen=True)
class Panel:
    """What one Discord message shows: some paragraphs, and what can be picked below them."""

    messages: tuple[Message, ...]
    progress: tuple[str, ...] = ()
    """Lines about checks that are under way."""
    choices: tuple[Label, ...] = ()
    placeholder: str = ""
    """For the select, if there is one."""
    footer: str | None = None
    tag: Tag = NOBODYS
    """What its components say about themselves."""

    @property
    def state(self) -> str | None:
        """State of the newest verdict in it."""
        verdicts = [message.verdict for message in self.messages if message.verdict is not None]
        return str(verdicts[-1]["state"]) if verdicts else None


def layout(panel: Panel) -> discord.ui.LayoutView:
    """Return the panel as Components V2.

    The view is stopped, so that discord.py does not keep it forever: a click says in its custom id what it means.
    """
    view = discord.ui.LayoutView(timeout=None)
    colour = COLOURS.get(panel.state or "", NEUTRAL_COLOUR)
    container: discord.ui.Container[Any] = discord.ui.Container(accent_colour=colour)
    for position, section in enumerate(sections_of(panel)):
        if position:
            container.add_item(discord.ui.Separator())
        for text in section:
            container.add_item(discord.ui.TextDisplay(text))
    for row in _rows(panel):
        container.add_item(row)
    view.add_item(container)
    view.stop()
    return view


def texts_of(panel: Panel) -> list[str]:
    """Return all texts of the panel in order."""
    return [text for section in sections_of(panel) for text in section]


def sections_of(panel: Panel) -> list[list[str]]:
    """Return a section for each message, made of texts set slightly apart; what is too long is left out."""
    sections = [_texts(message) for message in panel.messages]
    sections += [["\n".join(panel.progress)], [f"-# {panel.footer}" if panel.footer else ""]]
    kept: list[list[str]] = []
    left, places = TEXT_LIMIT, MOST_TEXTS
    for section in filter(None, ([text for text in texts if text.strip()] for texts in sections)):
        shown: list[str] = []
        for text in section[: max(0, places - 1)]:
            if left >= LEAST:
                shown.append(shortened(text, left))
                left -= units(shown[-1])
        if shown:
            kept.append(shown)
            places -= len(shown) + 1
    return kept or [["…"]]


def _texts(message: Message) -> list[str]:
    """Join the lines of a message; the question at its end and what is set aside begin a text of their own."""
    texts: list[list[str]] = [[]]
    before = ""
    for block in message.blocks:
        if message.key not in COMPACT and block.kind in APART and block.kind != before and texts[-1]:
            texts.append([])
        texts[-1].append(_line(block, message.key))
        before = block.kind
    return ["\n".join(lines) for lines in texts]


def shortened(text: str, limit: int) -> str:
    """Return as many whole lines of a text as fit; half a line could leave a code span open."""
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
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _line(block: Block, key: str) -> str:
    text = paragraph(block.spans)
    if key == "plan" and block.kind == "aside":
        text = _few(text)
    before, behind = MARKUP.get((key, block.kind)) or MARKUP.get(("", block.kind), ("", ""))
    lines = text.split("\n") if before.startswith(SMALL) else [text]
    return "\n".join(f"{before}{line}{behind}" for line in lines)


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
    """Up to five buttons share a row; more are split into those of the question and the rest."""
    if len(buttons) <= ROW:
        return [buttons] if buttons else []
    first = [choice for choice in buttons if choice.id not in LATER]
    rest = [choice for choice in buttons if choice.id in LATER]
    return [group[start : start + ROW] for group in (first, rest) for start in range(0, len(group), ROW)]


def _is_option(choice: Label) -> bool:
    return choice.id in IN_SELECT or choice.id.startswith(("step:", "error:"))


def _button(choice: Label, tag: Tag) -> discord.ui.Button[Any]:
    style = STYLES.get(choice.id, discord.ButtonStyle.secondary)
    return discord.ui.Button(label=choice.label[:BUTTON_LENGTH], style=style, custom_id=encode(tag, choice.id))


def _select(options: Sequence[Label], panel: Panel) -> discord.ui.Select[Any]:
    several = all(choice.id.startswith("step:") for choice in options)
    return discord.ui.Select(
        custom_id=encode(panel.tag, MANY),
        placeholder=panel.placeholder[:PLACEHOLDER_LENGTH] or None,
        min_values=1,
        max_values=len(options) if several else 1,
        options=[discord.SelectOption(label=choice.label[:OPTION_LENGTH], value=choice.id) for choice in options],
    )
