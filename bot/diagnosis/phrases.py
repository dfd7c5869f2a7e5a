"""Which known wordings are in a text, allowing for damage?

Typing errors, scanned letters, lost spaces and cut ends must not hide a wording; ordinary talk must not look like one.
Seeds (short runs of letters) lead to the few wordings that may be there and to their place; only those are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from bot.diagnosis.index import Index
from bot.diagnosis.likeness import aligner, alike
from bot.diagnosis.normalise import SPELLINGS, Text
from bot.diagnosis.wordings import GRAM, SIMILAR, Wording

COVERED = 0.6
"""At least this share of a wording must be there when the text begins or ends inside it."""
_CLUSTERS = 2
_SLACK = 6
_TELLING, _TOGETHER = 16, 20
"""A wording with this many letters and digits is not in a text by chance, nor are several with this many."""
_BRIEF = 400
"""A text with at most this many letters and digits is compared as a whole before its places are."""
_MOST = 30
"""At most this many wordings are compared with a text; a text with pieces of more is no error message."""


_Candidate = tuple[int, list[int]]
"""Number of a wording, and where its seeds say that it begins."""


class Hit(NamedTuple):
    """A known wording found in the text."""

    wording: Wording
    likeness: float
    """0 to 100."""
    start: int
    end: int
    """Its place among the letters and digits of the text."""


def find(index: Index, text: Text) -> tuple[Hit, ...]:
    """Return the wordings that the text holds; of overlapping ones only the most alike."""
    squashed = text.squashed
    whole, rest = index.whole.found(squashed)
    undamaged = []
    for number, at in whole.items():
        wording = index.wordings[number]
        if wording.exact is None or wording.exact.first(text.flat, text.lowered):
            undamaged.append(Hit(wording, 100.0, at, at + len(wording.squashed)))
    others = () if _is_told(undamaged) else _damaged(index, rest, squashed)
    return tuple(hit for hit in _without_worse(undamaged, others) if not hit.wording.numbers or _has_numbers(hit, text))


def _is_told(undamaged: Iterable[Hit]) -> bool:
    """Do they name entries at such length? A text with this much undamaged is hardly damaged elsewhere."""
    told, end = 0, 0
    for hit in sorted((hit for hit in undamaged if hit.wording.strong), key=lambda hit: hit.start):
        if len(hit.wording.squashed) >= _TELLING:
            return True
        told += max(0, hit.end - max(end, hit.start))
        end = max(end, hit.end)
    return told >= _TOGETHER


def _damaged(index: Index, rest: str, squashed: str) -> Iterable[Hit]:
    """Return the wordings that resemble some place in the text."""
    likely = _likely(index, index.seeds.begins(rest), squashed)
    if len(squashed) <= _BRIEF and len(likely) > 1:
        likely = _alike(index, likely, squashed)
    return [hit for number, starts in likely if (hit := _compare(index.wordings[number], starts, squashed))]


def _likely(index: Index, begins: dict[int, list[int]], squashed: str) -> list[_Candidate]:
    """Choose the wordings with enough seeds in the text; the most promising, if there are many.

    One that runs past the end of the text may be cut off: it needs fewer seeds.
    """
    wordings, enough, length, likely = index.wordings, index.seeds.whole_enough, len(squashed), []
    for number, starts in begins.items():
        wording = wordings[number]
        if len(starts) == 2 == wording.enough and abs(starts[0] // _SLACK - starts[1] // _SLACK) > 1:
            continue  # seeds that do not belong together
        if len(starts) >= enough[number] or max(starts) - _SLACK + len(wording.squashed) > length:
            likely.append((number, starts))
    if len(likely) > _MOST:
        likely.sort(key=lambda each: len(each[1]) / len(wordings[each[0]].squashed), reverse=True)
    fit = (each for each in likely if all(map(squashed.__contains__, wordings[each[0]].numbers)))
    return list(islice(fit, _MOST))


def _alike(index: Index, likely: Sequence[_Candidate], squashed: str) -> list[_Candidate]:
    """Keep those that resemble any part of the text: for a brief text all can be compared at once."""
    strings = [index.wordings[number].squashed for number, _ in likely]
    return [likely[number] for number in alike(squashed, strings, SIMILAR)]


def _compare(wording: Wording, starts: list[int], squashed: str) -> Hit | None:
    """Compare a wording with the most promising places."""
    if len(starts) == 1:
        return _at(wording, starts[0] // _SLACK * _SLACK, squashed)
    places: dict[int, int] = {}
    for start in starts:
        place = start // _SLACK
        places[place] = places.get(place, 0) + 1
    best: Hit | None = None
    for place in sorted(places, key=places.__getitem__, reverse=True)[:_CLUSTERS]:
        if places[place] + max(places.get(place - 1, 0), places.get(place + 1, 0)) < wording.enough:
            continue
        hit = _at(wording, place * _SLACK, squashed)
        if hit and (best is None or hit.likeness > best.likeness):
            best = hit
    return best


def _at(wording: Wording, start: int, squashed: str) -> Hit | None:
    """Compare it with one place; its numbers must be there unchanged."""
    length = len(wording.squashed)
    begin = max(0, start - _SLACK)
    window = squashed[begin : start + length + 2 * _SLACK + length // 8]
    if len(window) < COVERED * length or len(window) < GRAM * 2:
        return None
    if wording.numbers and not all(number in window for number in wording.numbers):
        return None
    aligned = aligner()(wording.squashed, window, score_cutoff=wording.needed)
    if aligned is None:
        return None
    place = window[aligned.dest_start : aligned.dest_end]
    if not all(number in place for number in wording.numbers):
        return None
    return Hit(wording, aligned.score, begin + aligned.dest_start, begin + aligned.dest_end)


def _has_numbers(hit: Hit, text: Text) -> bool:
    """Are the wording's numbers numbers of the text, not parts of longer ones? ("E175002" holds no 500.)"""
    start, end = place(hit, text.letters)
    around = text.plain[max(0, start - 1) : end + 1]
    return all(_number(number).search(around) for number in hit.wording.numbers)


@cache
def _number(squashed: str) -> re.Pattern[str]:
    """Find a number as it may be written, letters that look like its figures included."""
    signs = r"[\W_]?".join(SPELLINGS.get(sign, sign) for sign in squashed)
    return re.compile(rf"(?<!\d){signs}(?!\d)", re.IGNORECASE)


def place(hit: Hit, letters: Sequence[int]) -> tuple[int, int]:
    """Say where a hit is; `letters`: the places of all letters and digits of the text."""
    last = len(letters) - 1
    return letters[min(hit.start, last)], letters[min(hit.end - 1, last)] + 1


def _without_worse(undamaged: Sequence[Hit], others: Iterable[Hit]) -> Iterable[Hit]:
    """Drop a hit when most of its place belongs to a better one."""
    kept = sorted(undamaged, key=_order)
    for hit in sorted(others, key=_order):
        if not any(other.likeness > hit.likeness and _overlap(hit, other) > 0.5 for other in kept):
            kept.append(hit)
    return kept


def _order(hit: Hit) -> tuple[float, int, str]:
    return -hit.likeness, hit.start - hit.end, hit.wording.squashed


def _overlap(hit: Hit, other: Hit) -> float:
    """Return the share of a hit that another one covers."""
    return (min(hit.end, other.end) - max(hit.start, other.start)) / (hit.end - hit.start)
