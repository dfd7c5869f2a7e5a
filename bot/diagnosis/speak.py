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
    "plea, several": 2.03,
    "link": 1.93,
    "quote": 1.28,
    "now": 1.27,
    "now, several": 1.22,
    "machine": 0.81,
    "plea": 0.76,
    "said of it": 0.65,
    "code": 0.56,
    "ends with it": 0.54,
    "met": 0.33,
    "few words": 0.30,
    "others, several": 0.20,
    "loose": 0.16,
    "shown": 0.15,
    "others": -0.01,
    "figure, several": -0.02,
    "asked": -0.13,
    "news, several": -0.14,
    "wish, several": -0.20,
    "long": -0.25,
    "vague": -0.31,
    "referred to": -0.33,
    "version": -0.38,
    "known": -0.39,
    "prose": -0.45,
    "called an error": -0.50,
    "no plea, over": -0.51,
    "short": -0.65,
    "change": -0.69,
    "spoken of": -0.71,
    "exclaimed": -0.76,
    "named": -0.79,
    "identifiers": -0.81,
    "label": -0.90,
    "faint": -0.91,
    "several of them": -1.01,
    "explained": -1.06,
    "bullets": -1.07,
    "table": -1.17,
    "item": -1.19,
    "order": -1.32,
    "code beside": -1.35,
    "no plea": -1.38,
    "change, several": -1.45,
    "general": -1.46,
    "over": -1.51,
    "wish": -1.52,
    "news": -1.53,
    "note": -1.59,
    "over elsewhere": -1.67,
    "heading": -1.71,
    "answered": -1.76,
    "comment": -1.87,
    "listing": -1.91,
    "past": -1.92,
    "document": -1.93,
    "general, several": -2.00,
    "program": -2.08,
    "commit": -2.17,
    "over, several": -2.18,
    "several statuses": -2.34,
    "gone": -2.43,
    "symbol": -2.51,
    "past, several": -2.53,
    "figure": -3.20,
    "denied": -4.43,
    "machine, plea": 1.39,
    "machine, identifiers": 1.23,
    "machine, code": 0.91,
    "machine, code beside": 0.37,
    "machine, general": 0.23,
    "machine, past": 0.08,
    "machine, several statuses": -0.10,
    "machine, table": -0.15,
    "machine, wish": -0.18,
    "machine, item": -0.47,
    "machine, others": -0.57,
    "machine, change": -0.88,
    "machine, symbol": -0.92,
    "machine, figure": -1.01,
    "machine, heading": -1.15,
    "machine, over": -1.29,
    "machine, news": -1.30,
    "machine, document": -2.00,
}
ENOUGH = -1.54
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
