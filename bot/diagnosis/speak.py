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
    "quote": 1.08,
    "plea, several": 0.98,
    "now, several": 0.97,
    "now": 0.93,
    "link": 0.65,
    "named": 0.50,
    "prose": 0.41,
    "ends with it": 0.40,
    "asked": 0.38,
    "met": 0.34,
    "short": 0.34,
    "shown": 0.34,
    "called an error": 0.23,
    "few words": 0.23,
    "exclaimed": 0.15,
    "change, several": -0.13,
    "others": -0.32,
    "label": -0.33,
    "listing": -0.40,
    "long": -0.44,
    "note": -0.47,
    "wish": -0.47,
    "bullets": -0.50,
    "denied": -0.51,
    "commit": -0.57,
    "referred to": -0.59,
    "over, several": -0.62,
    "code": -0.66,
    "comment": -0.66,
    "past, several": -0.77,
    "several of them": -0.77,
    "change": -0.81,
    "past": -0.82,
    "spoken of": -0.82,
    "order": -0.83,
    "said of it": -0.84,
    "over": -0.87,
    "over elsewhere": -0.90,
    "heading": -0.99,
    "news": -1.16,
    "general": -1.23,
    "no plea, over": -1.28,
    "general, several": -1.33,
    "explained": -1.50,
    "no plea": -1.54,
    "answered": -2.00,
    "program": -2.00,
    "machine, plea": 0.36,
    "machine, past": 0.24,
    "machine, change": -0.16,
    "machine, others": -0.23,
    "machine, over": -0.48,
    "machine, heading": -0.59,
    "machine, general": -0.87,
}
ENOUGH = -1.18
_NEVER = -9.0

_STRIDE = 400
_MOST = 5
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
