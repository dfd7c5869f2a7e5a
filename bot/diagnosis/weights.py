"""How much does each word weigh?

Words are kept as lines by the first of them, and read when a text holds that one: tens of thousands of strings take
megabytes, and nearly all of them nobody ever meets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from sys import intern

_MET = 1_024
"""Of so many first words the lines are kept as they are read."""


class Weights(Mapping[str, float]):
    """Words, phrases and marks, each with a weight; the parts of one are separated by blanks."""

    __slots__ = ("_count", "_lines")

    def __init__(self, weights: Mapping[str, float]) -> None:
        lines: dict[str, list[str]] = defaultdict(list)
        for word, weight in weights.items():
            first, _, rest = word.partition(" ")
            lines[first].append(f"{weight!r} {rest}")
        self._count = len(weights)
        self._lines = {intern(first): "\n".join(each) for first, each in lines.items()}  # most are met in other lists

    def __getitem__(self, word: str) -> float:
        first, _, rest = word.partition(" ")
        return _read(self._lines[first])[rest]

    def __iter__(self) -> Iterator[str]:
        for first, lines in self._lines.items():
            yield from (f"{first} {rest}".rstrip(" ") for rest in _read(lines))

    def __len__(self) -> int:
        return self._count

    def of(self, found: Iterable[str]) -> dict[str, float]:
        """Return those of these that have a weight, and it."""
        weighed = {}
        for word in found:
            first, _, rest = word.partition(" ")
            if (lines := self._lines.get(first)) and (weight := _read(lines).get(rest)) is not None:
                weighed[word] = weight
        return weighed

    def along(self, tokens: Sequence[str]) -> dict[str, float]:
        """Return the words of a text, and each two that stand together, if they have a weight."""
        weighed = {}
        for first, second in pairwise((*tokens, "")):
            if lines := self._lines.get(first):
                rests = _read(lines)
                if (weight := rests.get("")) is not None:
                    weighed[first] = weight
                if second and (weight := rests.get(second)) is not None:
                    weighed[f"{first} {second}"] = weight
        return weighed


@lru_cache(_MET)
def _read(lines: str) -> dict[str, float]:
    """Return the weights of all words with the same beginning, by what follows it."""
    return {rest: float(weight) for weight, _, rest in (line.partition(" ") for line in lines.split("\n"))}
