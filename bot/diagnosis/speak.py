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
    "known": 2.32,
    "plea, several": 2.15,
    "quote": 1.55,
    "machine": 1.54,
    "now, several": 1.40,
    "link": 1.22,
    "now": 1.20,
    "code": 0.89,
    "asked": 0.84,
    "said of it": 0.61,
    "met": 0.59,
    "ends with it": 0.52,
    "plea": 0.29,
    "others": 0.21,
    "others, several": 0.08,
    "shown": -0.08,
    "few words": -0.09,
    "called an error": -0.12,
    "wish, several": -0.14,
    "news, several": -0.17,
    "long": -0.20,
    "version": -0.24,
    "no plea, over": -0.26,
    "change": -0.26,
    "prose": -0.29,
    "identifiers": -0.37,
    "referred to": -0.38,
    "exclaimed": -0.43,
    "named": -0.55,
    "spoken of": -0.56,
    "vague": -0.61,
    "label": -0.65,
    "short": -0.75,
    "bullets": -0.77,
    "several of them": -0.81,
    "faint": -0.88,
    "explained": -0.91,
    "table": -1.11,
    "order": -1.32,
    "change, several": -1.41,
    "code beside": -1.41,
    "note": -1.45,
    "general, several": -1.50,
    "no plea": -1.50,
    "general": -1.52,
    "comment": -1.54,
    "news": -1.59,
    "over elsewhere": -1.68,
    "wish": -1.74,
    "item": -1.78,
    "heading": -1.86,
    "several statuses": -1.87,
    "past": -1.97,
    "document": -2.00,
    "past, several": -2.02,
    "over": -2.05,
    "commit": -2.05,
    "listing": -2.07,
    "answered": -2.34,
    "over, several": -2.35,
    "program": -2.39,
    "symbol": -2.42,
    "figure": -3.20,
    "gone": -3.67,
    "denied": -4.17,
    "machine, plea": 1.26,
    "machine, identifiers": 0.93,
    "machine, code": 0.61,
    "machine, code beside": 0.25,
    "machine, general": 0.24,
    "machine, several statuses": -0.09,
    "machine, wish": -0.13,
    "machine, table": -0.13,
    "machine, item": -0.46,
    "machine, others": -0.67,
    "machine, news": -0.83,
    "machine, heading": -0.89,
    "machine, figure": -1.00,
    "machine, change": -1.03,
    "machine, symbol": -1.03,
    "machine, over": -1.52,
    "machine, document": -2.00,
}
ENOUGH = -2.3
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
