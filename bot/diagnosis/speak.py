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
from functools import cached_property

from bot.diagnosis.shapes import Shape, shape_of
from bot.diagnosis.vocabulary import Vocabulary

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
_MOST = 24
"""So many places are weighed, one of each kind and line; a log repeats itself."""
_WHOLE = 220
"""A text up to this length is one statement: its words count for each mention in it."""
_TITLE = 100
"""A text up to this length is a headline: people leave out the plea."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
"""Characters of scripts that say as much as a syllable or two: they count three times."""

_PAST = re.compile(
    r"\b(?:was|were|had|did|saw|showed|kept|got|gave|returned|ended|produced|happened|appeared|answered|served|"
    r"wanted|came from|sat|died)\b",
    re.IGNORECASE,
)
_EXPLAINS = re.compile(
    r"\b(?:which|because|so that|until|during|therefore|instead of|rather than|caused?|causing|causes|while|where)\b",
    re.IGNORECASE,
)
_FAULTS = re.compile(
    r"502(?:'?s\b| (?:http |gateway |bad gateway )?(?:errors|failures|responses|timeouts))", re.IGNORECASE
)
_FIRST_PERSON = re.compile(r"(?<!\w)(?:i|i'm|im|i've|ive|i'd|me|my|mine|we|we're|our|us)(?!\w)", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]")
_LINK = re.compile(r"https?://", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=\S)|(?<=[！？])|\n")


@dataclass(frozen=True, slots=True)
class Place:
    """Where the text shows the failure."""

    start: int
    end: int
    known: bool = False
    """Are these a machine's own words, known to us?"""


@dataclass(frozen=True, slots=True)
class Judgement:
    """How much speaks for offering help, and why."""

    score: float
    shape: Shape | None
    pleas: int
    over: int

    @property
    def speaks(self) -> bool:
        """Is it enough?"""
        return self.score >= ENOUGH


def judge(plain: str, places: Iterable[Place], vocabulary: Vocabulary) -> Judgement:
    """Weigh the places at which the text shows the failure; the first that convinces, else the best, is the answer."""
    pleas = len(vocabulary.plea.found(plain))
    best = Judgement(-9.0, None, pleas, 0)
    told = Telling(plain, vocabulary)
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

    @cached_property
    def voice(self) -> float:
        """Does somebody speak of himself, or ask?"""
        return _FIRST * bool(_FIRST_PERSON.search(self.plain)) + _ASKED * bool(_QUESTION.search(self.plain))

    @cached_property
    def is_tale(self) -> bool:
        """Does another sentence say that it is over, and none asks?"""
        return bool(self.over(self.plain)) and not _QUESTION.search(self.plain)

    @cached_property
    def is_short(self) -> bool:
        """Could it be a headline?"""
        plain = self.plain
        return len(plain) + 2 * len(_WIDE.findall(plain)) <= _TITLE and plain.count("\n") <= 2

    @cached_property
    def stops(self) -> list[tuple[int, int]]:
        """Where its sentences end and begin."""
        return [stop.span() for stop in _SENTENCE.finditer(self.plain)]

    @cached_property
    def _over(self) -> dict[str, int]:
        return {}

    def over(self, clause: str) -> int:
        """Count the words of the past in a sentence."""
        if clause not in self._over:
            self._over[clause] = len(self.vocabulary.over.found(clause))
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
    shape = shape_of(text.plain, place.start, place.end, place.known)
    clause = text.clause(place.start, place.end)
    over = text.over(clause)
    score = _SHAPES[shape] + _PLEAS[min(pleas, 2)] + _OVER[min(over, 2)] / (2 if shape is Shape.MACHINE else 1)
    score += text.voice
    if not over and not pleas and text.is_tale and shape in _TOLD:
        score += _TALE
    if shape in _TOLD:
        score += _told(text.plain, clause, is_headline=shape is Shape.PROSE and text.is_short)
    return Judgement(round(score, 2), shape, pleas, over)


def _told(plain: str, clause: str, *, is_headline: bool) -> float:
    """What the way of telling adds: people in need are terse, concrete and in the present."""
    score = _HEADLINE if is_headline else _GONE_BY * bool(_PAST.search(clause))
    return (
        score
        + _EXPLAINED * bool(_EXPLAINS.search(clause))
        + _PLURAL * bool(_FAULTS.search(clause))
        + _LINKED * bool(_LINK.search(plain))
    )
