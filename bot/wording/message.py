"""What does a surface get to show? Messages of blocks and choices, without markup.

A block is made of spans: the knowledge's own words, and foreign text (addresses, titles, names that somebody else
wrote), which each surface escapes in its own way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from pydantic import JsonValue

from bot.diagnosis.identification import Value

BlockKind = Literal["heading", "text", "reason", "action", "aside", "detail", "report"]


class Span(Value):
    """A piece of text; `foreign` text was written by somebody else and must be escaped by the surface."""

    text: str
    foreign: bool = False


class Piece(NamedTuple):
    """A piece of a paragraph as a surface must mark it."""

    text: str
    foreign: bool
    code: bool


class Block(Value):
    """One paragraph and its role."""

    kind: BlockKind
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The paragraph without any markup."""
        return "".join(span.text for span in self.spans)


def pieces(spans: Iterable[Span]) -> Iterator[Piece]:
    """Split spans at the backticks that mark code in our own words; a foreign value may stand inside such code."""
    code = False
    for span in spans:
        if span.foreign:
            yield Piece(text=span.text, foreign=True, code=code)
            continue
        for position, part in enumerate(span.text.split("`")):
            code = code if position == 0 else not code
            if part:
                yield Piece(text=part, foreign=False, code=code)


class Label(Value):
    """A choice with its words."""

    id: str
    label: str


class Message(Value):
    """What a surface shows."""

    key: str
    id: str = ""
    """The line's name: the same message after a restart has the same name."""
    blocks: tuple[Block, ...]
    choices: tuple[Label, ...] = ()
    verdict: dict[str, JsonValue] | None = None
    """The verdict in the shape of `check --json`, when the message brings one."""
    step: str | None = None
    """Id of the guide step that the message shows."""

    @property
    def text(self) -> str:
        """All paragraphs, one per line, without any markup."""
        return "\n".join(block.text for block in self.blocks)
