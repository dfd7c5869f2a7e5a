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
    "known": 0.95,
    "now, several": 0.84,
    "quote": 0.81,
    "machine": 0.77,
    "plea, several": 0.70,
    "now": 0.60,
    "link": 0.52,
    "prose": 0.51,
    "version": 0.44,
    "few words": 0.42,
    "met": 0.39,
    "said of it": 0.36,
    "asked": 0.30,
    "plea": 0.27,
    "news, several": 0.19,
    "named": 0.18,
    "others, several": 0.17,
    "long": 0.11,
    "bullets": -0.08,
    "wish, several": -0.12,
    "note": -0.15,
    "called an error": -0.17,
    "short": -0.20,
    "others": -0.28,
    "referred to": -0.31,
    "shown": -0.37,
    "identifiers": -0.40,
    "general, several": -0.47,
    "several of them": -0.47,
    "ends with it": -0.48,
    "change": -0.55,
    "no plea, over": -0.60,
    "no plea": -0.64,
    "over": -0.66,
    "table": -0.67,
    "spoken of": -0.70,
    "wish": -0.72,
    "past": -0.78,
    "heading": -0.83,
    "change, several": -0.84,
    "label": -0.86,
    "news": -0.86,
    "comment": -0.90,
    "code beside": -0.94,
    "order": -0.94,
    "code": -1.00,
    "vague": -1.02,
    "general": -1.04,
    "over elsewhere": -1.05,
    "past, several": -1.22,
    "several statuses": -1.26,
    "listing": -1.38,
    "item": -1.44,
    "explained": -1.50,
    "over, several": -1.64,
    "denied": -1.67,
    "symbol": -1.68,
    "figure": -2.20,
    "commit": -1.88,
    "answered": -2.00,
    "gone": -2.00,
    "program": -2.00,
    "document": -2.00,
    "faint": -2.86,
    "machine, plea": 0.78,
    "machine, identifiers": 0.71,
    "machine, code": 0.21,
    "machine, several statuses": -0.07,
    "machine, code beside": -0.10,
    "machine, table": -0.14,
    "machine, item": -0.41,
    "machine, news": -0.64,
    "machine, symbol": -0.71,
    "machine, change": -0.73,
    "machine, others": -0.75,
    "machine, general": -0.78,
    "machine, heading": -0.87,
    "machine, figure": -1.00,
    "machine, over": -1.22,
    "machine, document": -2.00,
}
ENOUGH = -1.05
_NEVER = -9.0
_OVER = frozenset({"machine, over", "machine, document", "document", "answered", "program"})

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
