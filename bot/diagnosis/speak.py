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
from bot.diagnosis.neighbours import Weighed
from bot.diagnosis.shapes import Shape
from bot.diagnosis.telling import Place, Told
from bot.diagnosis.vocabulary import Vocabulary

__all__ = ["Judgement", "Place", "judge"]

WEIGHTS: Mapping[str, float] = {
    "quote": 0.99,
    "known": 0.89,
    "machine": 0.81,
    "plea, several": 0.75,
    "now, several": 0.72,
    "now": 0.60,
    "prose": 0.51,
    "link": 0.50,
    "few words": 0.43,
    "met": 0.33,
    "said of it": 0.30,
    "plea": 0.27,
    "version": 0.27,
    "asked": 0.24,
    "news, several": 0.22,
    "long": 0.10,
    "named": 0.06,
    "others, several": -0.06,
    "note": -0.09,
    "wish, several": -0.13,
    "short": -0.18,
    "bullets": -0.19,
    "called an error": -0.22,
    "referred to": -0.29,
    "identifiers": -0.31,
    "shown": -0.33,
    "others": -0.40,
    "ends with it": -0.44,
    "several of them": -0.49,
    "no plea, over": -0.57,
    "wish": -0.58,
    "change": -0.59,
    "no plea": -0.61,
    "general, several": -0.62,
    "spoken of": -0.63,
    "over": -0.70,
    "table": -0.71,
    "change, several": -0.77,
    "past": -0.80,
    "comment": -0.81,
    "label": -0.81,
    "over elsewhere": -0.88,
    "heading": -0.89,
    "news": -0.91,
    "order": -0.92,
    "code": -1.00,
    "general": -1.04,
    "code beside": -1.21,
    "past, several": -1.21,
    "several statuses": -1.22,
    "item": -1.31,
    "explained": -1.50,
    "vague": -1.51,
    "listing": -1.53,
    "over, several": -1.54,
    "denied": -1.57,
    "symbol": -1.60,
    "commit": -1.84,
    "answered": -2.00,
    "gone": -2.00,
    "program": -2.00,
    "faint": -3.29,
    "machine, plea": 0.92,
    "machine, identifiers": 0.74,
    "machine, table": -0.09,
    "machine, several statuses": -0.14,
    "machine, past": -0.17,
    "machine, general": -0.47,
    "machine, news": -0.55,
    "machine, item": -0.62,
    "machine, symbol": -0.62,
    "machine, others": -0.73,
    "machine, heading": -0.76,
    "machine, change": -0.86,
    "machine, over": -1.23,
}
ENOUGH = -1.0
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
    """Words that count by themselves."""

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
    told, weighed = Told(plain, vocabulary, present, every), Weighed(plain, vocabulary.weights)
    for place in chosen:
        shape, traits = told.traits(place)
        words = weighed.anywhere | weighed.beside(plain[: place.start], plain[place.end :])
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + sum(words.values())
        judgement = Judgement(round(score, 2), shape, traits, words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
