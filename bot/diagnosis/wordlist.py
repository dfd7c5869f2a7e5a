"""Is one of very many words directly before or after a place?

The words are stored as lines by their first letter: a set of thousands of strings takes megabytes, and is rarely used.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.diagnosis.scripts import RUN_ON

_LAST = re.compile(r"[^\s.,;:!?(){}\[\]\"/=<>|*_-]{1,40}(?=[. \u00a0#№]{0,3}\Z)")
_FIRST = re.compile(r"[ \u00a0]?([^\s\d.,;:!?(){}\[\]\"/=<>|*_-]{1,40})")
"""(Vowel marks are not letters to a regular expression, so words are what is between blanks and signs.)"""


@dataclass(frozen=True, slots=True)
class WordList:
    """Single words of all languages."""

    lines: Mapping[str, str] = field(default_factory=dict)
    """First letter -> the words, each between two line breaks."""
    glued: tuple[str, ...] = ()
    """Those of scripts without spaces: more may come beside them."""

    @classmethod
    def of(cls, words: Iterable[str]) -> WordList:
        """Prepare a list of words."""
        lines: dict[str, list[str]] = defaultdict(list)
        glued = set[str]()
        for word in dict.fromkeys(map(str.lower, words)):
            if RUN_ON.search(word):
                glued.add(word)
            else:
                lines[word[0]].append(word)
        return cls({first: "\n{}\n".format("\n".join(each)) for first, each in lines.items()}, tuple(sorted(glued)))

    def __contains__(self, word: str) -> bool:
        return f"\n{word}\n" in self.lines.get(word[:1], "")

    def ends(self, text: str) -> bool:
        """Is one of them the last word of a text, except for a full stop, a blank and a number sign?"""
        lowered = text[-60:].lower()
        if lowered.rstrip(" ").endswith(self.glued):
            return True
        last = _LAST.search(lowered)
        return last is not None and last[0] in self

    def starts(self, text: str) -> bool:
        """Is one of them the first word of a text, except for a blank?"""
        lowered = text[:60].lower()
        if lowered.lstrip(" ").startswith(self.glued):
            return True
        first = _FIRST.match(lowered)
        return first is not None and first[1] in self
