"""Which words does a text hold, and which stand beside a place of it?

`_` is the place, `…` stands for up to two words, `^` and `$` for the ends of the text, `¶` for the end of a line and
`#3` for a number of three figures.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?|\d+(?:[.,:]\d+)*|[^\w\s]|\n")
_UNSPACED = re.compile("[\u0e00-\u0e7f\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_READ, _NEAR = 1_000, 90
"""Of a text so many letters are read, and beside a place so many."""
_BEGIN, _END, _LINE, _NUMBER = "^", "$", "¶", "#"


def beside(before: str, after: str) -> set[str]:
    """Return the words before and after a place, by where they stand: `got a _`, `_ again`, `a _ .`, `got … _`."""
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


def spoken(plain: str) -> set[str]:
    """Return the words of a text; of scripts without spaces each character, and each two that stand together."""
    found = tokens(plain[:_READ])
    said = {word for word in found if len(word) > 1 and word[0] != _NUMBER}
    if not plain.isascii():
        unspaced = list(map(_UNSPACED.match, found))
        said.update(word for word, is_one in zip(found, unspaced, strict=True) if is_one)
        pairs = zip(found, found[1:], unspaced, unspaced[1:], strict=False)
        said.update(one + other for one, other, is_one, is_other in pairs if is_one and is_other)
    return said


def tokens(text: str) -> list[str]:
    """Cut a text into words, marks and characters; of a number only the count of its figures is kept."""
    cut: list[str] = []
    for piece in _TOKEN.findall(text.lower()):
        if piece == "\n":
            cut.append(_LINE)
        elif piece[0].isdigit():
            cut.append(f"{_NUMBER}{min(len(piece.replace(',', '')), 5)}")
        elif _UNSPACED.match(piece):
            cut.extend(piece)
        else:
            cut.append(piece)
    return cut
