"""In which words do people, in their own languages, describe a failure, ask for help, or say that it is over?

The words are data (`[recognise]` of `knowledge/locales/*.toml`). A word of a script with spaces must be a word of its
own; one of a script without spaces may be anywhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from sys import intern

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from bot.diagnosis.anchors import halves_replaced, occurrences
from bot.diagnosis.scripts import UNSPACED
from bot.diagnosis.weights import Weights
from bot.diagnosis.wordlist import WordList
from bot.kb.model import Locale
from bot.kb.recognise import TELLING, words_in

_TOKEN = re.compile(r"[\w']+")
_STOP = re.compile(r"[.!?]\s|\n")
_SHORT = 70
"""A text of at most this length is one clause."""
_GAP_BEFORE = " \t\n:=-([\"'#"
_GAP_AFTER = " \t\n:-)\"'"
_GAP = 4
_MOST_WORDS = 6

Phrase = tuple[str, ...]
_Meant = tuple[tuple[Phrase, str], ...]
"""Phrases and what they mean, the longest first."""
_FEW = 3
"""Up to this many phrases are looked through one by one."""
_MET = 1_024
"""For this many first words the parsed phrases are kept: most words never occur."""

NEED = frozenset({"plea", "now"})
"""Meanings, any of which makes a number in the same clause a status."""


def words(text: str) -> tuple[str, Phrase]:
    """Return a text in lower case, and cut into words."""
    lowered = text.lower()
    return lowered, tuple(_TOKEN.findall(lowered))


@dataclass(frozen=True, slots=True)
class Words:
    """Words and phrases of one meaning in all languages."""

    phrases: dict[str, tuple[Phrase, ...]]
    """First word -> the phrases that begin with it."""
    glued: tuple[str, ...]
    """Those of scripts without spaces."""
    marks: AhoCorasick
    """The same, to be looked for in one pass."""

    @classmethod
    def of(cls, written: Iterable[str]) -> Words:
        """Prepare a list of words and phrases."""
        phrases: dict[str, set[Phrase]] = defaultdict(set)
        glued: set[str] = set()
        for each in written:
            lowered = each.lower()
            if UNSPACED.search(lowered):
                glued.add(lowered)
            elif tokens := tuple(map(intern, _TOKEN.findall(lowered))):  # the same few words again and again
                phrases[tokens[0]].add(tokens)
        ordered = tuple(sorted(glued))
        marks = AhoCorasick(ordered, implementation=Implementation.ContiguousNFA)
        return cls({first: tuple(sorted(rest)) for first, rest in phrases.items()}, ordered, marks)

    def found(self, text: str) -> set[str]:
        """Return all that are in a text."""
        return self.among(*words(text))

    def among(self, lowered: str, tokens: Phrase) -> set[str]:
        """The same for a lower-case text that is already cut into words."""
        hits = set[str]()
        if not self.phrases.keys().isdisjoint(tokens):
            hits.update(
                " ".join(phrase)
                for at, token in enumerate(tokens)
                for phrase in self.phrases.get(token, ())
                if tokens[at : at + len(phrase)] == phrase
            )
        if not lowered.isascii():
            hits.update([self.glued[each[0]] for each in occurrences(self.marks, lowered)])
        return hits

    def ends(self, text: str) -> bool:
        """Does a text end with one of them, or nearly?"""
        lowered = text.lower()
        close = lowered.rstrip(_GAP_BEFORE)
        if len(lowered) - len(close) > _GAP:
            return False
        if close.endswith(self.glued):
            return True
        last = tuple(_TOKEN.findall(close)[-_MOST_WORDS:])
        return close[-1:].isalnum() and any(last[at:] in self.phrases.get(last[at], ()) for at in range(len(last)))

    def starts(self, text: str) -> bool:
        """Does a text begin with one of them, or nearly?"""
        lowered = text.lower()
        close = lowered.lstrip(_GAP_AFTER)
        if len(lowered) - len(close) > _GAP:
            return False
        if close.startswith(self.glued):
            return True
        first = tuple(_TOKEN.findall(close)[:_MOST_WORDS])
        return close[:1].isalnum() and any(first[: len(phrase)] == phrase for phrase in self.phrases.get(first[0], ()))


@dataclass(frozen=True, slots=True)
class Telling:
    """Words and phrases of several meanings in all languages. Of overlapping phrases only the longest counts.

    So "doesn't work anymore" is a need, though "anymore" alone says that something is over.
    """

    phrases: dict[str, str]
    """First word -> the phrases that begin with it, one per line: what it means, and its other words."""
    glued: tuple[str, ...]
    """Those of scripts without spaces."""
    meanings: tuple[str, ...]
    """What each of these means."""
    marks: AhoCorasick

    @classmethod
    def of(cls, written: Iterable[tuple[str, str]]) -> Telling:
        """Prepare pairs of a meaning and a word; of several meanings of a word the first counts."""
        told: dict[str, str] = {}
        glued: dict[str, str] = {}
        for meaning, each in written:
            lowered = each.lower()
            if UNSPACED.search(lowered):
                glued.setdefault(lowered, meaning)
            elif tokens := _TOKEN.findall(lowered):
                told.setdefault(" ".join(tokens), meaning)
        phrases: dict[str, str] = {}
        for phrase, meaning in told.items():
            first, _, rest = phrase.partition(" ")
            line = f"{meaning} {rest}" if rest else meaning  # thousands of words have only one of ten meanings
            phrases[first] = f"{phrases[first]}\n{line}" if first in phrases else line
        marks = AhoCorasick(
            glued, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.ContiguousNFA
        )  # fmt: skip
        return cls(phrases, tuple(glued), tuple(glued.values()), marks)

    def heard(self, lowered: str, tokens: Phrase) -> dict[str, set[str]]:
        """Return what is in a text that was cut into words, by what it means."""
        heard: dict[str, set[str]] = defaultdict(set)
        if not self.phrases.keys().isdisjoint(tokens):
            skip = 0
            for at, token in enumerate(tokens):
                if at >= skip and (lines := self.phrases.get(token)):
                    seconds = _by_second(token, lines)
                    if isinstance(seconds, dict):
                        second = tokens[at + 1] if at + 1 < len(tokens) else ""
                        seconds = *seconds.get(second, ()), *seconds.get("", ())
                    for phrase, meaning in seconds:
                        if tokens[at : at + len(phrase)] == phrase:
                            heard[meaning].add(" ".join(phrase))
                            skip = at + len(phrase)
                            break
        if not lowered.isascii():
            for number, _, _ in self.marks.find_matches_as_indexes(halves_replaced(lowered)):
                heard[self.meanings[number]].add(self.glued[number])
        return heard


@lru_cache(_MET)
def _by_second(first: str, lines: str) -> _Meant | dict[str, _Meant]:
    """Read the phrases that begin with a word; if there are many, by the second word (none: empty)."""
    phrases = [((first, *words), meaning) for meaning, *words in map(str.split, lines.split("\n"))]
    longest_first = sorted(phrases, key=lambda each: -len(each[0]))
    if len(phrases) <= _FEW:
        return tuple(longest_first)
    sorted_out: dict[str, list[tuple[Phrase, str]]] = defaultdict(list)
    for phrase, meaning in longest_first:
        sorted_out["".join(phrase[1:2])].append((phrase, meaning))
    return {second: tuple(each) for second, each in sorted_out.items()}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of all languages, by what they mean."""

    context: Words
    """Errors and the things that have them: they make a bare number a status."""
    telling: Telling
    none: Words = field(default_factory=lambda: Words.of(()))
    """Directly before a failure: there is none."""
    gone: Words = field(default_factory=lambda: Words.of(()))
    """Directly after it: there no longer is one."""
    numbered: WordList = field(default_factory=WordList)
    """Directly before a number: what has it as a name."""
    counted: WordList = field(default_factory=WordList)
    """Directly after it: what it counts."""
    sections: tuple[tuple[str, ...], ...] = ()
    """Headings of a document's parts: where an error comes from, and how it is fixed."""
    reports: tuple[str, ...] = ()
    """Labels in the form of somebody's report."""
    endings: frozenset[str] = frozenset()
    """Directly at its end, a part of the same word."""
    weights: Weights = field(default_factory=lambda: Weights({}))
    """Words by their place, and how much each speaks for a present failure."""
    numbers: Weights = field(default_factory=lambda: Weights({}))
    """Words by their place, and how much each makes a number a status."""
    printed: Weights = field(default_factory=lambda: Weights({}))
    """Words by their place, and how much each says that a program printed the failure."""

    def around(self, before: str, after: str) -> bool:
        """Is there a word of failure or need in the same clause?"""
        short = len(before) + len(after) < _SHORT
        clause = f"{before} {after}" if short else f"{_STOP.split(before)[-1]} {_STOP.split(after)[0]}"
        told = words(clause)
        return bool(self.context.among(*told)) or not NEED.isdisjoint(self.telling.heard(*told))


