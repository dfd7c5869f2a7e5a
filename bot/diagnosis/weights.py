"""How much does each word weigh?

Words are stored as lines of one text, a few first words together, and read when a text holds one of them: tens of
thousands of strings take megabytes, and nearly all of them never occur.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import accumulate, chain, pairwise

_TOGETHER = 2
"""This many first words are stored together, on average."""
_MET = 1_024
"""This many of these groups are kept once they are read."""


class Weights(Mapping[str, float]):
    """Words, phrases and marks, each with a weight; the parts of one are separated by blanks."""

    __slots__ = ("_count", "_ends", "_group", "_groups", "_lines")

    def __init__(self, weights: Mapping[str, float]) -> None:
        self._count = len(weights)
        self._groups = 1 + len({word.partition(" ")[0] for word in weights}) // _TOGETHER
        lines, sizes = bytearray(), array("I", [0]) * self._groups
        for word in sorted(weights, key=self._number):  # one after the other: lists of them would take megabytes
            line = f"{weights[word]!r} {word}\n".encode()
            sizes[self._number(word)] += len(line)
            lines += line
        self._lines = bytes(lines)
        self._ends = array("I", accumulate(sizes, initial=0))
        self._group = lru_cache(_MET)(self._read)

    def __getitem__(self, word: str) -> float:
        first, _, rest = word.partition(" ")
        return self._after(first)[rest]

    def __iter__(self) -> Iterator[str]:
        for first, rests in chain.from_iterable(self._read(group).items() for group in range(self._groups)):
            yield from (f"{first} {rest}".rstrip(" ") for rest in rests)

    def __len__(self) -> int:
        return self._count

    def of(self, found: Iterable[str]) -> dict[str, float]:
        """Return those of these that have a weight, with it."""
        weighed = {}
        for word in found:
            first, _, rest = word.partition(" ")
            if (weight := self._after(first).get(rest)) is not None:
                weighed[word] = weight
        return weighed

    def along(self, tokens: Sequence[str]) -> dict[str, float]:
        """Return the words of a text, and adjacent pairs, that have a weight."""
        weighed = {}
        for first, second in pairwise((*tokens, "")):
            if rests := self._after(first):
                if (weight := rests.get("")) is not None:
                    weighed[first] = weight
                if second and (weight := rests.get(second)) is not None:
                    weighed[f"{first} {second}"] = weight
        return weighed

    def _after(self, first: str) -> Mapping[str, float]:
        """Return the weights of all that begins with this word, by what follows it."""
        return self._group(hash(first) % self._groups).get(first, _NONE)

    def _number(self, word: str) -> int:
        """Return the group that a word is in."""
        return hash(word.partition(" ")[0]) % self._groups

    def _read(self, group: int) -> dict[str, dict[str, float]]:
        """Return the weights of a group, by the first word and by what follows it."""
        read: dict[str, dict[str, float]] = {}
        lines = self._lines[self._ends[group] : self._ends[group + 1]].decode()
        for line in lines.split("\n")[:-1]:
            weight, first, *rest = line.split(" ", 2)
            read.setdefault(first, {})["".join(rest)] = float(weight)
        return read


_NONE: Mapping[str, float] = {}
