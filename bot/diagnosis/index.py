"""What is prepared once for a knowledge base, so that each text is matched quickly?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.diagnosis.normalise import normalise, squash
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, KnownError

GRAM = 5
"""Length of the seeds that lead from a text to the wordings it may hold."""
SHORT = 12
"""Wordings with fewer letters and digits are found only undamaged and as whole words."""

_NUMBER = re.compile(r"\d{3,}")
_STATUS = re.compile(r"(?<!\d)[1-5]\d\d(?!\d)")
_CODE_LIKE = re.compile(r"(?=.*_)[A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """One literal string of the knowledge, with all entries that list it."""

    text: str
    squashed: str
    numbers: tuple[str, ...]
    """Its numbers (squashed): never fuzzy, for 502 and 503 differ in one digit."""
    exact: re.Pattern[str] | None
    """How a short or code-like wording must stand in the text."""
    strong: tuple[str, ...]
    weak: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sign:
    """One regular expression of the knowledge."""

    entry: str
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that `identify` looks up."""

    errors: dict[str, KnownError]
    wordings: tuple[Wording, ...]
    seeds: dict[str, tuple[tuple[int, int], ...]]
    """Seed -> (wording, offset in it)."""
    signs: tuple[Sign, ...]
    near: dict[str, tuple[Sign, ...]]
    unless: dict[str, tuple[Sign, ...]]
    shown: dict[str, frozenset[int]]
    """Entry -> statuses that its weak strings spell out: any spelling of such a status will do."""
    codes: dict[str, tuple[str, ...]]
    """Code in lower case, without 0x -> entries that stand for it."""
    statuses: dict[tuple[str, int | None], tuple[str, ...]]
    """(source, status) -> entries."""
    vocabulary: Vocabulary


def compile_index(kb: KnowledgeBase) -> Index:
    """Prepare a knowledge base."""
    wordings = tuple(_wordings(kb.errors.values()))
    codes: dict[str, list[str]] = defaultdict(list)
    statuses: dict[tuple[str, int | None], list[str]] = defaultdict(list)
    for entry in kb.errors.values():
        statuses[entry.source, entry.status].append(entry.id)
        if entry.code:
            codes[entry.code.lower().removeprefix("0x")].append(entry.id)
    return Index(
        errors=kb.errors,
        wordings=wordings,
        seeds=_seeds(wordings),
        signs=tuple(
            Sign(entry.id, _pattern(source)) for entry in kb.errors.values() for source in entry.match.patterns
        ),
        near={
            entry.id: tuple(Sign(entry.id, _pattern(each)) for each in entry.match.near)
            for entry in kb.errors.values()
            if entry.match.near
        },
        unless={
            entry.id: tuple(Sign(entry.id, _pattern(each)) for each in entry.match.unless)
            for entry in kb.errors.values()
            if entry.match.unless
        },
        shown={
            entry.id: frozenset({int(number) for weak in entry.match.weak for number in _STATUS.findall(weak)})
            for entry in kb.errors.values()
        },
        codes={code: tuple(ids) for code, ids in codes.items()},
        statuses={key: tuple(ids) for key, ids in statuses.items()},
        vocabulary=vocabulary_of(kb.locales.values()),
    )


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


def _wordings(errors: Iterable[KnownError]) -> Iterable[Wording]:
    strong: dict[str, list[str]] = defaultdict(list)
    weak: dict[str, list[str]] = defaultdict(list)
    texts: dict[str, str] = {}
    for entry in errors:
        for lists, wordings in ((strong, entry.match.phrases), (weak, entry.match.weak)):
            for wording in wordings:
                plain = normalise(wording).flat
                squashed = squash(plain)
                texts.setdefault(squashed, plain)
                lists[squashed].append(entry.id)
    for squashed, text in texts.items():
        if squashed:
            yield Wording(
                text=text,
                squashed=squashed,
                numbers=tuple(squash(number) for number in _NUMBER.findall(text)),
                exact=_exact(text) if len(squashed) < SHORT or _CODE_LIKE.fullmatch(text) else None,
                strong=tuple(strong[squashed]),
                weak=tuple(weak[squashed]),
            )


def _exact(text: str) -> re.Pattern[str]:
    """Whole words; only the white space between them may differ."""
    literal = r"\s*".join(re.escape(part) for part in text.split())
    return _pattern(rf"(?<![A-Za-z0-9]){literal}(?![A-Za-z0-9])")


def _seeds(wordings: Iterable[Wording]) -> dict[str, tuple[tuple[int, int], ...]]:
    seeds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, wording in enumerate(wordings):
        if wording.exact is None:
            last = len(wording.squashed) - GRAM
            for offset in {*range(0, last + 1, 2), last}:
                seeds[wording.squashed[offset : offset + GRAM]].append((number, offset))
    return {gram: tuple(places) for gram, places in seeds.items()}
