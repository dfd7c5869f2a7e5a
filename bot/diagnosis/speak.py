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
    "known": 1.23,
    "quote": 1.02,
    "now, several": 0.92,
    "plea, several": 0.88,
    "now": 0.84,
    "link": 0.72,
    "named": 0.53,
    "asked": 0.51,
    "called an error": 0.45,
    "shown": 0.45,
    "prose": 0.43,
    "met": 0.33,
    "ends with it": 0.30,
    "exclaimed": 0.26,
    "short": 0.25,
    "few words": 0.23,
    "change, several": -0.12,
    "denied": -0.27,
    "long": -0.30,
    "label": -0.35,
    "others": -0.42,
    "note": -0.44,
    "listing": -0.46,
    "bullets": -0.51,
    "wish": -0.54,
    "commit": -0.56,
    "referred to": -0.57,
    "comment": -0.60,
    "code": -0.63,
    "over, several": -0.67,
    "several of them": -0.75,
    "past, several": -0.77,
    "said of it": -0.80,
    "spoken of": -0.83,
    "past": -0.84,
    "change": -0.86,
    "over": -0.87,
    "order": -0.90,
    "program": -0.95,
    "heading": -0.97,
    "over elsewhere": -1.01,
    "general": -1.09,
    "news": -1.14,
    "no plea, over": -1.26,
    "no plea": -1.49,
    "explained": -1.50,
    "general, several": -1.50,
    "machine, plea": 0.26,
    "machine, news": 0.21,
    "machine, change": -0.13,
    "machine, others": -0.39,
    "machine, over": -0.47,
    "machine, heading": -0.63,
    "machine, general": -1.14,
}
ENOUGH = -1.14
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
    told = Told(plain, vocabulary, present)
    best = NOTHING
    lines = {(plain.count("\n", 0, place.start), place.known, place.start // _STRIDE): place for place in places}
    for place in list(lines.values())[:_MOST]:
        shape, traits = told.traits(place)
        judgement = Judgement(round(sum(WEIGHTS.get(trait, 0.0) for trait in traits), 2), shape, traits)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
