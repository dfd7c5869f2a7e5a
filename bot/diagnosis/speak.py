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
    "plea, several": 1.90,
    "link": 1.68,
    "quote": 1.27,
    "now": 1.21,
    "now, several": 1.17,
    "machine": 0.93,
    "code": 0.63,
    "known": 0.58,
    "said of it": 0.58,
    "plea": 0.54,
    "ends with it": 0.47,
    "met": 0.33,
    "few words": 0.21,
    "shown": 0.18,
    "others, several": 0.14,
    "loose": 0.12,
    "asked": 0.09,
    "others": 0.08,
    "figure, several": -0.01,
    "news, several": -0.03,
    "wish, several": -0.17,
    "long": -0.20,
    "referred to": -0.29,
    "prose": -0.30,
    "version": -0.35,
    "called an error": -0.38,
    "no plea, over": -0.40,
    "vague": -0.41,
    "change": -0.56,
    "short": -0.60,
    "identifiers": -0.62,
    "exclaimed": -0.65,
    "faint": -0.65,
    "named": -0.69,
    "label": -0.77,
    "spoken of": -0.77,
    "bullets": -0.96,
    "several of them": -0.96,
    "explained": -1.14,
    "table": -1.14,
    "order": -1.27,
    "change, several": -1.38,
    "general": -1.41,
    "item": -1.41,
    "no plea": -1.41,
    "code beside": -1.44,
    "news": -1.45,
    "wish": -1.51,
    "over": -1.52,
    "note": -1.61,
    "comment": -1.69,
    "over elsewhere": -1.69,
    "heading": -1.78,
    "listing": -1.82,
    "past": -1.86,
    "general, several": -1.87,
    "document": -1.95,
    "answered": -2.01,
    "commit": -2.13,
    "several statuses": -2.17,
    "over, several": -2.22,
    "gone": -2.30,
    "program": -2.31,
    "symbol": -2.41,
    "past, several": -2.44,
    "figure": -3.14,
    "denied": -4.23,
    "machine, plea": 1.63,
    "machine, identifiers": 1.13,
    "machine, code": 0.75,
    "machine, code beside": 0.36,
    "machine, general": 0.17,
    "machine, past": 0.08,
    "machine, several statuses": -0.10,
    "machine, table": -0.14,
    "machine, wish": -0.18,
    "machine, item": -0.47,
    "machine, others": -0.63,
    "machine, symbol": -0.97,
    "machine, figure": -1.01,
    "machine, change": -1.08,
    "machine, heading": -1.11,
    "machine, news": -1.24,
    "machine, over": -1.36,
    "machine, document": -2.00,
}
ENOUGH = -1.59
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
