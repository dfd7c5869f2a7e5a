"""Which known errors does a text point to, how strongly, and where?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.diagnosis.codes import Code
from bot.diagnosis.foreign import is_foreign
from bot.diagnosis.index import Index, Sign, Signs
from bot.diagnosis.normalise import Text
from bot.diagnosis.phrases import Hit, place
from bot.diagnosis.speak import Place
from bot.diagnosis.status import Mention

CODE = 100.0
OTHER_CODE = 60.0
PATTERN = 46.0
PHRASE = 40.0
WEAK = 34.0
GENERIC = 20.0
"""How much less a short wording of a generic entry weighs: everybody writes "502 Bad Gateway"."""

_MORE = 2.0
"""What each further sign of the same entry adds."""
_LATER = 4.0
"""How much less each further code of a text weighs than the one before."""
_NEAR = 90
_LONG = 60
_SENTENCE = 30
"""A pattern that demands this many letters is a program's sentence."""
_TELLING = 16
"""A wording with this many letters and digits was written by a machine."""
_BRIEF, _MARKED = 12, 2
"""So was a shorter one of at least `_BRIEF`, with this many of a machine's marks."""
_NUMBER = re.compile(r"\d{3}")
_WRITTEN = re.compile(r"[:=(){}\[\]<>/\"_]")
"""What machines write, and people who describe it do not."""


class Seen(NamedTuple):
    """One sign of an error."""

    kind: str
    text: str
    """The knowledge's own wording."""
    weight: float


@dataclass(slots=True)
class Suspect:
    """A known error that the text may mean."""

    error: str
    score: float = 0.0
    kinds: list[Seen] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def add(self, kind: str, text: str, weight: float, place: Place) -> None:
        """Note one sign."""
        self.score = max(self.score, weight) + (_MORE if self.kinds else 0.0)
        self.kinds.append(Seen(kind, text, weight))
        self.places.append(place)


class Search:
    """One text, searched for the signs of all known errors."""

    def __init__(self, index: Index, text: Text, present: frozenset[str]) -> None:
        self._index = index
        self._text = text
        self._present = present
        self._marked = None if text.markup is text.flat else index.lookup.present(text.markup.lower())
        self._found: dict[str, Suspect] = {}

    def suspects(self, hits: Sequence[Hit], mentions: Sequence[Mention], codes: Sequence[Code]) -> dict[str, Suspect]:
        """Return all entries that the text points to, by id."""
        self._add_codes(codes)
        self._add_phrases(hits)
        for sign in self._likely(self._index.signs):
            self._add_match("pattern", sign, None)
        shown, done = self._half_shown(hits, mentions), set[str]()
        for near in self._likely(self._index.near) if shown else ():
            if near.entry in shown and near.entry not in done and self._add_match("weak", near, WEAK):
                done.add(near.entry)
        return {error: each for error, each in self._found.items() if not self._is_excluded(error)}

    def _likely(self, signs: Signs) -> Iterable[Sign]:
        return signs.likely(self._present if self._marked is None else self._present | self._marked)

    def _suspect(self, error: str) -> Suspect:
        if error not in self._found:
            self._found[error] = Suspect(error)
        return self._found[error]

    def _add_codes(self, codes: Iterable[Code]) -> None:
        for order, code in enumerate(codes):
            own = self._index.codes.get(code.key, ())
            weight = (CODE if own else OTHER_CODE) - _LATER * order
            place = self._flat_place(code.start, code.start + len(code.written), known=True)
            for error in own or (self._index.others if code.is_update else ()):
                self._suspect(error).add("code", code.key, weight, place)

    def _add_phrases(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            if hit.wording.strong:
                where = Place(*place(hit, self._text.letters), known=len(hit.wording.squashed) >= _TELLING)
                for error in hit.wording.strong:
                    if self._holds(error, hit, where):
                        self._suspect(error).add("phrase", hit.wording.text, self._phrase_weight(error, hit), where)

    def _holds(self, error: str, hit: Hit, where: Place) -> bool:
        """Does it count? "Error 502" says nothing where the number is the code of something else."""
        if not hit.wording.numbers or not self._is_generic(error):
            return True
        plain = self._text.plain
        number = _NUMBER.search(plain, where.start, where.end)
        start, end = number.span() if number else (where.start, where.end)
        return not is_foreign(plain[max(0, start - _NEAR) : start], plain[end : end + _NEAR], self._present)

    def _phrase_weight(self, error: str, hit: Hit) -> float:
        """A wording's weight depends on its length and likeness; one that many entries share says little."""
        length = min(len(hit.wording.squashed), _LONG)
        weight = PHRASE + length / 4
        if self._is_generic(error) and length < _LONG / 2:
            weight -= GENERIC
        return weight * hit.likeness / 100 - 3 * (len(hit.wording.strong) - 1)

    def _is_generic(self, error: str) -> bool:
        entry = self._index.errors[error]
        return entry.source == "generic" and entry.code is None

    def _add_match(self, kind: str, sign: Sign, weight: float | None) -> bool:
        """Search one regular expression in the text, and in its HTML where there is any."""
        found = None
        if self._marked is None or sign.expression.fits(self._present):
            found = sign.expression.first(self._text.flat, self._text.lowered)
        known = found is not None and kind == "pattern" and self._is_written(sign, found[0])
        place = self._flat_place(*found.span(), known=known) if found else None
        if found is None and self._marked is not None:
            found = sign.expression.search(self._text.markup, self._marked)
            place = Place(0, len(self._text.plain), known=True)
        if found is None or place is None:
            return False
        suspect = self._suspect(sign.entry)
        suspect.add(kind, sign.expression.source, weight or PATTERN + min(len(found[0]), _LONG) / 6, place)
        suspect.details.update({name.replace("_", "-"): value for name, value in found.groupdict().items() if value})
        return True

    def _is_written(self, sign: Sign, found: str) -> bool:
        if self._is_generic(sign.entry):
            return False
        if sum(min(map(len, need)) for need in sign.expression.needs) >= _SENTENCE:
            return True
        marks = len(_WRITTEN.findall(found))
        if len(found) < _TELLING:
            return marks >= _MARKED and len(found) >= _BRIEF
        return bool(marks) or self._marked is not None  # a person writes no HTML

    def _half_shown(self, hits: Iterable[Hit], mentions: Iterable[Mention]) -> set[str]:
        """Entries that have a weak string in the text, or the status that one of their weak strings is about."""
        shown = {error for hit in hits for error in hit.wording.weak}
        return shown.union(*(self._index.shown.get(status, ()) for status in {each.status for each in mentions}))

    def _is_excluded(self, error: str) -> bool:
        return any(
            sign.expression.search(self._text.flat, self._present)
            or (self._marked is not None and sign.expression.search(self._text.markup, self._marked))
            for sign in self._index.unless.get(error, ())
        )

    def _flat_place(self, start: int, end: int, *, known: bool) -> Place:
        return Place(*self._text.place(start, end), known)
