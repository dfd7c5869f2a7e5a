"""Would the bot offer help on this text unasked?

Only when the text shows a failure that is there now: something a machine wrote, or a person who has it. Talk about
502 (notes, documentation, code, tables, things that are over) is none of our business. Each place that shows the
failure is weighed by its traits (`telling`); one convincing place is enough. The weights were fitted, by logistic
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
    "form": 0.95,
    "plea, several": 0.93,
    "quote": 0.82,
    "machine": 0.64,
    "now, several": 0.64,
    "link": 0.57,
    "known": 0.46,
    "now": 0.41,
    "asked": 0.30,
    "code": 0.30,
    "met": 0.24,
    "said of it": 0.22,
    "plea": 0.19,
    "ends with it": 0.18,
    "version": 0.09,
    "loose": 0.06,
    "few words": 0.02,
    "others": 0.01,
    "shown": 0.01,
    "others, several": -0.05,
    "called an error": -0.06,
    "prose": -0.06,
    "long": -0.07,
    "named": -0.10,
    "identifiers": -0.11,
    "figure, several": -0.12,
    "news, several": -0.12,
    "vague": -0.14,
    "short": -0.15,
    "no plea, over": -0.22,
    "change": -0.25,
    "referred to": -0.25,
    "exclaimed": -0.29,
    "spoken of": -0.32,
    "several of them": -0.40,
    "no plea": -0.45,
    "bullets": -0.46,
    "titled": -0.47,
    "note": -0.49,
    "wish, several": -0.49,
    "table": -0.53,
    "label": -0.59,
    "document": -0.60,
    "explained": -0.61,
    "news": -0.61,
    "general": -0.63,
    "over elsewhere": -0.64,
    "code beside": -0.70,
    "past": -0.70,
    "order": -0.75,
    "change, several": -0.76,
    "faint": -0.77,
    "over": -0.79,
    "listing": -0.81,
    "comment": -0.84,
    "answered": -0.86,
    "item": -0.86,
    "general, several": -0.87,
    "wish": -0.87,
    "commit": -0.91,
    "heading": -0.95,
    "program": -0.96,
    "symbol": -1.01,
    "past, several": -1.04,
    "over, several": -1.08,
    "several statuses": -1.11,
    "gone": -1.48,
    "figure": -1.63,
    "denied": -1.80,
    "machine, plea": 0.81,
    "machine, identifiers": 0.38,
    "machine, code": 0.30,
    "machine, code beside": 0.14,
    "machine, general": 0.10,
    "machine, past": 0.10,
    "machine, several statuses": -0.10,
    "machine, others": -0.12,
    "machine, symbol": -0.13,
    "machine, table": -0.29,
    "machine, item": -0.33,
    "machine, heading": -0.39,
    "machine, change": -0.41,
    "machine, commit": -0.41,
    "machine, over": -0.41,
    "machine, news": -0.55,
    "machine, wish": -0.81,
    "machine, figure": -0.85,
    "machine, document": -2.00,
}
ENOUGH = -0.4
_NEVER = -9.0
_AGAINST_MACHINE = ENOUGH - WEIGHTS["machine"]
"""The most that the words around it count against a machine's line: they alone never silence it."""
_OVER = frozenset({"machine, over", "machine, document", "document", "answered", "program"})

_STRIDE = 400
_STRONGEST = 8
"""At most this many of the words that counted are named."""
_MOST, _MOST_PLACES = 5, 60
"""At most this many places are weighed, one of each kind and line; a log repeats itself."""


class Judgement(NamedTuple):
    """How strong the case for offering help is, and why."""

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
