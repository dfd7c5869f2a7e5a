"""Which words does a text hold, and which are beside a place in it?

`_` is the place, `…` means up to two words, `^` and `$` the ends of the text, `¶` the end of a line and `#3` a number
of three figures. `reloa~` is any longer word with this beginning, whatever its ending or mistake.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from bot.diagnosis.lazy import lazy
from bot.diagnosis.scripts import UNSPACED
from bot.diagnosis.weights import Weights

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,:]\d+)*|[^\w\s]|\n")
_READ, _NEAR = 1_000, 90
"""How many letters of a text are read, and how many beside a place."""
_BEGIN, _END, _LINE, _NUMBER = "^", "$", "¶", "#"
_STEM = 5
"""How many letters of a longer word are kept."""
_FIRST, _LAST = "^^", "$$"
"""The ends of a text among its words; no text holds them as one mark."""


class Weighed:
    """What the words of one text weigh."""

    def __init__(self, plain: str, weights: Weights) -> None:
        self._plain = plain
        self._weights = weights

    @lazy
    def anywhere(self) -> dict[str, float]:
        """The words of the text, and pairs of adjacent ones, that have a weight wherever they are.

        Its ends are among them: `^^ check` is a text that begins with "check".
        """
        words = row(self._plain)
        return self._weights.along(words) | self._weights.of(stems(words))

    def beside(self, before: str, after: str) -> dict[str, float]:
        """Those that have one beside the place between these two parts."""
        return self._weights.of(beside(before, after))


def row(plain: str) -> list[str]:
    """Return the words of a text in their order, its ends among them."""
    return [_FIRST, *tokens(plain[:_READ]), _LAST]


def stems(tokens: Iterable[str]) -> set[str]:
    """Return the beginnings of the long words."""
    return {f"{word[:_STEM]}~" for word in tokens if len(word) > _STEM}


def beside(before: str, after: str) -> set[str]:
    """Return the words before and after a place, with their position: `got a _`, `_ again`, `a _ .`, `got … _`."""
    left, right = tokens(before[-_NEAR:])[-3:], tokens(after[:_NEAR])[:3]
    near = {f"{word} … _" for word in left} | {f"_ … {word}" for word in right}
    if len(left) == 3:
        near.add(f"{' '.join(left)} _")
    first, second = (*reversed(left), _BEGIN, _BEGIN)[:2]
    following, after_it = (*right, _END, _END)[:2]
    near |= {f"{first} _", f"{second} {first} _", f"_ {following}", f"_ {following} {after_it}"}
    near.add(f"{first} _ {following}")
    if before and not before[-1].isspace():
        near.add("._")
    if after and not after[0].isspace():
        near.add("_.")
    return near


def tokens(text: str) -> list[str]:
    """Cut a text into words, marks and characters; of a number only the count of its figures is kept."""
    cut: list[str] = []
    for piece in _TOKEN.findall(text.lower()):
        if piece == "\n":
            cut.append(_LINE)
        elif piece[0].isdigit():
            cut.append(f"{_NUMBER}{min(len(piece.replace(',', '')), 5)}")
        elif UNSPACED.match(piece):
            cut.extend(piece)
        else:
            cut.append(piece)
    return cut
