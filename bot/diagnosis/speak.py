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
    "known": 1.43,
    "machine": 1.31,
    "quote": 1.05,
    "plea, several": 0.96,
    "now": 0.95,
    "now, several": 0.95,
    "link": 0.66,
    "named": 0.50,
    "ends with it": 0.38,
    "prose": 0.38,
    "asked": 0.37,
    "called an error": 0.37,
    "short": 0.35,
    "met": 0.34,
    "shown": 0.34,
    "few words": 0.24,
    "exclaimed": 0.13,
    "change, several": -0.12,
    "others": -0.30,
    "label": -0.35,
    "listing": -0.42,
    "long": -0.44,
    "wish": -0.47,
    "note": -0.49,
    "bullets": -0.51,
    "denied": -0.52,
    "commit": -0.56,
    "referred to": -0.56,
    "over, several": -0.62,
    "comment": -0.64,
    "code": -0.65,
    "several of them": -0.74,
    "past, several": -0.77,
    "change": -0.81,
    "said of it": -0.81,
    "spoken of": -0.81,
    "past": -0.83,
    "order": -0.85,
    "over": -0.87,
    "over elsewhere": -0.89,
    "heading": -0.95,
    "news": -1.14,
    "general": -1.26,
    "no plea, over": -1.30,
    "general, several": -1.34,
    "explained": -1.50,
    "no plea": -1.56,
    "answered": -2.00,
    "program": -2.00,
    "machine, plea": 0.35,
    "machine, past": 0.24,
    "machine, change": -0.18,
    "machine, others": -0.25,
    "machine, over": -0.49,
    "machine, heading": -0.59,
    "machine, general": -0.87,
}
ENOUGH = -1.23
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
