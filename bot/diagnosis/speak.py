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
from bot.diagnosis.shapes import Shape
from bot.diagnosis.telling import Place, Told
from bot.diagnosis.vocabulary import Vocabulary

__all__ = ["Judgement", "Place", "judge"]

WEIGHTS: Mapping[str, float] = {
    "machine": 2.63,
    "quote": 2.34,
    "known": 2.00,
    "link": 1.69,
    "plea, several": 1.23,
    "version": 1.17,
    "now": 1.03,
    "now, several": 0.95,
    "prose": 0.80,
    "asked": 0.79,
    "met": 0.49,
    "short": 0.37,
    "few words": 0.28,
    "news, several": 0.21,
    "shown": 0.21,
    "called an error": 0.15,
    "plea": 0.09,
    "exclaimed": -0.06,
    "note": -0.08,
    "others, several": -0.15,
    "wish, several": -0.46,
    "referred to": -0.47,
    "identifiers": -0.49,
    "bullets": -0.50,
    "others": -0.50,
    "no plea, over": -0.61,
    "long": -0.72,
    "comment": -0.76,
    "past": -0.88,
    "several of them": -0.89,
    "listing": -0.91,
    "change": -0.94,
    "code": -1.00,
    "over": -1.01,
    "order": -1.04,
    "change, several": -1.05,
    "code beside": -1.18,
    "wish": -1.18,
    "general, several": -1.19,
    "spoken of": -1.20,
    "over elsewhere": -1.26,
    "table": -1.27,
    "vague": -1.27,
    "no plea": -1.31,
    "general": -1.37,
    "item": -1.41,
    "news": -1.47,
    "past, several": -1.51,
    "symbol": -1.65,
    "label": -1.74,
    "heading": -1.92,
    "commit": -1.98,
    "gone": -2.00,
    "program": -2.00,
    "over, several": -2.03,
    "explained": -2.05,
    "answered": -2.23,
    "several statuses": -2.39,
    "denied": -2.80,
    "machine, identifiers": 1.92,
    "machine, plea": 0.82,
    "machine, code beside": 0.59,
    "machine, code": -0.47,
    "machine, past": -0.68,
    "machine, news": -0.93,
    "machine, several statuses": -0.93,
    "machine, others": -1.07,
    "machine, change": -1.22,
    "machine, wish": -1.64,
    "machine, symbol": -1.65,
    "machine, over": -2.09,
    "machine, general": -2.16,
    "machine, heading": -2.19,
    "machine, item": -2.44,
}
ENOUGH = -0.03
_NEVER = -9.0
_OVER = frozenset({"machine, over", "answered", "program"})

_SHOWN = frozenset({Shape.MACHINE, Shape.QUOTE})
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
    """Words of a person that count by themselves."""

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
            found.append(("words", told, sum(self.words.values())))
        return found


NOTHING = Judgement(_NEVER, None, {})


def judge(plain: str, places: Iterable[Place], vocabulary: Vocabulary, present: Present = None) -> Judgement:
    """Weigh the places at which the text shows the failure; the first that convinces, else the best, is the answer."""
    best = NOTHING
    every = list(islice(places, _MOST_PLACES))
    lines = {(plain.count("\n", 0, place.start), place.known, place.start // _STRIDE): place for place in every}
    chosen = list(lines.values())[:_MOST]
    told = Told(plain, vocabulary, present, every)
    for place in chosen:
        shape, traits = told.traits(place)
        by_person = not place.known and shape not in _SHOWN
        words = told.weighed(place) if by_person else {}  # a machine does not choose its words
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + sum(words.values())
        judgement = Judgement(round(score, 2), shape, traits, words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
