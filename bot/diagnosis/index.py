"""What is prepared once for a knowledge base, so that each text is matched quickly?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot.diagnosis.anchors import Guarded, Literals
from bot.diagnosis.gate import Gate
from bot.diagnosis.normalise import normalise, squash
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, KnownError, Locale

GRAM = 5
"""Length of the seeds that lead from a text to the wordings it may hold."""
SHORT = 12
"""Wordings with fewer letters and digits are found only undamaged and as whole words."""

_FEW = 20
"""In wordings with fewer letters and digits one seed is enough."""
_SHARED = 12
"""A run that so many wordings share tells little."""
_PER_SEED = 14
"""In others one for so many letters: a seventh of all that they have."""
HEAD = 3
"""So many letters of a literal are looked up first."""

Key = TypeVar("Key")
Each = TypeVar("Each")

_NUMBER = re.compile(r"\d{3,}")
_STATUS = re.compile(r"(?<!\d)[1-5]\d\d(?!\d)")
_CODE_LIKE = re.compile(r"(?=.*_)[A-Z0-9_]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """One literal string of the knowledge, with all that it stands for."""

    text: str
    squashed: str
    numbers: tuple[str, ...]
    """Its numbers (squashed): never fuzzy, for 502 and 503 differ in one digit."""
    enough: int
    """So many of its seeds must stand together."""
    exact: re.Pattern[str] | None
    """How a short or code-like wording must stand in the text."""
    strong: tuple[str, ...] = ()
    """Entries that it names."""
    weak: tuple[str, ...] = ()
    """Entries that it only supports."""
    statuses: tuple[int, ...] = ()
    """Statuses of which it is a translation."""
    failures: tuple[str, ...] = ()
    """Families of which it is a browser's sentence."""

    @property
    def is_weak(self) -> bool:
        """Does it only support?"""
        return not (self.strong or self.statuses or self.failures)


@dataclass(frozen=True)
class Sign:
    """One regular expression of the knowledge, and the entry that it shows."""

    entry: str
    expression: Guarded


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that `identify` looks up."""

    gate: Gate
    errors: dict[str, KnownError]
    wordings: tuple[Wording, ...]
    exact: tuple[Wording, ...]
    """Those that are found undamaged only."""
    seeds: dict[str, tuple[tuple[int, int], ...]]
    """Seed -> (wording, offset in it)."""
    signs: tuple[Sign, ...]
    heads: dict[str, tuple[tuple[str, tuple[int, ...]], ...]]
    """First three letters of a literal -> the literal and the signs that demand it."""
    free: tuple[int, ...]
    """Signs that demand no literal, or a very short one."""
    near: dict[str, tuple[Sign, ...]]
    unless: dict[str, tuple[Sign, ...]]
    shown: dict[str, frozenset[int]]
    """Entry -> statuses that its weak strings spell out: any spelling of such a status will do."""
    codes: dict[str, tuple[str, ...]]
    """Code in lower case, without 0x -> entries that stand for it."""
    others: tuple[str, ...]
    """Entries for Windows Update codes that have none of their own."""
    failures: dict[str, str]
    """Family without a status -> the entry for a browser's own page that names only the kind of failure."""
    statuses: dict[tuple[str, int | None], tuple[str, ...]]
    """(source, status) -> entries."""
    vocabulary: Vocabulary


def compile_index(kb: KnowledgeBase) -> Index:
    """Prepare a knowledge base."""
    errors = list(kb.errors.values())
    wordings = tuple(_wordings(errors, kb.locales.values()))
    signs = tuple(Sign(entry.id, Guarded(source)) for entry in errors for source in entry.match.patterns)
    rarest = _rarest(signs)
    near = _signs((entry.id, entry.match.near) for entry in errors)
    return Index(
        gate=Gate.of(
            ((wording.text, wording.squashed, wording.exact is None and not wording.is_weak) for wording in wordings),
            (sign.expression.demands for sign in (*signs, *(sign for each in near.values() for sign in each))),
        ),
        errors=kb.errors,
        wordings=wordings,
        exact=tuple(wording for wording in wordings if wording.exact),
        seeds=_seeds(wordings),
        signs=signs,
        heads=_heads(rarest),
        free=tuple(number for number, literals in enumerate(rarest) if not literals),
        near=near,
        unless=_signs((entry.id, entry.match.unless) for entry in errors),
        shown={
            entry.id: frozenset(int(number) for weak in entry.match.weak for number in _STATUS.findall(weak))
            for entry in errors
        },
        codes=_groups((entry.code.lower().removeprefix("0x"), entry.id) for entry in errors if entry.code),
        others=tuple(
            entry.id for entry in errors if entry.source == "windows-update" and not entry.code and entry.status is None
        ),
        failures=_failures(errors),
        statuses=_groups(((entry.source, entry.status), entry.id) for entry in errors),
        vocabulary=vocabulary_of(kb.locales.values()),
    )


