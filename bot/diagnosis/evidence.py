"""Which known errors does a text point to, how strongly, and where?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from bot.diagnosis.codes import Code
from bot.diagnosis.identification import Evidence
from bot.diagnosis.index import HEAD, Index, Sign
from bot.diagnosis.normalise import Text, inks
from bot.diagnosis.phrases import Hit, place
from bot.diagnosis.speak import Place
from bot.diagnosis.status import Mention

CODE = 100.0
OTHER_CODE = 60.0
PATTERN = 46.0
PHRASE = 40.0
WEAK = 34.0
GENERIC = 20.0
"""What a short wording of a generic entry weighs less: everybody writes "502 Bad Gateway"."""

_MORE = 2.0
"""What each further sign of the same entry adds."""
_LATER = 4.0
"""What each further code of a text weighs less than the one before."""
_LONG = 60
_TELLING = 16
"""Wordings with so many letters and digits are a machine's, not a person's."""
_WRITTEN = re.compile(r"[:=(){}\[\]<>/\"_]")
"""What machines write, and people who tell of it do not."""


@dataclass(slots=True)
class Suspect:
    """A known error that the text may mean."""

    error: str
    score: float = 0.0
    kinds: list[Evidence] = field(default_factory=list)
    details: dict[str, str] = field(default_factory=dict)
    places: list[Place] = field(default_factory=list)

    def add(self, kind: str, text: str, weight: float, place: Place) -> None:
        """Note one sign."""
        self.score = max(self.score, weight) + (_MORE if self.kinds else 0.0)
        self.kinds.append(Evidence(kind=kind, text=text[:120], weight=round(weight, 1)))
        self.places.append(place)


class Search:
    """One text, searched for the signs of all known errors."""

    def __init__(self, index: Index, text: Text) -> None:
        self._index = index
        self._text = text
        self._letters = text.letters
        self._inks = inks(text.plain)
        self._lowered = text.flat.lower()
        self._marked = None if text.markup is text.flat else text.markup.lower()
        self._found: dict[str, Suspect] = {}

    def suspects(self, hits: Sequence[Hit], mentions: Sequence[Mention], codes: Sequence[Code]) -> dict[str, Suspect]:
        """Return all entries that the text points to, by id."""
        self._add_codes(codes)
        self._add_phrases(hits)
        for sign in self._likely_signs():
            self._add_match("pattern", sign, None)
        for error in self._half_shown(hits, mentions):
            for near in self._index.near[error]:
                if self._add_match("weak", near, WEAK):
                    break
        return {error: each for error, each in self._found.items() if not self._is_excluded(error)}

    def _likely_signs(self) -> Iterable[Sign]:
        """Only the patterns of which a literal stands in the text, in their own order."""
        numbers = set(self._index.free)
        for lowered in filter(None, (self._lowered, self._marked)):
            heads = {lowered[at : at + HEAD] for at in range(len(lowered) - HEAD + 1)}
            for head in heads & self._index.heads.keys():
                for literal, signs in self._index.heads[head]:
                    if literal in lowered:
                        numbers.update(signs)
        return [self._index.signs[number] for number in sorted(numbers)]

    def _suspect(self, error: str) -> Suspect:
        return self._found.setdefault(error, Suspect(error))

    def _add_codes(self, codes: Iterable[Code]) -> None:
        for order, code in enumerate(codes):
            own = self._index.codes.get(code.key, ())
            weight = (CODE if own else OTHER_CODE) - _LATER * order
            place = self._flat_place(code.start, code.start + len(code.written), known=True)
            for error in own or (self._index.others if code.is_update else ()):
                self._suspect(error).add("code", code.key, weight, place)

    def _add_phrases(self, hits: Iterable[Hit]) -> None:
        for hit in hits:
            where = Place(*place(hit, self._letters), known=len(hit.wording.squashed) >= _TELLING)
            for error in hit.wording.strong:
                self._suspect(error).add("phrase", hit.wording.text, self._phrase_weight(error, hit), where)

    def _phrase_weight(self, error: str, hit: Hit) -> float:
        """A wording weighs by its length and likeness; one that many entries share says little."""
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
        found = sign.expression.search(self._text.flat, self._lowered)
        place = self._flat_place(*found.span(), known=self._is_written(sign.entry, found[0])) if found else None
        if found is None and self._marked is not None:
            found = sign.expression.search(self._text.markup, self._marked)
            place = Place(0, len(self._text.plain), known=True)
        if found is None or place is None:
            return False
        suspect = self._suspect(sign.entry)
        suspect.add(kind, sign.expression.source, weight or PATTERN + min(len(found[0]), _LONG) / 6, place)
        suspect.details.update({name.replace("_", "-"): value for name, value in found.groupdict().items() if value})
        return True

    def _is_written(self, error: str, found: str) -> bool:
        return len(found) >= _TELLING and not self._is_generic(error) and bool(_WRITTEN.search(found))

    def _half_shown(self, hits: Iterable[Hit], mentions: Iterable[Mention]) -> Iterable[str]:
        """Entries of which a weak string stands in the text, or the status that a weak string of theirs is about."""
        statuses = {mention.status for mention in mentions}
        named = {error for hit in hits for error in hit.wording.weak}
        return [error for error in self._index.near if error in named or statuses & self._index.shown[error]]

    def _is_excluded(self, error: str) -> bool:
        return any(
            sign.expression.search(self._text.flat, self._lowered)
            or (self._marked is not None and sign.expression.search(self._text.markup, self._marked))
            for sign in self._index.unless.get(error, ())
        )

    def _flat_place(self, start: int, end: int, *, known: bool) -> Place:
        """Translate a place of the flat text into one of the plain text: both have the same ink."""
        first = start - self._text.flat.count(" ", 0, start)
        last = end - self._text.flat.count(" ", 0, end)
        return Place(
            self._inks[min(first, len(self._inks) - 1)],
            self._inks[min(max(last, first + 1), len(self._inks)) - 1] + 1,
            known,
        )
