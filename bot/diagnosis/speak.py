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
    "plea, several": 0.90,
    "quote": 0.80,
    "machine": 0.62,
    "now, several": 0.62,
    "link": 0.55,
    "known": 0.45,
    "now": 0.40,
    "code": 0.31,
    "asked": 0.29,
    "met": 0.24,
    "said of it": 0.23,
    "plea": 0.18,
    "ends with it": 0.17,
    "version": 0.07,
    "loose": 0.04,
    "few words": 0.02,
    "others": 0.02,
    "shown": 0.01,
    "others, several": -0.02,
    "called an error": -0.05,
    "prose": -0.06,
    "long": -0.07,
    "news, several": -0.09,
    "named": -0.10,
    "vague": -0.10,
    "figure, several": -0.11,
    "identifiers": -0.12,
    "short": -0.15,
    "no plea, over": -0.19,
    "change": -0.23,
    "referred to": -0.24,
    "exclaimed": -0.27,
    "wish, several": -0.27,
    "spoken of": -0.30,
    "several of them": -0.40,
    "no plea": -0.45,
    "titled": -0.45,
    "bullets": -0.47,
    "note": -0.49,
    "table": -0.52,
    "label": -0.57,
    "explained": -0.58,
    "news": -0.60,
    "document": -0.61,
    "general": -0.61,
    "over elsewhere": -0.63,
    "code beside": -0.67,
    "faint": -0.68,
    "past": -0.69,
    "order": -0.73,
    "change, several": -0.75,
    "over": -0.77,
    "listing": -0.78,
    "general, several": -0.82,
    "wish": -0.82,
    "answered": -0.85,
    "comment": -0.85,
    "item": -0.86,
    "heading": -0.88,
    "commit": -0.92,
    "program": -0.94,
    "symbol": -0.97,
    "past, several": -1.00,
    "several statuses": -1.03,
    "over, several": -1.04,
    "gone": -1.44,
    "figure": -1.59,
    "denied": -1.74,
    "machine, plea": 0.77,
    "machine, identifiers": 0.34,
    "machine, code": 0.32,
    "machine, code beside": 0.13,
    "machine, past": 0.13,
    "machine, general": 0.09,
    "machine, several statuses": -0.10,
    "machine, others": -0.13,
    "machine, symbol": -0.25,
    "machine, item": -0.27,
    "machine, table": -0.27,
    "machine, commit": -0.30,
    "machine, over": -0.46,
    "machine, change": -0.47,
    "machine, heading": -0.47,
    "machine, news": -0.62,
    "machine, wish": -0.71,
    "machine, figure": -0.82,
    "machine, document": -2.00,
}
ENOUGH = -0.4
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
