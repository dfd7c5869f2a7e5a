"""Which literal strings does the knowledge hold, and where may they be in a text?

What is there undamaged is found whole. Seeds (short runs of letters) lead to the rest, and to its place.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ahocorasick_rs import AhoCorasick, Implementation

from bot.diagnosis.anchors import Guarded, occurrences
from bot.diagnosis.normalise import normalise, squash
from bot.kb.model import KnownError, Locale

GRAM = 5
"""Length of the seeds that lead from a text to the wordings it may hold."""
SHORT = 12
"""Wordings with fewer letters and digits are found only undamaged and as whole words."""

_SEEDS = 360
"""At most this many seeds in a text are looked at, from both ends."""
_FEW_PLACES = 40
"""With no more of them, no seed is there too often."""
_REPEATS = 8
"""The same seed counts at most this often: an error that is pasted repeatedly is found at its first places."""
SIMILAR = 84.0
"""A wording and its place in the text must be at least this alike (0 to 100); short wordings more."""
_FOREIGN = 8.0
"""Translated wordings are plain words: they must be this much more alike."""
_FEW = 16
"""In wordings with fewer letters and digits one seed is enough."""
_LONG = 30
"""In longer ones seeds may be farther apart."""
_SHARED = 8
"""A run that this many wordings share says little."""
_PER_SEED = 14
"""In others one per this many letters: a seventh of all that they have."""
_EDGE = GRAM - 1
"""This many letters at its ends can be part of seeds that reach beyond a wording."""

_PARTS = re.compile(r"[\s-]+")
"""Between the words of a wording."""
_NUMBER = re.compile(r"\d{3,}")
_CODE_LIKE = re.compile(r"(?=.*_)[A-Z0-9_]+|\w+(?:::\w+)+")


@dataclass(frozen=True, slots=True)
class Wording:
    """One literal string of the knowledge, with everything that it means."""

    text: str
    squashed: str
    numbers: tuple[str, ...]
    """Its numbers (squashed): never fuzzy, for 502 and 503 differ in one digit."""
    enough: int
    """How many of its seeds must be in the text, most of them together."""
    surviving: int
    """At least this many runs of it are left, if no end is cut off: else it is damaged more than `needed` allows."""
    needed: float
    """It and its place in the text must be at least this alike (0 to 100)."""
    exact: Guarded | None
    """How a short or code-like wording must appear in the text."""
    strong: tuple[str, ...] = ()
    """Entries that it names."""
    weak: tuple[str, ...] = ()
    """Entries that it only supports."""
    statuses: tuple[int, ...] = ()
    """Statuses that it is a translation of."""
    failures: tuple[str, ...] = ()
    """Families that it is a browser's sentence for."""
    loose: tuple[int, ...] = ()
    """Statuses that people may mean by it."""

    @property
    def is_weak(self) -> bool:
        """Does it only support?"""
        return not (self.strong or self.statuses or self.failures)


@dataclass(frozen=True, slots=True)
class Whole:
    """All wordings, looked for undamaged, in one pass."""

    marks: AhoCorasick
    guarded: tuple[Guarded | None, ...]

    @classmethod
    def of(cls, wordings: Sequence[Wording]) -> Whole:
        """Prepare it."""
        return cls(
            AhoCorasick([each.squashed for each in wordings], implementation=Implementation.ContiguousNFA),
            tuple(each.exact for each in wordings),
        )

    def found(self, squashed: str) -> tuple[dict[int, int], str]:
        """Return the wordings whose letters are in a text, each with its first place; and the text without them.

        Their insides are blanked there, since they lead to nothing better: a wording that holds such a one and as much
        again is found by its rest, and anything else would be worse.
        """
        first: dict[int, int] = {}
        inside: list[tuple[int, int]] = []
        for number, start, end in occurrences(self.marks, squashed):
            first.setdefault(number, start)
            if end - start > 2 * _EDGE and self.guarded[number] is None:
                inside.append((start + _EDGE, end - _EDGE))
        return first, _blanked(squashed, inside) if inside else squashed


