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
    "machine": 2.54,
    "quote": 2.12,
    "link": 1.86,
    "version": 1.84,
    "known": 1.64,
    "now": 1.37,
    "now, several": 1.12,
    "asked": 1.06,
    "plea, several": 1.02,
    "met": 0.76,
    "prose": 0.68,
    "news, several": 0.64,
    "short": 0.62,
    "few words": 0.61,
    "ends with it": 0.60,
    "exclaimed": 0.28,
    "shown": 0.20,
    "called an error": 0.17,
    "others, several": -0.25,
    "plea": -0.26,
    "long": -0.37,
    "said of it": -0.42,
    "wish, several": -0.42,
    "bullets": -0.48,
    "listing": -0.62,
    "change": -0.64,
    "label": -0.75,
    "change, several": -0.82,
    "note": -0.88,
    "past": -0.89,
    "others": -0.95,
    "general, several": -0.96,
    "code": -1.00,
    "over": -1.03,
    "several of them": -1.08,
    "no plea, over": -1.16,
    "referred to": -1.16,
    "comment": -1.27,
    "commit": -1.27,
    "over elsewhere": -1.27,
    "spoken of": -1.30,
    "code beside": -1.33,
    "wish": -1.33,
    "symbol": -1.38,
    "general": -1.63,
    "heading": -1.74,
    "several statuses": -1.77,
    "news": -1.83,
    "over, several": -1.84,
    "answered": -2.00,
    "no plea": -2.00,
    "program": -2.00,
    "item": -2.03,
    "explained": -2.06,
    "past, several": -2.07,
    "denied": -2.10,
    "order": -2.12,
    "machine, identifiers": 1.24,
    "machine, plea": 1.14,
    "machine, past": 0.74,
    "machine, code beside": -0.12,
    "machine, news": -0.14,
    "machine, code": -0.28,
    "machine, others": -0.60,
    "machine, change": -0.82,
    "machine, several statuses": -0.86,
    "machine, heading": -1.60,
    "machine, general": -1.72,
    "machine, over": -1.74,
    "machine, symbol": -1.91,
    "machine, item": -2.17,
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
