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
    "machine": 1.47,
    "known": 1.24,
    "quote": 1.06,
    "now, several": 0.94,
    "plea, several": 0.76,
    "link": 0.72,
    "now": 0.69,
    "named": 0.63,
    "asked": 0.45,
    "called an error": 0.43,
    "prose": 0.41,
    "met": 0.37,
    "ends with it": 0.35,
    "shown": 0.33,
    "exclaimed": 0.29,
    "few words": 0.23,
    "a title": 0.18,
    "short": 0.16,
    "sad": 0.11,
    "happy": -0.15,
    "no plea, general": -0.15,
    "what it is": -0.19,
    "change, several": -0.25,
    "long": -0.26,
    "denied": -0.29,
    "label": -0.35,
    "others": -0.40,
    "note": -0.42,
    "listing": -0.43,
    "wish": -0.53,
    "bullets": -0.54,
    "commit": -0.57,
    "comment": -0.59,
    "referred to": -0.60,
    "code": -0.62,
    "over, several": -0.69,
    "several of them": -0.71,
    "said of it": -0.74,
    "past, several": -0.77,
    "past": -0.78,
    "over": -0.84,
    "spoken of": -0.85,
    "order": -0.89,
    "change": -0.90,
    "general": -0.92,
    "heading": -0.94,
    "program": -0.95,
    "over elsewhere": -0.98,
    "news": -1.14,
    "no plea, over": -1.27,
    "no plea": -1.48,
    "explained": -1.50,
    "general, several": -1.57,
    "machine, plea": 0.31,
    "machine, news": 0.22,
    "machine, change": -0.13,
    "machine, others": -0.38,
    "machine, over": -0.47,
    "machine, heading": -0.64,
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
