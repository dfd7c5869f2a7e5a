"""Which words of a text were meant as words of the knowledge?

Wordings are found in damaged texts, but a regular expression is exact: one wrong letter hides it. So a word that is
one slip away from a word that the knowledge looks for is read as that word, beside the text as it is; and a code
whose end is cut off as the only one with that beginning. Numbers, addresses, file names and short words are never
touched.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from bot.diagnosis.likeness import nearest
from bot.diagnosis.normalise import Text, squash

LEAST = 5
"""Shorter words are too much alike."""
_LONG = 9
"""Words from this length on may have two slips."""
_TOKEN = re.compile(r"(?<![\w./@\\=$-])[A-Za-z0-9]{5,40}(?![\w@\\/=]|[.-]\w)")
"""A word that is not part of an address, a path, a dotted name or a setting."""
_SCANNED = re.compile(r"(?<![\w.])(?=\w?\d)(?=\w{0,2}[OoZzSl])[45S][0-9OolS][0-9OoZzlS](?!\w)")
"""A status with a scanner's confusion of letters and digits."""
_NAME = re.compile(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b")
_CUT = re.compile(r"\b(?=\w{8})[A-Z][A-Z0-9]*(?:_[A-Z0-9]*)+\Z")
"""The name of a code at the end of the text, where it may be cut off."""
_DIGIT = re.compile(r"\d")
_FIGURES = str.maketrans("OoZzSl", "002251")
_CONFUSED = str.maketrans("fbc", "the")
_LOWER = re.compile(r"[a-z]{5,}")
_LETTERS = re.compile(r"[A-Za-z]{3}")
_CODE = re.compile(r"\\[A-Za-z]|\(\?P<\w+>|\[[^\]]*\]|\{[^}]*\}")
_WORD = re.compile(r"[a-z]{4,}[a-z?]?")
_MOST = 800
"""Texts up to this length are typed or scanned; longer ones are copied."""


@dataclass(frozen=True, slots=True)
class Speller:
    """The words that the knowledge looks for."""

    known: frozenset[str]
    by_shape: dict[tuple[str, int], dict[str, str]]
    """First and last letter, which hardly anybody gets wrong, and the length -> folded word -> the word."""

    codes: tuple[str, ...]
    """Names of codes, in order."""

    @classmethod
    def of(cls, wordings: Sequence[str], patterns: Iterable[str]) -> Speller:
        """Collect all words of literal strings (names of codes among them) and of regular expressions."""
        codes = tuple(sorted({code for text in wordings for code in _NAME.findall(text)}))
        words = {word for text in wordings for word in _LOWER.findall(text.lower())}
        for pattern in patterns:
            for word in _WORD.findall(_CODE.sub(" ", pattern.lower())):
                words.update((word[:-1], word[:-2]) if word.endswith("?") else (word,))
        known = frozenset(word for word in words if len(word) >= LEAST)
        by_shape: dict[tuple[str, int], dict[str, str]] = defaultdict(dict)
        for word in sorted(known):
            key = _folded(word)
            by_shape[key[0] + key[-1], len(key)].setdefault(word if key == word else key, word)
        return cls(known, dict(by_shape), codes)

    def completed(self, start: str) -> str | None:
        """Return the only code that starts with this; a number is never completed."""
        first = bisect_left(self.codes, start)
        fit = [code for code in self.codes[first : first + 2] if code.startswith(start)]
        return fit[0] if len(fit) == 1 and not _DIGIT.search(fit[0], len(start)) else None

    def meant(self, token: str) -> str | None:
        """Return the word that a token was meant to be; None: it stays as it is."""
        key = _folded(token)
        if len(key) < LEAST or token.lower() in self.known:
            return None
        for ends in (key[0] + key[-1], key[0] + key[-2]):
            words = self._about(ends, len(key))
            if words and (best := key if key in words else nearest(key, words, _slips(len(key)))):
                return words[best]
        return None

    def _about(self, ends: str, length: int) -> dict[str, str]:
        slips = _slips(length)
        lengths = range(length - slips, length + slips + 1)
        near = [words for each in lengths if (words := self.by_shape.get((ends, each)))]
        if len(near) < 2:
            return near[0] if near else {}
        return dict(sorted(chain.from_iterable(map(dict.items, near)), key=itemgetter(1)))


def _slips(length: int) -> int:
    return 2 if length >= _LONG else 1


def _folded(word: str) -> str:
    """Merge the letters that scanners confuse."""
    return squash(word).replace("rn", "m").translate(_CONFUSED)


def repaired(text: Text, speller: Speller) -> Text | None:
    """Return the text with its damaged words as they were meant; None: there are none, or it is too long."""
    if len(text.flat) > _MOST:
        return None
    meant: dict[str, str] = {figure: figure.translate(_FIGURES) for figure in _SCANNED.findall(text.plain)}
    for token in set(_TOKEN.findall(text.plain)):
        if _LETTERS.search(token) and (word := speller.meant(token)):
            meant[token] = _cased(word, token)
    if (cut := _CUT.search(text.flat)) and (code := speller.completed(cut[0])) and code != cut[0]:
        meant[cut[0]] = code
    if not meant:
        return None

    def replace(found: re.Match[str]) -> str:
        return meant.get(found[0], found[0])

    def repair(damaged: str) -> str:
        return _CUT.sub(replace, _SCANNED.sub(replace, _TOKEN.sub(replace, damaged)))

    flat = repair(text.flat)
    return Text(plain=repair(text.plain), flat=flat, markup=flat if text.markup is text.flat else repair(text.markup))


def _cased(word: str, like: str) -> str:
    """Write a word in the letter case of another one."""
    if like.isupper():
        return word.upper()
    return word.capitalize() if like[0].isupper() else word
