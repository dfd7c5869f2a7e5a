"""Would the bot offer help on this text unasked?

Only when the text shows a failure that is there now: something a machine wrote, or a person who meets it. Talk about 502
(notes, documentation, code, tables, things that are over) is none of our business. Each mention of the failure is weighed
by the shape of its line and by the words of its sentence; one that convinces is enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.diagnosis.shapes import Shape, shape_of
from bot.diagnosis.vocabulary import Vocabulary

ENOUGH = 1.15
_STRIDE = 400
_MOST = 24
"""So many places are weighed, one of each kind and line; a log repeats itself."""
_WHOLE = 220
"""A text up to this length is one statement: its words count for each mention in it."""
_TITLE = 100
"""A single line up to this length is a headline: people leave out the plea."""

_WEIGHTS = {
    Shape.MACHINE: 2.4,
    Shape.QUOTE: 2.3,
    Shape.PROSE: 1.0,
    Shape.LABEL: -0.3,
    Shape.NOTE: -0.4,
    Shape.COMMENT: -1.1,
    Shape.CODE: -1.5,
    Shape.LISTING: -2.0,
}
_PLEA = 0.7
_FIRST = 1.0
_ASKED = 1.0
_HEADLINE = 0.8
_OVER = -1.8
_GONE_BY = -0.9
_TOLD = (Shape.PROSE, Shape.LABEL, Shape.NOTE, Shape.QUOTE)
_PAST = re.compile(
    r"\b(?:was|were|had|did|saw|showed|kept|got|gave|returned|ended|produced|happened|appeared|answered|served|wanted|came from|sat|died)\b",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"(?<!\w)(?:i|i'm|im|i've|ive|i'd|me|my|mine|we|we're|our|us)(?!\w)", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]")
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
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
    """Weigh all places at which the text shows the failure and return the most convincing one."""
    pleas = len(vocabulary.plea.found(plain))
    best = Judgement(-9.0, None, pleas, 0)
    lines = {(plain.count("\n", 0, place.start), place.known, place.start // _STRIDE): place for place in places}
    for place in list(lines.values())[:_MOST]:
        judgement = _weigh(plain, place, pleas, vocabulary)
        if judgement.score > best.score:
            best = judgement
    return best


def _weigh(plain: str, place: Place, pleas: int, vocabulary: Vocabulary) -> Judgement:
    shape = shape_of(plain, place.start, place.end, place.known)
    clause = plain if len(plain) <= _WHOLE else _clause(plain, place.start, place.end)
    over = len(vocabulary.over.found(clause))
    score = (
        _WEIGHTS[shape] + min(pleas, 3) * _PLEA + min(over, 2) * (_OVER if shape is not Shape.MACHINE else _OVER / 2)
    )
    score += _FIRST * bool(_FIRST_PERSON.search(plain)) + _ASKED * bool(_QUESTION.search(plain))
    short = len(plain) + 2 * len(_WIDE.findall(plain)) <= _TITLE and plain.count("\n") <= 2
    if shape is Shape.PROSE and short:
        score += _HEADLINE
    elif shape in _TOLD and _PAST.search(clause):
        score += _GONE_BY
    return Judgement(round(score, 2), shape, pleas, over)


def _clause(plain: str, start: int, end: int) -> str:
    """Return the sentence around a place."""
    begin = 0
    for stop in _SENTENCE.finditer(plain):
        if stop.start() >= end:
            return plain[begin : stop.start()]
        if stop.end() <= start:
            begin = stop.end()
    return plain[begin:]
