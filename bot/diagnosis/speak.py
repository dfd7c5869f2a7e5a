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
    "plea, several": 2.17,
    "known": 2.06,
    "machine": 1.52,
    "now, several": 1.49,
    "quote": 1.41,
    "now": 1.18,
    "code": 0.95,
    "link": 0.93,
    "asked": 0.81,
    "said of it": 0.69,
    "met": 0.60,
    "ends with it": 0.50,
    "plea": 0.49,
    "others, several": 0.14,
    "others": 0.11,
    "loose": 0.04,
    "shown": 0.00,
    "wish, several": -0.14,
    "called an error": -0.17,
    "prose": -0.17,
    "no plea, over": -0.18,
    "version": -0.19,
    "long": -0.24,
    "named": -0.32,
    "referred to": -0.34,
    "change": -0.38,
    "identifiers": -0.39,
    "short": -0.44,
    "exclaimed": -0.46,
    "spoken of": -0.56,
    "vague": -0.60,
    "label": -0.67,
    "bullets": -0.83,
    "several of them": -0.84,
    "explained": -0.91,
    "faint": -1.12,
    "table": -1.22,
    "no plea": -1.36,
    "order": -1.46,
    "code beside": -1.46,
    "note": -1.48,
    "change, several": -1.52,
    "general": -1.53,
    "news": -1.56,
    "general, several": -1.57,
    "comment": -1.64,
    "wish": -1.74,
    "over elsewhere": -1.80,
    "item": -1.85,
    "past": -1.90,
    "several statuses": -1.96,
    "heading": -1.97,
    "listing": -2.00,
    "document": -2.00,
    "over": -2.06,
    "commit": -2.10,
    "past, several": -2.19,
    "symbol": -2.32,
    "answered": -2.39,
    "over, several": -2.44,
    "program": -2.45,
    "figure": -3.38,
    "gone": -3.88,
    "denied": -4.32,
    "machine, plea": 1.35,
    "machine, identifiers": 0.98,
    "machine, code": 0.70,
    "machine, general": 0.35,
    "machine, code beside": 0.29,
    "machine, several statuses": -0.09,
    "machine, table": -0.13,
    "machine, wish": -0.15,
    "machine, item": -0.47,
    "machine, others": -0.64,
    "machine, news": -0.86,
    "machine, heading": -0.91,
    "machine, figure": -1.00,
    "machine, symbol": -1.05,
    "machine, change": -1.07,
    "machine, over": -1.54,
    "machine, document": -2.00,
}
ENOUGH = -1.8
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
