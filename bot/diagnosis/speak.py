"""Would the bot offer help on this text unasked?

Only when the text shows a failure that is there now: something a machine wrote, or a person who meets it. Talk about
502 (notes, documentation, code, tables, things that are over) is none of our business. Each place that shows the
failure is weighed by its traits (`telling`); one that convinces is enough. The weights were fitted, by logistic
regression, to texts of both kinds; what counts is their sign and order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice
from typing import NamedTuple

from bot.diagnosis.anchors import Present
from bot.diagnosis.shapes import Shape
from bot.diagnosis.telling import Place, Told
from bot.diagnosis.vocabulary import Vocabulary

__all__ = ["Judgement", "Place", "judge"]

WEIGHTS: Mapping[str, float] = {
    "known": 1.39,
    "machine": 1.35,
    "quote": 1.07,
    "plea, several": 0.97,
    "now": 0.94,
    "now, several": 0.85,
    "link": 0.73,
    "named": 0.52,
    "met": 0.43,
    "ends with it": 0.40,
    "asked": 0.38,
    "prose": 0.37,
    "short": 0.35,
    "shown": 0.34,
    "called an error": 0.26,
    "few words": 0.23,
    "exclaimed": 0.15,
    "change, several": -0.12,
    "long": -0.23,
    "others": -0.31,
    "label": -0.33,
    "listing": -0.41,
    "wish": -0.47,
    "note": -0.48,
    "denied": -0.50,
    "bullets": -0.52,
    "commit": -0.58,
    "referred to": -0.58,
    "over, several": -0.61,
    "comment": -0.66,
    "several of them": -0.78,
    "change": -0.81,
    "past, several": -0.81,
    "spoken of": -0.81,
    "order": -0.85,
    "past": -0.85,
    "said of it": -0.85,
    "over": -0.88,
    "over elsewhere": -0.89,
    "code": -1.00,
    "heading": -1.01,
    "news": -1.15,
    "general": -1.20,
    "no plea, over": -1.27,
    "general, several": -1.33,
    "explained": -1.50,
    "no plea": -1.53,
    "answered": -2.00,
    "program": -2.00,
    "machine, plea": 0.37,
    "machine, past": 0.25,
    "machine, change": -0.15,
    "machine, others": -0.41,
    "machine, over": -0.46,
    "machine, heading": -0.57,
    "machine, general": -0.97,
}
ENOUGH = -1.27
_NEVER = -9.0
_OVER = frozenset({"machine, over", "answered", "program"})

_STRIDE = 400
_MOST, _MOST_PLACES = 5, 60
"""So many places are weighed, one of each kind and line; a log repeats itself."""


class Judgement(NamedTuple):
    """How much speaks for offering help, and why."""

    score: float
    shape: Shape | None
    traits: Mapping[str, AbstractSet[str]]
    """What holds for the place that counted, and the words that made it so."""

    @property
    def speaks(self) -> bool:
        """Is it enough?"""
        return self.score >= ENOUGH

    @property
    def over(self) -> bool:
        """Is what a machine wrote shown as something that is over, or as a program's text?"""
        return not _OVER.isdisjoint(self.traits)

    @property
    def reasons(self) -> list[tuple[str, AbstractSet[str], float]]:
        """What counted: trait, the words that made it so, weight."""
        return [(trait, found, WEIGHTS[trait]) for trait, found in self.traits.items() if trait in WEIGHTS]


NOTHING = Judgement(_NEVER, None, {})


def judge(plain: str, places: Iterable[Place], vocabulary: Vocabulary, present: Present = None) -> Judgement:
    """Weigh the places at which the text shows the failure; the first that convinces, else the best, is the answer."""
    best = NOTHING
    every = list(islice(places, _MOST_PLACES))
    lines = {(plain.count("\n", 0, place.start), place.known, place.start // _STRIDE): place for place in every}
    chosen = list(lines.values())[:_MOST]
    told = Told(plain, vocabulary, present, every)
    for place in chosen:
        shape, traits = told.traits(place)
        judgement = Judgement(round(sum(WEIGHTS.get(trait, 0.0) for trait in traits), 2), shape, traits)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
