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
    "known": 0.93,
    "quote": 0.90,
    "machine": 0.85,
    "now, several": 0.82,
    "plea, several": 0.68,
    "link": 0.62,
    "now": 0.61,
    "prose": 0.47,
    "version": 0.47,
    "few words": 0.44,
    "met": 0.40,
    "asked": 0.33,
    "said of it": 0.32,
    "plea": 0.28,
    "news, several": 0.23,
    "others, several": 0.20,
    "named": 0.16,
    "note": -0.10,
    "wish, several": -0.12,
    "called an error": -0.16,
    "bullets": -0.17,
    "short": -0.19,
    "others": -0.28,
    "referred to": -0.28,
    "shown": -0.38,
    "identifiers": -0.39,
    "ends with it": -0.47,
    "general, several": -0.48,
    "change": -0.55,
    "several of them": -0.55,
    "no plea, over": -0.57,
    "no plea": -0.62,
    "spoken of": -0.64,
    "table": -0.66,
    "over": -0.67,
    "wish": -0.71,
    "past": -0.78,
    "comment": -0.80,
    "label": -0.82,
    "change, several": -0.83,
    "heading": -0.84,
    "news": -0.85,
    "code beside": -0.95,
    "order": -0.97,
    "over elsewhere": -0.97,
    "code": -1.00,
    "general": -1.04,
    "past, several": -1.18,
    "vague": -1.18,
    "several statuses": -1.28,
    "listing": -1.47,
    "explained": -1.50,
    "item": -1.54,
    "over, several": -1.61,
    "symbol": -1.67,
    "denied": -1.85,
    "commit": -1.91,
    "answered": -2.00,
    "gone": -2.00,
    "program": -2.00,
    "document": -2.00,
    "faint": -3.11,
    "machine, plea": 0.78,
    "machine, identifiers": 0.48,
    "machine, code": 0.12,
    "machine, past": 0.05,
    "machine, several statuses": -0.08,
    "machine, table": -0.14,
    "machine, code beside": -0.24,
    "machine, item": -0.44,
    "machine, news": -0.50,
    "machine, symbol": -0.60,
    "machine, general": -0.71,
    "machine, others": -0.84,
    "machine, heading": -0.90,
    "machine, change": -0.94,
    "machine, over": -1.11,
    "machine, document": -2.00,
}
ENOUGH = -1.15
_NEVER = -9.0
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
