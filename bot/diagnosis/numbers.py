"""Do the words around a number make it the status of an error?

A bare 502 may be anything: a price, a room, a score. Rules say what stands directly beside it (`figures`); beyond those
each word has a weight by its place. The weights were fitted, by logistic regression, to messages in which 502 is a
status, and to talk and manual pages of many languages in which another number stood there. Those of words are data
(`[recognise.number]`): `_` stands for the number, `…` for up to two words.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.diagnosis.anchors import Present
from bot.diagnosis.lazy import lazy
from bot.diagnosis.neighbours import beside, spoken
from bot.diagnosis.vocabulary import Vocabulary, words

RULES: Mapping[str, float] = {
    "heard over": 2.12,
    "in a clause of need": 1.79,
    "heard news": 1.42,
    "context before": 1.33,
    "alone": 1.11,
    "heard plea": 0.94,
    "heard past": 0.73,
    "heard wish": 0.72,
    "heard change": 0.69,
    "alone, told": 0.60,
    "heard now": 0.58,
    "told": 0.49,
    "heard others": 0.40,
    "context after": 0.35,
    "headline": 0.25,
    "heard general": 0.25,
    "label": -1.30,
    "in a row": -1.42,
}
"""What rules weigh, and the meanings of words that stand anywhere in the text."""
ENOUGH = 2.49
PLAIN = ENOUGH + 1.7
"""With less it may be another number after all."""

_HEARD = 600
"""Of a text so many letters are read for what they mean."""


class Around:
    """A text around its numbers."""

    def __init__(self, plain: str, vocabulary: Vocabulary, present: Present = None) -> None:
        self._plain = plain
        self.vocabulary = vocabulary
        self.present = present

    def score(self, before: str, after: str, rules: Iterable[str]) -> float:
        """Say how much speaks for a status; `rules`: those that hold."""
        weights = self.vocabulary.numbers
        found = weights.keys() & beside(before, after)
        return sum(RULES.get(rule, 0.0) for rule in rules) + sum(map(weights.__getitem__, found)) + self._whole

    @lazy
    def _whole(self) -> float:
        """What the words of the text weigh, wherever they stand."""
        weights = self.vocabulary.numbers
        found = weights.keys() & spoken(self._plain)
        return sum(RULES.get(rule, 0.0) for rule in self.heard) + sum(map(weights.__getitem__, found))

    @lazy
    def heard(self) -> list[str]:
        """What the text means, as rules."""
        return [f"heard {meaning}" for meaning in self.vocabulary.telling.heard(*words(self._plain[:_HEARD]))]
