"""Would the bot offer help on this text unasked?

Only when the text shows a failure that is there now: something a machine wrote, or a person who meets it. Talk about
502 (notes, documentation, code, tables, things that are over) is none of our business. Each mention of the failure
is weighed by the shape of its line and by the words of its sentence; one that convinces is enough. The weights were
fitted to texts of both kinds; what counts is their sign and order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from bot.diagnosis import shapes
from bot.diagnosis.anchors import Guarded, Present
from bot.diagnosis.lazy import lazy
from bot.diagnosis.shapes import Shape, shape_of
from bot.diagnosis.vocabulary import Vocabulary, words

ENOUGH = 0.75

_SHAPES = {
    Shape.MACHINE: 2.5,
    Shape.QUOTE: 1.6,
    Shape.PROSE: 1.0,
    Shape.LABEL: -0.6,
    Shape.NOTE: -0.6,
    Shape.COMMENT: -1.1,
    Shape.CODE: -1.2,
    Shape.LISTING: -1.5,
}
_TOLD = (Shape.PROSE, Shape.LABEL, Shape.NOTE, Shape.QUOTE)
_PLEAS = (0.0, 0.7, 1.5)
"""No word of need, one, several."""
_OVER = (0.0, -2.4, -2.9)
"""No word of the past or of talk about it, one, several."""
_FIRST = 1.1
_ASKED = 0.7
_HEADLINE = 0.9
_GONE_BY = -0.7
_EXPLAINED = -0.65
_PLURAL = -1.4
_LINKED = 0.45
_TALE = -0.7

_STRIDE = 400
_MOST = 7
"""So many places are weighed, one of each kind and line; a log repeats itself."""
_WHOLE = 220
"""A text up to this length is one statement: its words count for each mention in it."""
_TITLE = 100
"""A text up to this length is a headline: people leave out the plea."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Characters of scripts that say as much as a syllable or two: they count three times."""

_PAST = Guarded(
    r"\b(?:was|were|had|did|saw|showed|kept|got|gave|returned|ended|produced|happened|appeared|answered|served|"
    r"wanted|came from|sat|died)\b"
)
_EXPLAINS = Guarded(
    r"\b(?:which|because|so that|until|during|therefore|instead of|rather than|caused?|causing|causes|while|where)\b"
)
_FAULTS = Guarded(r"502(?:'?s\b| (?:http |gateway |bad gateway )?(?:errors|failures|responses|timeouts))")
_FIRST_PERSON = frozenset({"i", "im", "ive", "me", "my", "mine", "we", "our", "us"})
_QUESTION = re.compile(r"[?？]")
_LINK = Guarded(r"https?://")
GUARDED = (_PAST, _EXPLAINS, _FAULTS, _LINK, *shapes.GUARDED)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[！？])|\n")


class Place(NamedTuple):
    """Where the text shows the failure."""

    start: int
    end: int
    known: bool = False
    """Are these a machine's own words, known to us?"""


class Judgement(NamedTuple):
    """How much speaks for offering help, and why."""

    score: float
    shape: Shape | None
    pleas: int
    over: int

    @property
    def speaks(self) -> bool:
        """Is it enough?"""
        return self.score >= ENOUGH


def judge(plain: str, places: Iterable[Place], vocabulary: Vocabulary, present: Present = None) -> Judgement:
    """Weigh the places at which the text shows the failure; the first that convinces, else the best, is the answer."""
    told = Telling(plain, vocabulary, present)
    pleas = len(vocabulary.plea.among(*told.words))
    best = Judgement(-9.0, None, pleas, 0)
    lines = {(plain.count("\n", 0, place.start), place.known, place.start // _STRIDE): place for place in places}
    for place in list(lines.values())[:_MOST]:
        judgement = _weigh(told, place, pleas)
        if judgement.score > best.score:
            best = judgement
        if best.speaks and not best.over:
            break
    return best


@dataclass
class Telling:
    """What the whole text says, looked up once for all its places."""

    plain: str
    vocabulary: Vocabulary
    present: Present
    """Its literals."""

    @lazy
    def words(self) -> tuple[str, tuple[str, ...]]:
        """The text in lower case, and cut into words."""
        return words(self.plain)

    @lazy
    def voice(self) -> float:
        """Does somebody speak of himself, or ask?"""
        return _FIRST * self._is_own + _ASKED * bool(_QUESTION.search(self.plain))

    @property
    def _is_own(self) -> bool:
        tokens = self.words[1]
        shortened = (token.split("'") for token in tokens if "'" in token)
        return not (_FIRST_PERSON.isdisjoint(tokens) and all(map(_FIRST_PERSON.isdisjoint, shortened)))

    @lazy
    def is_tale(self) -> bool:
        """Does another sentence say that it is over, and none asks?"""
        return bool(self.over(self.plain)) and not _QUESTION.search(self.plain)

    @lazy
    def is_short(self) -> bool:
        """Could it be a headline?"""
        plain = self.plain
        return len(plain) + 2 * len(_WIDE.findall(plain)) <= _TITLE and plain.count("\n") <= 2

    @lazy
    def stops(self) -> list[tuple[int, int]]:
        """Where its sentences end and begin."""
        return [stop.span() for stop in _SENTENCE.finditer(self.plain)]

    @lazy
    def _over(self) -> dict[str, int]:
        return {}

    def over(self, clause: str) -> int:
        """Count the words of the past in a sentence."""
        if clause not in self._over:
            told = self.words if clause is self.plain else words(clause)
            self._over[clause] = len(self.vocabulary.over.among(*told))
        return self._over[clause]

    def clause(self, start: int, end: int) -> str:
        """Return the sentence around a place; a short text is one."""
        if len(self.plain) <= _WHOLE:
            return self.plain
        begin = 0
        for left, right in self.stops:
            if left >= end:
                return self.plain[begin:left]
            if right <= start:
                begin = right
        return self.plain[begin:]


def _weigh(text: Telling, place: Place, pleas: int) -> Judgement:
    shape = shape_of(text.plain, place.start, place.end, place.known, text.present)
    clause = text.clause(place.start, place.end)
    over = text.over(clause)
    score = _SHAPES[shape] + _PLEAS[min(pleas, 2)] + _OVER[min(over, 2)] / (2 if shape is Shape.MACHINE else 1)
    score += text.voice
    if not over and not pleas and text.is_tale and shape in _TOLD:
        score += _TALE
    if shape in _TOLD:
        score += _told(text, clause, is_headline=shape is Shape.PROSE and text.is_short)
    return Judgement(round(score, 2), shape, pleas, over)


def _told(text: Telling, clause: str, *, is_headline: bool) -> float:
    """What the way of telling adds: people in need are terse, concrete and in the present."""
    score = _HEADLINE if is_headline else _GONE_BY * bool(_PAST.search(clause, text.present))
    return (
        score
        + _EXPLAINED * bool(_EXPLAINS.search(clause, text.present))
        + _PLURAL * bool(_FAULTS.search(clause, text.present))
        + _LINKED * bool(_LINK.search(text.plain, text.present))
    )
