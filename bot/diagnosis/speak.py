"""Would the bot offer help on this text unasked?

Only when the text shows a failure that is there now: something a machine wrote, or a person who meets it. Talk about
502 (notes, documentation, code, tables, things that are over) is none of our business. Each place that shows the
failure is weighed by its traits (`telling`); one that convinces is enough. The weights were fitted, by logistic
regression, to texts of both kinds; what counts is their sign and order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple

from bot.diagnosis.anchors import Present
from bot.diagnosis.shapes import Shape
from bot.diagnosis.telling import Place, Told
from bot.diagnosis.vocabulary import Vocabulary

__all__ = ["Judgement", "Place", "judge"]

WEIGHTS: Mapping[str, float] = {
    "machine": 1.48,
    "known": 1.21,
    "quote": 1.07,
    "now, several": 0.95,
    "plea, several": 0.92,
    "now": 0.89,
    "link": 0.75,
    "named": 0.49,
    "asked": 0.47,
    "called an error": 0.43,
    "prose": 0.42,
    "shown": 0.41,
    "ends with it": 0.36,
    "exclaimed": 0.32,
    "met": 0.30,
    "short": 0.28,
    "few words": 0.22,
    "change, several": -0.12,
    "label": -0.36,
    "others": -0.37,
    "note": -0.39,
    "long": -0.40,
    "listing": -0.42,
    "bullets": -0.47,
    "denied": -0.51,
    "wish": -0.51,
    "referred to": -0.56,
    "commit": -0.57,
    "comment": -0.59,
    "over, several": -0.63,
    "code": -0.72,
    "several of them": -0.74,
    "past, several": -0.78,
    "spoken of": -0.82,
    "past": -0.84,
    "change": -0.85,
    "said of it": -0.85,
    "order": -0.87,
    "over": -0.89,
    "over elsewhere": -0.92,
    "heading": -0.99,
    "news": -1.15,
    "general": -1.20,
    "no plea, over": -1.32,
    "general, several": -1.42,
    "explained": -1.50,
    "no plea": -1.50,
    "answered": -2.00,
    "program": -2.00,
    "machine, plea": 0.31,
    "machine, change": -0.13,
    "machine, others": -0.37,
    "machine, over": -0.46,
    "machine, heading": -0.53,
    "machine, general": -1.19,
}
ENOUGH = -1.16
_NEVER = -9.0

_STRIDE = 400
_MOST = 7
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
        """Does a word near the place speak against a present need?"""
        return any(trait.startswith("machine, ") and trait != "machine, plea" for trait in self.traits)

    @property
    def reasons(self) -> list[tuple[str, AbstractSet[str], float]]:
        """What counted: trait, the words that made it so, weight."""
        return [(trait, found, WEIGHTS[trait]) for trait, found in self.traits.items() if trait in WEIGHTS]


NOTHING = Judgement(_NEVER, None, {})


def judge(plain: str, places: Iterable[Place], vocabulary: Vocabulary, present: Present = None) -> Judgement:
    """Weigh the places at which the text shows the failure; the first that convinces, else the best, is the answer."""
    best = NOTHING
    lines = {(plain.count("\n", 0, place.start), place.known, place.start // _STRIDE): place for place in places}
    chosen = list(lines.values())[:_MOST]
    told = Told(plain, vocabulary, present, chosen)
    for place in chosen:
        shape, traits = told.traits(place)
        judgement = Judgement(round(sum(WEIGHTS.get(trait, 0.0) for trait in traits), 2), shape, traits)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
