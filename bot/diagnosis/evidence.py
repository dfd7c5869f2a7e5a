"""Which known errors does a text point to, and how strongly?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.diagnosis.codes import Code
from bot.diagnosis.identification import Evidence
from bot.diagnosis.index import Index
from bot.diagnosis.normalise import Text
from bot.diagnosis.phrases import Hit
from bot.diagnosis.status import Mention

CODE = 100.0
PATTERN = 46.0
PHRASE = 40.0
WEAK = 34.0
_MORE = 2.0
"""What each further sign of the same entry adds."""
_LONG = 60
_TELLING = 16
"""Wordings with so many letters and digits are a machine's, not a person's."""
_WRITTEN = re.compile(r"[:=(){}\[\]<>/\"_]")
"""What machines write and people, telling of it, do not."""


@dataclass(slots=True)
class Suspect:
    """A known error that the text may mean."""

    error: str
    score: float = 0.0
    kinds: list[Evidence] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    places: list[tuple[int, int]] = field(default_factory=list)
    """Where in the text a machine's own words for it stand."""

    def add(self, kind: str, text: str, weight: float) -> None:
        """Note one sign."""
        self.score = max(self.score, weight) + (_MORE if self.kinds else 0.0)
        self.kinds.append(Evidence(kind=kind, text=text, weight=round(weight, 1)))


def suspects(
    index: Index, text: Text, hits: Sequence[Hit], found: Sequence[Mention], codes: Sequence[Code]
) -> dict[str, Suspect]:
    """Return all entries that the text points to, by id."""
    pointed: dict[str, Suspect] = {}

    def suspect(error: str) -> Suspect:
        return pointed.setdefault(error, Suspect(error))

    letters = [at for at, letter in enumerate(text.plain) if letter.isalnum()]
    inks = [at for at, letter in enumerate(text.plain) if not letter.isspace()]
    for code in codes:
        for error in index.codes.get(code.key, ()):
            each = suspect(error)
            each.add("code", code.key, CODE)
            each.places.append(_ink_place(text, inks, code.start, code.start + len(code.written)))
    for hit in hits:
        for error in hit.wording.strong:
            each = suspect(error)
            each.add("phrase", hit.wording.text, _phrase_weight(index, error, hit))
            if len(hit.wording.squashed) >= _TELLING:
                each.places.append(
                    (letters[min(hit.start, len(letters) - 1)], letters[min(hit.end, len(letters)) - 1] + 1)
                )
    for sign in index.signs:
        if (
            hit_by := sign.pattern.search(text.flat)
            or (text.markup is not text.flat and sign.pattern.search(text.markup))
            or None
        ):
            each = suspect(sign.entry)
            each.add("pattern", sign.pattern.pattern[:80], PATTERN + min(len(hit_by[0]), _LONG) / 6)
            each.details.update({name.replace("_", "-"): value for name, value in hit_by.groupdict().items() if value})
            if _WRITTEN.search(hit_by[0]) and hit_by.string is text.flat:
                each.places.append(_ink_place(text, inks, *hit_by.span()))
    for error in _weakly(index, hits, found):
        for near in index.near.get(error, ()):
            if near_by := near.search(text.flat) or near.search(text.markup):
                each = suspect(error)
                each.add("weak", near.pattern[:80], WEAK)
                each.details.update(
                    {name.replace("_", "-"): value for name, value in near_by.groupdict().items() if value}
                )
                break
    return {error: each for error, each in pointed.items() if not _is_excluded(index, error, text)}


def _ink_place(text: Text, inks: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Translate a place of the flat text into one of the plain text: both have the same ink."""
    first = start - text.flat.count(" ", 0, start)
    last = end - text.flat.count(" ", 0, end)
    return inks[min(first, len(inks) - 1)], inks[min(max(last, first + 1), len(inks)) - 1] + 1


def _phrase_weight(index: Index, error: str, hit: Hit) -> float:
    """A wording weighs by its length and likeness; one that many entries share says little."""
    length = min(len(hit.wording.squashed), _LONG)
    weight = PHRASE + length / 4
    if index.errors[error].source == "generic" and index.errors[error].code is None and length < 30:
        weight -= 20
    return weight * hit.likeness / 100 - 3 * (len(hit.wording.strong) - 1)


def _weakly(index: Index, hits: Iterable[Hit], found: Iterable[Mention]) -> Iterable[str]:
    """Entries of which a weak string stands in the text, or the status that a weak string of theirs is about."""
    statuses = {mention.status for mention in found}
    named = {error for hit in hits for error in hit.wording.weak}
    return sorted(error for error in index.near if error in named or statuses & index.shown.get(error, frozenset()))


def _is_excluded(index: Index, error: str, text: Text) -> bool:
    return any(pattern.search(text.flat) or pattern.search(text.markup) for pattern in index.unless.get(error, ()))
