"""What is prepared once for a knowledge base, so that each text is matched quickly?"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ahocorasick_rs import AhoCorasick, Implementation

from bot.diagnosis import codes, hops, redact, roles, sources, status, telling
from bot.diagnosis.anchors import Guarded, Lookup, Present, Shelf, occurrences
from bot.diagnosis.gate import Gate, Known
from bot.diagnosis.normalise import normalise, squash
from bot.diagnosis.repair import Speller
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, KnownError, Locale

GRAM = 5
"""Length of the seeds that lead from a text to the wordings it may hold."""
SHORT = 12
"""Wordings with fewer letters and digits are found only undamaged and as whole words."""

_MOST = 18
"""So many signs are looked for at the most; a text with pieces of more than these is no error message."""
_SEEDS = 360
"""So many seeds in a text are looked at, from both ends."""
_REPEATS = 8
"""So often the same seed counts: an error that is pasted again and again is found at its first places."""
SIMILAR = 84.0
"""At least so alike (0 to 100) must a wording and its place in the text be; short wordings more."""
_FOREIGN = 8.0
"""Translated wordings are plain words: they must be this much more alike."""
_FEW = 20
"""In wordings with fewer letters and digits one seed is enough."""
_SHARED = 12
"""A run that so many wordings share tells little."""
_PER_SEED = 14
"""In others one for so many letters: a seventh of all that they have."""
OWN = tuple(
    expression for module in (codes, hops, redact, roles, sources, status, telling) for expression in module.GUARDED
)
"""The regular expressions that are code."""

Key = TypeVar("Key")
Each = TypeVar("Each")

_NUMBER = re.compile(r"\d{3,}")
_STATUS = re.compile(r"(?<!\d)[1-5]\d\d(?!\d)")
_CODE_LIKE = re.compile(r"(?=.*_)[A-Z0-9_]+|\w+(?:::\w+)+")


@dataclass(frozen=True, slots=True)
class Wording:
    """One literal string of the knowledge, with all that it stands for."""

    text: str
    squashed: str
    numbers: tuple[str, ...]
    """Its numbers (squashed): never fuzzy, for 502 and 503 differ in one digit."""
    enough: int
    """So many of its seeds must stand in the text, most of them together."""
    whole_enough: int
    """So many at least, if no end of it is cut off: with fewer there is more damage than `needed` allows."""
    needed: float
    """At least so alike (0 to 100) must it and its place in the text be."""
    exact: Guarded | None
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


@dataclass(frozen=True, slots=True)
class Seeds:
    """What leads from the letters of a text to the wordings that it may hold, in one pass."""

    runs: tuple[str, ...]
    """Short runs of letters, then the whole of those wordings that are found undamaged only."""
    places: tuple[tuple[tuple[int, int], ...], ...]
    """Of each run: (wording, offset in it)."""
    whole: tuple[Wording, ...]
    marks: AhoCorasick

    @classmethod
    def of(cls, wordings: Sequence[Wording]) -> Seeds:
        """Prepare it."""
        places = _seeds(wordings)
        whole = tuple(wording for wording in wordings if wording.exact)
        runs = (*places, *(wording.squashed for wording in whole))
        marks = AhoCorasick(runs, implementation=Implementation.ContiguousNFA)
        return cls(runs, tuple(places.values()), whole, marks)

    def found(self, squashed: str) -> tuple[dict[int, list[int]], dict[int, int]]:
        """Return, by wording, where it would begin; and the first place of each that is found undamaged only."""
        begins: dict[int, list[int]] = defaultdict(list)
        wholes: dict[int, int] = {}
        last = len(self.places)
        places = occurrences(self.marks, squashed)
        if len(places) > _SEEDS:
            places = [*places[: _SEEDS // 2], *places[-_SEEDS // 2 :]]
        left = [_REPEATS] * last
        for number, start, _ in places:
            if number < last:
                left[number] -= 1
                if left[number] < 0:
                    continue
                for wording, offset in self.places[number]:
                    begins[wording].append(start - offset)
            else:
                wholes.setdefault(number - last, start)
        return begins, wholes


@dataclass(frozen=True)
class Sign:
    """One regular expression of the knowledge, and the entry that it shows."""

    entry: str
    expression: Guarded


@dataclass(frozen=True, slots=True)
class Signs:
    """Many of them."""

    all: tuple[Sign, ...]
    shelf: Shelf
    demanded: tuple[int, ...]
    """How many letters each demands."""

    @classmethod
    def of(cls, signs: Iterable[Sign]) -> Signs:
        """Prepare them."""
        every = tuple(signs)
        demanded = tuple(sum(min(map(len, need)) for need in sign.expression.needs) for sign in every)
        return cls(every, Shelf.of(sign.expression for sign in every), demanded)

    def likely(self, present: Present) -> Iterable[Sign]:
        """Return those that can match a text with these literals, in their own order."""
        numbers = self.shelf.likely(present)
        if len(numbers) > _MOST:
            numbers = sorted(sorted(numbers, key=self.demanded.__getitem__, reverse=True)[:_MOST])
        return [self.all[number] for number in numbers]


@dataclass(frozen=True, slots=True)
class Index:
    """Everything that `identify` looks up."""

    gate: Gate
    errors: dict[str, KnownError]
    wordings: tuple[Wording, ...]
    seeds: Seeds
    lookup: Lookup
    """The literals of all regular expressions, ours and those of the knowledge."""
    signs: Signs
    near: Signs
    unless: dict[str, tuple[Sign, ...]]
    shown: dict[int, tuple[str, ...]]
    """Status -> entries whose weak strings spell it out: any spelling of it will do."""
    codes: dict[str, tuple[str, ...]]
    """Code in lower case, without 0x -> entries that stand for it."""
    others: tuple[str, ...]
    """Entries for Windows Update codes that have none of their own."""
    failures: dict[str, str]
    """Family without a status -> the entry for a browser's own page that names only the kind of failure."""
    statuses: dict[tuple[str, int | None], tuple[str, ...]]
    """(source, status) -> entries."""
    vocabulary: Vocabulary
    speller: Speller
    unseen: dict[tuple[str, int], tuple[tuple[float, str], ...]] = field(default_factory=dict)
    """What machine and status alone say for entries: found out when it is first asked."""


