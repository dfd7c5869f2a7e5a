"""Which chat messages are there, in which language, and what are they? (`tests/talk`)"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("talk")
KINDS = ("need", "over", "general", "joke", "told", "number", "other")


class Row(NamedTuple):
    """One message."""

    language: str
    kind: str
    text: str

    @property
    def wants_help(self) -> bool:
        """Should the bot speak?"""
        return self.kind == "need"


def rows() -> Iterator[Row]:
    """Read all messages, language by language."""
    for path in sorted(FOLDER.glob("*.tsv")):
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, text = line.split("\t")
            yield Row(path.stem, kind, text.replace("\\n", "\n").replace("\\\\", "\\"))
