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
    "plea, several": 1.86,
    "link": 1.66,
    "quote": 1.36,
    "now, several": 1.18,
    "now": 1.14,
    "machine": 0.85,
    "ends with it": 0.62,
    "code": 0.58,
    "said of it": 0.51,
    "known": 0.48,
    "plea": 0.46,
    "met": 0.27,
    "few words": 0.24,
    "others, several": 0.10,
    "shown": 0.10,
    "loose": 0.07,
    "figure, several": -0.01,
    "others": -0.04,
    "asked": -0.07,
    "version": -0.09,
    "news, several": -0.11,
    "long": -0.14,
    "wish, several": -0.17,
    "prose": -0.23,
    "no plea, over": -0.33,
    "called an error": -0.34,
    "vague": -0.38,
    "referred to": -0.39,
    "identifiers": -0.55,
    "named": -0.55,
    "short": -0.60,
    "spoken of": -0.65,
    "bullets": -0.69,
    "change": -0.70,
    "faint": -0.83,
    "label": -0.84,
    "exclaimed": -0.87,
    "several of them": -0.90,
    "table": -1.17,
    "explained": -1.19,
    "news": -1.29,
    "change, several": -1.33,
    "item": -1.34,
    "general": -1.38,
    "order": -1.38,
    "code beside": -1.39,
    "general, several": -1.40,
    "no plea": -1.40,
    "over": -1.45,
    "listing": -1.50,
    "note": -1.50,
    "heading": -1.57,
    "document": -1.59,
    "over elsewhere": -1.60,
    "past": -1.69,
    "wish": -1.76,
    "comment": -1.81,
    "answered": -1.84,
    "commit": -1.95,
    "over, several": -2.01,
    "program": -2.09,
    "past, several": -2.16,
    "gone": -2.24,
    "several statuses": -2.31,
    "symbol": -2.41,
    "figure": -2.98,
    "denied": -3.92,
    "machine, plea": 1.75,
    "machine, identifiers": 1.33,
    "machine, code": 0.88,
    "machine, code beside": 0.34,
    "machine, general": 0.19,
    "machine, past": -0.00,
    "machine, several statuses": -0.11,
    "machine, table": -0.15,
    "machine, wish": -0.17,
    "machine, item": -0.47,
    "machine, others": -0.55,
    "machine, symbol": -0.90,
    "machine, heading": -0.97,
    "machine, figure": -1.01,
    "machine, change": -1.22,
    "machine, over": -1.31,
    "machine, news": -1.35,
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