@dataclass(frozen=True, slots=True)
class Seeds:
    """What leads from the letters of a text to the wordings that it may hold damaged, in one pass."""

    places: tuple[tuple[tuple[int, int], ...], ...]
    """Of each short run of letters: (wording, offset in it)."""
    enough: tuple[int, ...]
    """For each wording: how many of its seeds must be there."""
    whole_enough: tuple[int, ...]
    """And how many, if neither end is cut off."""
    marks: AhoCorasick
    """The runs."""

    @classmethod
    def of(cls, wordings: Sequence[Wording]) -> Seeds:
        """Prepare it."""
        places, left_out = _seeds(wordings)
        return cls(
            tuple(places.values()),
            tuple(wording.enough for wording in wordings),
            tuple(max(each.enough, each.surviving - left_out[number]) for number, each in enumerate(wordings)),
            AhoCorasick(places, implementation=Implementation.ContiguousNFA),
        )

    def begins(self, squashed: str) -> dict[int, list[int]]:
        """Return, by wording, where it would begin; only those of which enough seeds are there."""
        begins: dict[int, list[int]] = defaultdict(list)
        places = occurrences(self.marks, squashed)
        if len(places) > _SEEDS:
            places = [*places[: _SEEDS // 2], *places[-_SEEDS // 2 :]]
        if len(places) > _FEW_PLACES:
            places = _first_ones(places)
        for number, start, _ in places:
            for wording, offset in self.places[number]:
                begins[wording].append(start - offset)
        enough = self.enough
        return {wording: starts for wording, starts in begins.items() if len(starts) >= enough[wording]}


def wordings_of(errors: Iterable[KnownError], locales: Iterable[Locale]) -> Iterator[Wording]:
    """Collect all literal strings; the same string in several places is one wording."""
    texts: dict[str, str] = {}
    joined: set[str] = set()
    uses: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for use, value, written in _uses(errors, locales):
        plain = normalise(written).flat
        squashed = squash(plain)
        texts.setdefault(squashed, plain)
        if not _PARTS.search(plain):
            joined.add(squashed)
        elif uses[squashed].keys() == {"loose"}:
            texts[squashed] = plain  # in several words it can be found in one, too
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
                surviving=_surviving(squashed, needed),
                needed=needed,
                exact=_exact(text, of, joined=squashed in joined)
                if len(squashed) < SHORT or _CODE_LIKE.fullmatch(text)
                else None,
                strong=tuple(of["strong"]),
                weak=tuple(of["weak"]),
                statuses=tuple(dict.fromkeys(map(int, of["status"]))),
                failures=tuple(of["failure"]),
                loose=tuple(dict.fromkeys(map(int, of["loose"]))),
            )


def _enough(squashed: str) -> int:
    return 1 if len(squashed) < _FEW else max(2, len(squashed) // _PER_SEED)


def _surviving(squashed: str, needed: float) -> int:
    """Say how many seeds of a wording are left at least, after the most damage that is allowed."""
    if len(squashed) < GRAM:
        return 0
    begins = _begins(squashed)
    edits = int((100 - min(needed, 100.0)) * 2 * len(squashed) / 100)
    most = max(sum(at <= letter < at + GRAM for at in begins) for letter in range(len(squashed)))
    return len(begins) - edits * most


def _begins(squashed: str) -> list[int]:
    """Where the seeds of a wording begin: every second run, of a long one every third, and the last one."""
    last = len(squashed) - GRAM
    return sorted({*range(0, last + 1, 2 if len(squashed) < _LONG else 3), last})


def _uses(errors: Iterable[KnownError], locales: Iterable[Locale]) -> Iterator[tuple[str, str, str]]:
    """Yield what each string is used for: kind, value, the string."""
    for entry in errors:
        yield from (("strong", entry.id, phrase) for phrase in entry.match.phrases)
        yield from (("weak", entry.id, weak) for weak in entry.match.weak)
    for locale in locales:
        for number, wordings in locale.recognise.status.items():
            yield from (("status", number, wording) for wording in wordings)
        for number, wordings in locale.recognise.loose.items():
            yield from (("loose", number, wording) for wording in wordings)
        for failure, wordings in locale.recognise.failure.items():
            yield from (("failure", failure, wording) for wording in wordings)


def _exact(text: str, uses: Mapping[str, Sequence[str]], *, joined: bool) -> Guarded:
    """Whole words; only the white space between them may differ. (Loose ones are people's: a hyphen may join them.)

    `joined`: it is also written as one word.
    """
    gap = rf"[\s-]{{{0 if joined else 1},3}}" if uses["loose"] and not uses["weak"] else r"\s*"
    literal = gap.join(re.escape(part) for part in _PARTS.split(text))
    return Guarded(rf"(?<![A-Za-z0-9]){literal}(?![A-Za-z0-9])")


def _seeds(wordings: Sequence[Wording]) -> tuple[dict[str, tuple[tuple[int, int], ...]], Counter[int]]:
    """Take every second run of each wording, but leave out what many share ("error") where enough others remain.

    Return the places of each run, and how many runs of each wording were left out.
    """
    runs = {
        number: [(wording.squashed[at : at + GRAM], at) for at in _begins(wording.squashed)]
        for number, wording in enumerate(wordings)
        if wording.exact is None and len(wording.squashed) >= GRAM
    }
    shared = Counter(run for each in runs.values() for run, _ in each)
    seeds: dict[str, list[tuple[int, int]]] = defaultdict(list)
    left_out = Counter[int]()
    for number, each in runs.items():
        telling = [(run, at) for run, at in each if shared[run] <= _SHARED]
        wording, others = wordings[number], len(each) - len(telling)
        enough_left = len(telling) > 2 * wording.enough or wording.surviving - others >= wording.enough
        kept = telling if enough_left else each
        left_out[number] = len(each) - len(kept)
        for run, at in kept:
            seeds[run].append((number, at))
    return {run: tuple(places) for run, places in seeds.items()}, left_out


def _blanked(squashed: str, spans: Iterable[tuple[int, int]]) -> str:
    """Put blanks for these spans, which may overlap."""
    kept, at = [], 0
    for start, end in sorted(spans):
        if start > at:
            kept.append(squashed[at:start])
        if end > at:
            kept.append(" " * (end - max(start, at)))
            at = end
    return "".join([*kept, squashed[at:]])


def _first_ones(places: Iterable[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Keep the first places of each string."""
    left: dict[int, int] = {}
    kept = []
    for place in places:
        left[place[0]] = more = left.get(place[0], _REPEATS) - 1
        if more >= 0:
            kept.append(place)
    return kept
