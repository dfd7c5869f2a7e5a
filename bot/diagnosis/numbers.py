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
from bot.diagnosis.neighbours import Weighed
from bot.diagnosis.vocabulary import Vocabulary, words

RULES: Mapping[str, float] = {
    "heard over": 1.31,
    "heard news": 0.91,
    "heard wish": 0.84,
    "alone": 0.81,
    "context before": 0.58,
    "heard change": 0.55,
    "heard general": 0.49,
    "heard past": 0.46,
    "in a clause of need": 0.39,
    "headline": 0.27,
    "heard others": 0.25,
    "told": 0.17,
    "heard now": 0.13,
    "alone, told": -0.05,
    "heard plea": -0.29,
    "in a row": -0.95,
    "label": -1.82,
}
"""What rules weigh, and the meanings of words that stand anywhere in the text."""
ENOUGH = 0.85
VAGUE, PLAIN = ENOUGH + 0.7, ENOUGH + 1.6
"""With less it may be another number after all."""

_HEARD = 600
"""Of a text so many letters are read for what they mean."""


class Around:
    """A text around its numbers."""

    def __init__(self, plain: str, vocabulary: Vocabulary, present: Present = None) -> None:
        self._plain = plain
        self._weighed = Weighed(plain, vocabulary.numbers)
        self.vocabulary = vocabulary
        self.present = present

    def score(self, before: str, after: str, rules: Iterable[str]) -> float:
        """Say how much speaks for a status; `rules`: those that hold."""
        near = sum(self._weighed.beside(before, after).values())
        score = sum(RULES.get(rule, 0.0) for rule in rules) + near + self._whole
        return round(score, 2)  # a set has no order, and the last bit of a sum depends on it

    @lazy
    def _whole(self) -> float:
        """What the words of the text weigh, wherever they stand."""
        return sum(RULES.get(rule, 0.0) for rule in self.heard) + sum(self._weighed.anywhere.values())

    @lazy
    def heard(self) -> list[str]:
        """What the text means, as rules."""
        return [f"heard {meaning}" for meaning in self.vocabulary.telling.heard(*words(self._plain[:_HEARD]))]
