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
    "machine": 1.71,
    "link": 1.68,
    "now": 1.24,
    "met": 1.22,
    "known": 1.17,
    "quote": 1.15,
    "now, several": 1.12,
    "ends with it": 0.73,
    "plea, several": 0.67,
    "exclaimed": 0.61,
    "short": 0.59,
    "shown": 0.49,
    "named": 0.31,
    "plea": 0.13,
    "prose": 0.13,
    "identifiers": -0.26,
    "over": -0.38,
    "change, several": -0.44,
    "note": -0.45,
    "others, several": -0.54,
    "code beside": -0.59,
    "listing": -0.60,
    "others": -0.60,
    "said of it": -0.61,
    "change": -0.71,
    "wish": -0.80,
    "spoken of": -0.84,
    "commit": -0.96,
    "denied": -0.97,
    "long": -1.02,
    "over elsewhere": -1.02,
    "past": -1.02,
    "referred to": -1.05,
    "several of them": -1.05,
    "code": -1.09,
    "bullets": -1.10,
    "label": -1.21,
    "general, several": -1.26,
    "comment": -1.27,
    "several statuses": -1.29,
    "explained": -1.50,
    "symbol": -1.50,
    "heading": -1.52,
    "no plea": -1.57,
    "no plea, over": -1.65,
    "past, several": -1.73,
    "general": -1.81,
    "news": -1.85,
    "over, several": -1.92,
    "item": -1.97,
    "answered": -2.00,
    "program": -2.00,
    "order": -2.27,
    "machine, plea": 1.23,
    "machine, identifiers": 1.20,
    "machine, past": 0.52,
    "machine, code beside": 0.10,
    "machine, several statuses": -0.17,
    "machine, code": -0.18,
    "machine, news": -0.26,
    "machine, change": -0.55,
    "machine, others": -0.94,
    "machine, heading": -1.16,
    "machine, item": -1.40,
    "machine, symbol": -1.48,
    "machine, general": -1.71,
    "machine, over": -1.76,
}
ENOUGH = -1.02
_NEVER = -9.0
_OVER = frozenset({"machine, over", "answered", "program"})

_STRIDE = 400
_STRONGEST = 8
"""So many words are named, of those that counted."""
_MOST, _MOST_PLACES = 5, 60
"""So many places are weighed, one of each kind and line; a log repeats itself."""


class Judgement(NamedTuple):
    """How much speaks for offering help, and why."""

    score: float
    shape: Shape | None
    traits: Mapping[str, AbstractSet[str]]
    """What holds for the place that counted, and the words that made it so."""
    words: Mapping[str, float] = {}
    """Words of a person that count by themselves."""

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
        """What counted: trait, the words that made it so, weight. Last the words that count by themselves."""
        found = [(trait, found, WEIGHTS[trait]) for trait, found in self.traits.items() if trait in WEIGHTS]
        if self.words:
            strongest = sorted(self.words, key=lambda word: -abs(self.words[word]))[:_STRONGEST]
            told = frozenset(f"{word} {self.words[word]:+.2f}" for word in strongest)
            found.append(("words", told, sum(self.words.values())))
        return found


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
        words = {} if place.known or shape is Shape.MACHINE else told.weighed  # a machine does not choose its words
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + sum(words.values())
        judgement = Judgement(round(score, 2), shape, traits, words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
