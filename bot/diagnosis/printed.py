"""Did a program that makes requests print the failure, even an unknown one?

There are too many HTTP libraries and tools to know all their sentences. They have words and marks in common that
people and pages do not use. Each has a weight by its place (`[recognise.printed]`); the weights were fitted, by
logistic regression, to texts whose writer is known.
"""

from __future__ import annotations

from bot.diagnosis.neighbours import Weighed
from bot.diagnosis.status import Mention
from bot.diagnosis.vocabulary import Vocabulary

ENOUGH = 5.48


def score(plain: str, mention: Mention, vocabulary: Vocabulary) -> float:
    """Say how strong the evidence for a program is; `mention`: where the text reports the status."""
    weighed = Weighed(plain, vocabulary.printed)
    words = weighed.anywhere | weighed.beside(plain[: mention.start], plain[mention.end :])
    return round(sum(words.values()), 2)  # a set has no order, and the last bit of a sum depends on it


def is_printed(plain: str, mention: Mention, vocabulary: Vocabulary) -> bool:
    """Is that enough?"""
    return bool(vocabulary.printed) and score(plain, mention, vocabulary) >= ENOUGH
