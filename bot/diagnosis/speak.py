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
    "known": 2.26,
    "plea, several": 2.25,
    "machine": 1.60,
    "quote": 1.48,
    "now, several": 1.47,
    "now": 1.18,
    "link": 0.95,
    "code": 0.89,
    "asked": 0.84,
    "said of it": 0.70,
    "met": 0.60,
    "ends with it": 0.51,
    "plea": 0.35,
    "others": 0.18,
    "others, several": 0.12,
    "shown": -0.05,
    "wish, several": -0.14,
    "version": -0.16,
    "called an error": -0.20,
    "long": -0.24,
    "prose": -0.26,
    "no plea, over": -0.27,
    "named": -0.33,
    "referred to": -0.36,
    "identifiers": -0.38,
    "change": -0.39,
    "exclaimed": -0.45,
    "short": -0.62,
    "spoken of": -0.63,
    "label": -0.66,
    "vague": -0.70,
    "several of them": -0.83,
    "bullets": -0.84,
    "explained": -0.91,
    "faint": -0.98,
    "table": -1.21,
    "order": -1.41,
    "code beside": -1.46,
    "no plea": -1.47,
    "change, several": -1.50,
    "note": -1.52,
    "news": -1.59,
    "general, several": -1.60,
    "general": -1.61,
    "comment": -1.64,
    "wish": -1.77,
    "over elsewhere": -1.79,
    "item": -1.85,
    "several statuses": -1.95,
    "heading": -1.98,
    "listing": -1.99,
    "document": -2.00,
    "past": -2.04,
    "commit": -2.09,
    "past, several": -2.12,
    "over": -2.23,
    "symbol": -2.31,
    "answered": -2.39,
    "over, several": -2.44,
    "program": -2.45,
    "figure": -3.41,
    "gone": -3.85,
    "denied": -4.39,
    "machine, plea": 1.33,
    "machine, identifiers": 0.97,
    "machine, code": 0.69,
    "machine, general": 0.34,
    "machine, code beside": 0.29,
    "machine, several statuses": -0.09,
    "machine, table": -0.13,
    "machine, wish": -0.15,
    "machine, item": -0.47,
    "machine, others": -0.64,
    "machine, news": -0.86,
    "machine, heading": -0.89,
    "machine, figure": -1.00,
    "machine, change": -1.05,
    "machine, symbol": -1.05,
    "machine, over": -1.54,
    "machine, document": -2.00,
}
ENOUGH = -2.1
_NEVER = -9.0
_AGAINST_MACHINE = -3.0
"""So much the words around it speak against a machine's line at the most: few of them are about it."""
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
    told_by_words: float = 0.0
    """How much they do together."""

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
            found.append(("words", told, self.told_by_words))
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
        told_by_words = sum(words.values())
        if shape is Shape.MACHINE or place.known:
            told_by_words = max(told_by_words, _AGAINST_MACHINE)
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + told_by_words
        judgement = Judgement(round(score, 2), shape, traits, words, told_by_words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
