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
    "machine": 2.57,
    "quote": 2.26,
    "known": 1.88,
    "link": 1.59,
    "plea, several": 1.24,
    "version": 1.03,
    "now": 0.97,
    "now, several": 0.82,
    "asked": 0.76,
    "prose": 0.74,
    "met": 0.44,
    "short": 0.42,
    "few words": 0.31,
    "news, several": 0.19,
    "shown": 0.18,
    "called an error": 0.17,
    "exclaimed": 0.06,
    "plea": 0.06,
    "others, several": -0.08,
    "said of it": -0.21,
    "others": -0.40,
    "referred to": -0.43,
    "wish, several": -0.48,
    "bullets": -0.55,
    "identifiers": -0.61,
    "no plea, over": -0.61,
    "long": -0.63,
    "past": -0.87,
    "change": -0.93,
    "comment": -0.93,
    "over": -0.93,
    "listing": -0.99,
    "several of them": -0.99,
    "code": -1.00,
    "change, several": -1.01,
    "code beside": -1.05,
    "order": -1.08,
    "spoken of": -1.13,
    "vague": -1.13,
    "table": -1.14,
    "over elsewhere": -1.19,
    "wish": -1.19,
    "general, several": -1.23,
    "general": -1.29,
    "no plea": -1.30,
    "label": -1.33,
    "news": -1.45,
    "past, several": -1.48,
    "item": -1.57,
    "symbol": -1.67,
    "heading": -1.87,
    "gone": -2.00,
    "program": -2.00,
    "commit": -2.01,
    "explained": -2.11,
    "answered": -2.16,
    "over, several": -2.32,
    "several statuses": -2.43,
    "denied": -2.70,
    "machine, identifiers": 1.75,
    "machine, plea": 0.77,
    "machine, code beside": 0.70,
    "machine, code": -0.58,
    "machine, past": -0.64,
    "machine, news": -0.81,
    "machine, others": -0.81,
    "machine, several statuses": -0.96,
    "machine, change": -1.19,
    "machine, wish": -1.59,
    "machine, symbol": -1.86,
    "machine, heading": -1.94,
    "machine, over": -2.00,
    "machine, general": -2.03,
    "machine, item": -2.41,
}
ENOUGH = -0.18
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
        words = told.weighed(place) if by_person else {}  # a machine does not choose its words
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + sum(words.values())
        judgement = Judgement(round(score, 2), shape, traits, words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