def compile_index(kb: KnowledgeBase) -> Index:
    """Prepare a knowledge base."""
    errors = list(kb.errors.values())
    wordings = tuple(_wordings(errors, kb.locales.values()))
    signs = Signs.of(Sign(entry.id, Guarded(source)) for entry in errors for source in entry.match.patterns)
    near = Signs.of(Sign(entry.id, Guarded(source)) for entry in errors for source in entry.match.near)
    unless = _groups((entry.id, Sign(entry.id, Guarded(source))) for entry in errors for source in entry.match.unless)
    return Index(
        gate=Gate.of(
            (Known(each.text, each.squashed, each.exact, each.is_weak) for each in wordings),
            (
                *(rule for rule in redact.GUARDED if rule.needs),
                *(sign.expression for sign in (*signs.all, *near.all)),
            ),
        ),
        errors=kb.errors,
        wordings=wordings,
        seeds=Seeds.of(wordings),
        lookup=Lookup.of(
            (*OWN, *(sign.expression for each in (signs.all, near.all, *unless.values()) for sign in each))
        ),
        signs=signs,
        near=near,
        unless=unless,
        shown=_groups(
            (int(each), entry.id) for entry in errors for each in set(_STATUS.findall("\n".join(entry.match.weak)))
        ),
        codes=_groups((entry.code.lower().removeprefix("0x"), entry.id) for entry in errors if entry.code),
        others=tuple(
            entry.id for entry in errors if entry.source == "windows-update" and not entry.code and entry.status is None
        ),
        failures=_failures(errors),
        statuses=_groups(((entry.source, entry.status), entry.id) for entry in errors),
        vocabulary=vocabulary_of(kb.locales.values()),
        speller=Speller.of(
            [*(wording.text for wording in wordings), *(entry.code for entry in errors if entry.code)],
            (each.source for each in (*OWN, *(sign.expression for sign in (*signs.all, *near.all)))),
        ),
    )


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
            needed = SIMILAR + max(0.0, (24 - len(squashed)) * 0.7) + (0.0 if of["strong"] or of["weak"] else _FOREIGN)
            yield Wording(
                text=text,
                squashed=squashed,
                numbers=tuple(squash(number) for number in _NUMBER.findall(text)),
                enough=_enough(squashed),
                whole_enough=max(_enough(squashed), _surviving(squashed, needed)),
                needed=needed,
                exact=_exact(text) if len(squashed) < SHORT or _CODE_LIKE.fullmatch(text) else None,
                strong=tuple(of["strong"]),
                weak=tuple(of["weak"]),
                statuses=tuple(map(int, of["status"])),
                failures=tuple(of["failure"]),
            )


def _enough(squashed: str) -> int:
    return 1 if len(squashed) < _FEW else max(2, len(squashed) // _PER_SEED)


def _surviving(squashed: str, needed: float) -> int:
    """Say how many seeds of a short wording are left at the least after as much damage as is allowed."""
    if len(squashed) >= _FEW or len(squashed) < GRAM:
        return 0
    begins = _begins(squashed)
    edits = int((100 - min(needed, 100.0)) * 2 * len(squashed) / 100)
    most = max(sum(at <= letter < at + GRAM for at in begins) for letter in range(len(squashed)))
    return len(begins) - edits * most


def _begins(squashed: str) -> list[int]:
    """Where the seeds of a wording begin: every second run, and the last one."""
    last = len(squashed) - GRAM
    return sorted({*range(0, last + 1, 2), last})


def _uses(errors: Iterable[KnownError], locales: Iterable[Locale]) -> Iterator[tuple[str, str, str]]:
    """Yield what each string is used for: kind, value, the string."""
    for entry in errors:
        yield from (("strong", entry.id, phrase) for phrase in entry.match.phrases)
        yield from (("weak", entry.id, weak) for weak in entry.match.weak)
    for locale in locales:
        for number, wordings in locale.recognise.status.items():
            yield from (("status", number, wording) for wording in wordings)
        for failure, wordings in locale.recognise.failure.items():
            yield from (("failure", failure, wording) for wording in wordings)


def _exact(text: str) -> Guarded:
    """Whole words; only the white space between them may differ."""
    literal = r"\s*".join(re.escape(part) for part in text.split())
    return Guarded(rf"(?<![A-Za-z0-9]){literal}(?![A-Za-z0-9])")


def _seeds(wordings: Sequence[Wording]) -> dict[str, tuple[tuple[int, int], ...]]:
    """Take every second run of each wording, but leave out what many share ("error") where enough others remain."""
    runs = {
        number: [(wording.squashed[at : at + GRAM], at) for at in _begins(wording.squashed)]
        for number, wording in enumerate(wordings)
        if wording.exact is None and len(wording.squashed) >= GRAM
    }
    shared = Counter(run for each in runs.values() for run, _ in each)
    seeds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for number, each in runs.items():
        telling = [(run, at) for run, at in each if shared[run] <= _SHARED]
        enough = len(wordings[number].squashed) >= _FEW and len(telling) > 2 * wordings[number].enough
        for run, at in telling if enough else each:
            seeds[run].append((number, at))
    return {run: tuple(places) for run, places in seeds.items()}
