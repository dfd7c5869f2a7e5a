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
    "machine": 0.99,
    "quote": 0.97,
    "known": 0.81,
    "now, several": 0.71,
    "plea, several": 0.71,
    "now": 0.61,
    "link": 0.51,
    "prose": 0.43,
    "few words": 0.42,
    "met": 0.37,
    "version": 0.36,
    "said of it": 0.30,
    "asked": 0.29,
    "named": 0.24,
    "plea": 0.18,
    "news, several": 0.17,
    "note": -0.12,
    "short": -0.12,
    "wish, several": -0.12,
    "bullets": -0.14,
    "called an error": -0.20,
    "referred to": -0.20,
    "identifiers": -0.29,
    "ends with it": -0.38,
    "others": -0.39,
    "shown": -0.40,
    "several of them": -0.48,
    "wish": -0.53,
    "spoken of": -0.56,
    "change": -0.60,
    "no plea, over": -0.61,
    "general, several": -0.62,
    "change, several": -0.69,
    "no plea": -0.71,
    "table": -0.75,
    "over": -0.76,
    "comment": -0.82,
    "past": -0.82,
    "heading": -0.84,
    "over elsewhere": -0.88,
    "label": -0.90,
    "order": -0.96,
    "code": -1.00,
    "news": -1.01,
    "general": -1.05,
    "code beside": -1.15,
    "several statuses": -1.15,
    "item": -1.29,
    "vague": -1.36,
    "past, several": -1.39,
    "listing": -1.48,
    "commit": -1.50,
    "explained": -1.50,
    "over, several": -1.55,
    "denied": -1.63,
    "symbol": -1.71,
    "answered": -2.00,
    "gone": -2.00,
    "program": -2.00,
    "faint": -3.15,
    "machine, plea": 0.88,
    "machine, identifiers": 0.75,
    "machine, past": -0.10,
    "machine, several statuses": -0.10,
    "machine, table": -0.10,
    "machine, news": -0.42,
    "machine, symbol": -0.50,
    "machine, item": -0.61,
    "machine, general": -0.70,
    "machine, heading": -0.74,
    "machine, others": -0.83,
    "machine, change": -0.87,
    "machine, over": -1.23,
}
ENOUGH = -1.15
_NEVER = -9.0
_OVER = frozenset({"machine, over", "answered", "program"})

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
    told, weighed = Told(plain, vocabulary, present, every), Weighed(plain, vocabulary.weights)
    for place in chosen:
        shape, traits = told.traits(place)
        words = weighed.anywhere | weighed.beside(plain[: place.start], plain[place.end :])
        score = sum(WEIGHTS.get(trait, 0.0) for trait in traits) + sum(words.values())
        judgement = Judgement(round(score, 2), shape, traits, words)
        if judgement.score > best.score or best.shape is None:
            best = judgement
        if best.speaks:
            break
    return best
