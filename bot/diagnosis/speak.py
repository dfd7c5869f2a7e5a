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
    "link": 1.72,
    "quote": 1.33,
    "now": 1.15,
    "now, several": 1.15,
    "machine": 0.81,
    "ends with it": 0.68,
    "code": 0.60,
    "said of it": 0.59,
    "known": 0.55,
    "plea": 0.50,
    "met": 0.29,
    "few words": 0.24,
    "others, several": 0.19,
    "shown": 0.13,
    "loose": 0.06,
    "asked": 0.00,
    "version": -0.00,
    "figure, several": -0.01,
    "long": -0.03,
    "others": -0.03,
    "news, several": -0.04,
    "wish, several": -0.19,
    "prose": -0.23,
    "no plea, over": -0.30,
    "referred to": -0.34,
    "vague": -0.36,
    "called an error": -0.37,
    "short": -0.55,
    "identifiers": -0.56,
    "named": -0.66,
    "change": -0.68,
    "spoken of": -0.70,
    "several of them": -0.75,
    "bullets": -0.76,
    "faint": -0.79,
    "label": -0.83,
    "exclaimed": -0.84,
    "explained": -1.12,
    "table": -1.13,
    "change, several": -1.23,
    "news": -1.33,
    "order": -1.33,
    "item": -1.34,
    "code beside": -1.36,
    "general": -1.37,
    "no plea": -1.40,
    "general, several": -1.43,
    "over": -1.46,
    "wish": -1.47,
    "over elsewhere": -1.51,
    "note": -1.59,
    "listing": -1.60,
    "past": -1.68,
    "heading": -1.76,
    "comment": -1.80,
    "answered": -1.85,
    "document": -1.93,
    "commit": -2.00,
    "over, several": -2.08,
    "program": -2.10,
    "past, several": -2.27,
    "gone": -2.28,
    "several statuses": -2.31,
    "symbol": -2.42,
    "figure": -2.98,
    "denied": -3.95,
    "machine, plea": 1.77,
    "machine, identifiers": 1.29,
    "machine, code": 0.94,
    "machine, code beside": 0.37,
    "machine, general": 0.36,
    "machine, past": 0.00,
    "machine, several statuses": -0.10,
    "machine, table": -0.15,
    "machine, wish": -0.19,
    "machine, item": -0.47,
    "machine, others": -0.55,
    "machine, symbol": -0.90,
    "machine, figure": -1.01,
    "machine, change": -1.07,
    "machine, heading": -1.10,
    "machine, news": -1.30,
    "machine, over": -1.31,
    "machine, document": -2.00,
}
ENOUGH = -1.43
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
