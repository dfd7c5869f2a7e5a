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
    "plea, several": 1.78,
    "link": 1.73,
    "quote": 1.28,
    "now": 1.15,
    "now, several": 1.15,
    "machine": 0.83,
    "ends with it": 0.73,
    "plea": 0.59,
    "said of it": 0.57,
    "code": 0.52,
    "known": 0.52,
    "met": 0.27,
    "few words": 0.22,
    "others, several": 0.20,
    "shown": 0.14,
    "loose": 0.13,
    "long": 0.01,
    "news, several": 0.01,
    "figure, several": -0.01,
    "asked": -0.02,
    "others": -0.02,
    "version": -0.17,
    "wish, several": -0.19,
    "no plea, over": -0.26,
    "prose": -0.27,
    "referred to": -0.31,
    "vague": -0.37,
    "called an error": -0.43,
    "identifiers": -0.52,
    "short": -0.53,
    "named": -0.65,
    "change": -0.66,
    "spoken of": -0.72,
    "bullets": -0.73,
    "label": -0.78,
    "exclaimed": -0.79,
    "faint": -0.81,
    "several of them": -0.98,
    "explained": -1.10,
    "change, several": -1.17,
    "news": -1.32,
    "no plea": -1.32,
    "general": -1.34,
    "table": -1.34,
    "item": -1.35,
    "order": -1.35,
    "code beside": -1.40,
    "wish": -1.44,
    "over": -1.49,
    "over elsewhere": -1.53,
    "note": -1.55,
    "past": -1.66,
    "heading": -1.71,
    "general, several": -1.73,
    "listing": -1.74,
    "comment": -1.78,
    "answered": -1.85,
    "document": -1.94,
    "commit": -2.00,
    "program": -2.04,
    "over, several": -2.05,
    "several statuses": -2.26,
    "gone": -2.28,
    "past, several": -2.32,
    "symbol": -2.44,
    "figure": -3.00,
    "denied": -3.95,
    "machine, plea": 1.60,
    "machine, identifiers": 1.15,
    "machine, code": 0.93,
    "machine, code beside": 0.39,
    "machine, general": 0.33,
    "machine, past": 0.01,
    "machine, several statuses": -0.10,
    "machine, table": -0.14,
    "machine, wish": -0.17,
    "machine, item": -0.47,
    "machine, others": -0.64,
    "machine, symbol": -0.88,
    "machine, change": -1.00,
    "machine, figure": -1.01,
    "machine, heading": -1.04,
    "machine, news": -1.26,
    "machine, over": -1.37,
    "machine, document": -2.00,
}
ENOUGH = -1.45
_NEVER = -9.0
_AGAINST_MACHINE = ENOUGH - WEIGHTS["machine"]
"""So much the words around it speak against a machine's line at the most: they alone never silence it."""
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
    place: Place | None = None
    """The place that counted."""

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
        judgement = Judgement(round(score, 2), shape, traits, words, told_by_words, place)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
