"""By which words do people, in their own languages, tell of a failure, ask for help, or say that it is over?

The words are data (`[recognise]` of `knowledge/locales/*.toml`); here they become regular expressions. A word of a script
with spaces must stand alone; Chinese, Japanese, Korean and Thai words may stand anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.kb.model import Locale

_UNSPACED = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_NEVER = re.compile(r"(?!)")
_SHORT = 70
"""A text that is no longer is one clause."""
_STOP = re.compile(r"[.!?]\s|\n")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all languages, ready to be searched."""

    context: re.Pattern[str]
    context_before: re.Pattern[str]
    context_after: re.Pattern[str]
    plea: re.Pattern[str]
    over: re.Pattern[str]
    statuses: tuple[tuple[int, re.Pattern[str]], ...]

    def beside(self, before: str, after: str) -> bool:
        """Does a word of failure stand directly before or after?"""
        return bool(self.context_before.search(before) or self.context_after.match(after))

    def around(self, before: str, after: str) -> bool:
        """Does a word of failure or of need stand in the same clause?"""
        clause = (
            before + after
            if len(before) + len(after) < _SHORT
            else f"{_STOP.split(before)[-1]} {_STOP.split(after)[0]}"
        )
        return bool(self.context.search(clause) or self.plea.search(clause))


def vocabulary_of(locales: Iterable[Locale]) -> Vocabulary:
    """Prepare the words of these languages."""
    words = [locale.recognise for locale in locales]
    context = _any(word for each in words for word in each.context)
    statuses: dict[int, list[str]] = {}
    for each in words:
        for status, wordings in each.status.items():
            statuses.setdefault(int(status), []).extend(wordings)
    return Vocabulary(
        context=_pattern(context),
        context_before=_pattern(rf"(?:{context})[\s:=\-(\[\"'#]{{0,4}}\Z" if context else ""),
        context_after=_pattern(rf"[\s:\-)\"']{{0,3}}(?:{context})" if context else ""),
        plea=_pattern(_any(word for each in words for word in each.plea)),
        over=_pattern(_any(word for each in words for word in each.over)),
        statuses=tuple((status, _pattern(_any(wordings))) for status, wordings in sorted(statuses.items())),
    )


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE) if source else _NEVER


def _any(words: Iterable[str]) -> str:
    """An alternation of literal words, the longest first."""
    return "|".join(_word(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


def _word(word: str) -> str:
    literal = r"\s+".join(re.escape(part) for part in word.split())
    return literal if _UNSPACED.search(word) else rf"(?<!\w){literal}(?!\w)"
