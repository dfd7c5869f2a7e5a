"""How is text shown in Discord, so that nothing in it can act?

Our own words may mark code with backticks; everything else in them is escaped. Foreign text becomes a code span, the
only markup in which mentions, links, time stamps and emoji stay inert.
"""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.diagnosis.neutral import neutral
from bot.wording import Block, Span
from bot.wording.message import pieces

BACKTICK = "\N{MODIFIER LETTER GRAVE ACCENT}"
FOREIGN_LENGTH = 200


def paragraph(spans: Iterable[Span]) -> str:
    """Return spans as Discord markdown."""
    parts: list[str] = []
    open_code = False
    for piece in pieces(spans):
        if piece.code != open_code:
            parts.append("`")
            open_code = piece.code
        if piece.foreign:
            parts.append(foreign(piece.text, inside_code=open_code))
        else:
            parts.append(piece.text if open_code else words(piece.text))
    return "".join([*parts, "`"] if open_code else parts)


def foreign(text: str, *, inside_code: bool = False) -> str:
    """Return somebody else's text as a code span (or as a part of one)."""
    clean = neutral(text, FOREIGN_LENGTH).replace("`", BACKTICK)
    if inside_code or not clean:
        return clean
    return f"`{clean}`"


def words(text: str) -> str:
    """Return our own words without accidental markup or mentions."""
    return discord.utils.escape_mentions(discord.utils.escape_markdown(text))


def plain(blocks: Iterable[Block]) -> str:
    """Return blocks as text for a file or for places that show no markup."""
    return "\n".join(block.text for block in blocks)