def _rarest(signs: Sequence[Sign]) -> list[Literals]:
    """Choose, of what each sign demands, that which the fewest others share; empty: nothing long enough."""
    shared = Counter(literal for sign in signs for demand in sign.expression.demands for literal in demand)

    def cost(demand: Literals) -> tuple[int, int, list[str]]:
        return sum(shared[literal] for literal in demand), -min(map(len, demand)), sorted(demand)

    fit = ([each for each in sign.expression.demands if min(map(len, each)) >= HEAD] for sign in signs)
    return [min(demands, key=cost, default=frozenset()) for demands in fit]


def _heads(rarest: Sequence[Literals]) -> dict[str, tuple[tuple[str, tuple[int, ...]], ...]]:
    by_literal = _groups((literal, number) for number, literals in enumerate(rarest) for literal in literals)
    return _groups((literal[:HEAD], (literal, numbers)) for literal, numbers in by_literal.items())


def _signs(lists: Iterable[tuple[str, Sequence[str]]]) -> dict[str, tuple[Sign, ...]]:
    return {error: tuple(Sign(error, Guarded(source)) for source in sources) for error, sources in lists if sources}


def _groups(pairs: Iterable[tuple[Key, Each]]) -> dict[Key, tuple[Each, ...]]:
    groups: dict[Key, list[Each]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


def _failures(errors: Iterable[KnownError]) -> dict[str, str]:
    return {
        entry.family: entry.id
        for entry in sorted(errors, key=lambda entry: entry.id, reverse=True)
        if entry.layer == "browser" and entry.source == "generic" and entry.status is None and entry.code is None
    }


def _wordings(errors: Iterable[KnownError], locales: Iterable[Locale]) -> Iterator[Wording]:
    """Collect all literal strings; the same string in several places is one wording."""
    texts: dict[str, str] = {}
    uses: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for use, value, written in _uses(errors, locales):
        plain = normalise(written).flat
        squashed = squash(plain)
        texts.setdefault(squashed, plain)
        uses[squashed][use].append(value)
    for squashed, text in texts.items():
        if squashed:
            of = uses[squashed]
            yield Wording(
                text=text,
                squashed=squashed,
                numbers=tuple(squash(number) for number in _NUMBER.findall(text)),
                enough=1 if len(squashed) < _FEW else max(2, len(squashed) // _PER_SEED),
                exact=_exact(text) if len(squashed) < SHORT or _CODE_LIKE.fullmatch(text) else None,
                strong=tuple(of["strong"]),
                weak=tuple(of["weak"]),
                statuses=tuple(map(int, of["status"])),
                failures=tuple(of["failure"]),
            )


def _uses(errors: Iterable[KnownError], locales: Iterable[Locale]) -> Iterator[tuple[str, str, str]]:
    """Yield what each string is used for: kind, value, the string."""
    for entry in errors:
        yield from (("strong", entry.id, phrase) for phrase in entry.match.phrases)
        yield from (("weak", entry.id, weak) for weak in entry.match.weak)
    for locale in locales:
        for status, wordings in locale.recognise.status.items():
            yield from (("status", status, wording) for wording in wordings)
        for failure, wordings in locale.recognise.failure.items():
            yield from (("failure", failure, wording) for wording in wordings)


def _exact(text: str) -> re.Pattern[str]:
    """Whole words; only the white space between them may differ."""
    literal = r"\s*".join(re.escape(part) for part in text.split())
    return re.compile(rf"(?<![A-Za-z0-9]){literal}(?![A-Za-z0-9])", re.IGNORECASE)


def _seeds(wordings: Sequence[Wording]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Take every second run of each wording, but leave out what many share ("error") where enough others remain."""
    runs = {
        number: [(wording.squashed[at : at + GRAM], at) for at in sorted({*range(0, last + 1, 2), last})]
        for number, wording in enumerate(wordings)
        if wording.exact is None and (last := len(wording.squashed) - GRAM) >= 0
    }
    shared = Counter(run for each in runs.values() for run, _ in each)
    seeds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, each in runs.items():
        telling = [(run, at) for run, at in each if shared[run] <= _SHARED]
        enough = len(wordings[number].squashed) >= _FEW and len(telling) > 2 * wordings[number].enough
        for run, at in telling if enough else each:
            seeds[run].append((number, at))
    return {run: tuple(places) for run, places in seeds.items()}
