"""Which known wordings stand in a text, damage allowed?

Typing errors, scanned letters, lost spaces and cut ends must not hide a wording; ordinary talk must not look like one.
Seeds (short runs of letters) lead to the few wordings that may be there and to their place; only those are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import NamedTuple

from bot.diagnosis.index import GRAM, Index, Wording
from bot.diagnosis.likeness import aligner
from bot.diagnosis.normalise import Text

COVERED = 0.6
"""At least this share of a wording must be there when the text begins or ends inside it."""
_CLUSTERS = 2
_SLACK = 6
_MOST = 30
"""So many wordings are compared with a text; a text of pieces of all of them is no error message."""


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
    begins, wholes = index.seeds.found(squashed)
    hits = [
        hit
        for number, starts in _candidates(index, begins, squashed)
        if (hit := _compare(index.wordings[number], starts, squashed))
    ]
    for number, at in sorted(wholes.items()):
        wording = index.seeds.whole[number]
        if wording.exact and wording.exact.first(text.flat, text.lowered):
            hits.append(Hit(wording, 100.0, at, at + len(wording.squashed)))
    return tuple(_without_worse(hits))


def _candidates(index: Index, begins: dict[int, list[int]], squashed: str) -> Iterable[tuple[int, list[int]]]:
    """Choose the wordings of which enough seeds stand in the text; the most promising, where there are many.

    One that runs over the end of the text may be cut off: there fewer seeds are enough.
    """
    wordings, length = index.wordings, len(squashed)
    likely = []
    for number, starts in begins.items():
        wording, seen = wordings[number], len(starts)
        if seen >= wording.whole_enough or (
            seen >= wording.enough and max(starts) - _SLACK + len(wording.squashed) > length
        ):
            likely.append((number, starts))
    if len(likely) > _MOST:
        likely.sort(key=lambda each: len(each[1]) / len(wordings[each[0]].squashed), reverse=True)
    fit = (each for each in likely if all(map(squashed.__contains__, wordings[each[0]].numbers)))
    return islice(fit, _MOST)


def _compare(wording: Wording, starts: list[int], squashed: str) -> Hit | None:
    """Compare a wording with the most promising places, if it is not there undamaged."""
    if (at := squashed.find(wording.squashed)) >= 0:
        return Hit(wording, 100.0, at, at + len(wording.squashed))
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
    """Compare it with one place; its numbers must be there as they are."""
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


def place(hit: Hit, letters: Sequence[int]) -> tuple[int, int]:
    """Say where a hit stands; `letters`: the places of all letters and digits of the text."""
    last = len(letters) - 1
    return letters[min(hit.start, last)], letters[min(hit.end - 1, last)] + 1


def _without_worse(hits: Iterable[Hit]) -> Iterable[Hit]:
    """Drop a hit when most of its place belongs to a better one."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (-hit.likeness, hit.start - hit.end, hit.wording.squashed)):
        if not any(other.likeness > hit.likeness and _overlap(hit, other) > 0.5 for other in kept):
            kept.append(hit)
    return kept


def _overlap(hit: Hit, other: Hit) -> float:
    """Return the share of a hit that another one covers."""
    return (min(hit.end, other.end) - max(hit.start, other.start)) / (hit.end - hit.start)