def vocabulary_of(locales: Iterable[Locale]) -> Vocabulary:
    """Prepare the words of these languages."""
    words = [locale.recognise for locale in locales]
    return Vocabulary(
        context=Words.of(word for each in words for word in words_in(each.context)),
        telling=Telling.of(
            (meaning, word) for each in words for meaning in TELLING for word in words_in(getattr(each, meaning))
        ),
        none=Words.of(word for each in words for word in words_in(each.none)),
        gone=Words.of(word for each in words for word in words_in(each.gone)),
        numbered=WordList.of(word for each in words for word in words_in(each.numbered)),
        counted=WordList.of(word for each in words for word in words_in(each.counted)),
        sections=(_labels(each.causes for each in words), _labels(each.cures for each in words)),
        reports=_labels(each.reports for each in words),
        endings=frozenset(word for each in words for word in words_in(each.endings)),
        weights=_added_up(each.words for each in words),
        numbers=_added_up(each.number for each in words),
        printed=_added_up(each.printed for each in words),
    )


def _labels(lists: Iterable[bytes]) -> tuple[str, ...]:
    return tuple(sorted({word for each in lists for word in words_in(each)}))


def _added_up(weights: Iterable[Mapping[float, bytes]]) -> Weights:
    """Return the weight of each word; one of several languages has all of its weights."""
    added: dict[str, float] = {}
    for each in weights:
        for weight, lines in each.items():
            for word in map(str.lower, words_in(lines)):
                added[word] = added[word] + weight if word in added else weight
    return Weights(added)
