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
    "machine": 2.68,
    "quote": 2.12,
    "link": 1.88,
    "version": 1.61,
    "known": 1.55,
    "now": 1.32,
    "now, several": 1.14,
    "plea, several": 1.10,
    "asked": 1.05,
    "few words": 0.68,
    "prose": 0.66,
    "ends with it": 0.61,
    "met": 0.58,
    "short": 0.56,
    "news, several": 0.48,
    "exclaimed": 0.31,
    "called an error": 0.14,
    "shown": 0.13,
    "identifiers": -0.14,
    "plea": -0.25,
    "long": -0.33,
    "others, several": -0.35,
    "wish, several": -0.45,
    "bullets": -0.52,
    "change": -0.53,
    "said of it": -0.54,
    "note": -0.65,
    "change, several": -0.71,
    "listing": -0.77,
    "over": -0.82,
    "past": -0.86,
    "several of them": -0.86,
    "others": -0.87,
    "label": -0.89,
    "code": -1.00,
    "general, several": -1.03,
    "referred to": -1.10,
    "over elsewhere": -1.11,
    "wish": -1.14,
    "no plea, over": -1.23,
    "code beside": -1.34,
    "comment": -1.35,
    "commit": -1.35,
    "spoken of": -1.40,
    "general": -1.54,
    "symbol": -1.62,
    "news": -1.64,
    "order": -1.74,
    "heading": -1.75,
    "explained": -1.87,
    "no plea": -1.90,
    "item": -1.99,
    "answered": -2.00,
    "gone": -2.00,
    "program": -2.00,
    "over, several": -2.03,
    "past, several": -2.03,
    "denied": -2.06,
    "several statuses": -2.32,
    "machine, identifiers": 1.23,
    "machine, plea": 0.97,
    "machine, past": 0.83,
    "machine, code beside": -0.10,
    "machine, code": -0.20,
    "machine, others": -0.78,
    "machine, change": -0.81,
    "machine, several statuses": -0.85,
    "machine, heading": -1.52,
    "machine, general": -1.58,
    "machine, over": -1.86,
    "machine, symbol": -2.00,
    "machine, item": -2.19,
}
ENOUGH = -0.46
_NEVER = -9.0
_OVER = frozenset({"machine, over", "answered", "program"})

_SHOWN = frozenset({Shape.MACHINE, Shape.QUOTE})
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
        by_person = not place.known and shape not in _SHOWN
        words = told.weighed if by_person else {}  # a machine does not choose its words
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + sum(words.values())
        judgement = Judgement(round(score, 2), shape, traits, words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
