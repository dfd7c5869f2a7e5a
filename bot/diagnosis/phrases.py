"""Which known wordings stand in a text, damage allowed?

Typing errors, scanned letters, lost spaces and cut ends must not hide a wording; ordinary talk must not look like one.
Seeds (short runs of letters) lead to the few wordings that may be there and to their place; only those are compared.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.diagnosis.index import GRAM, Index, Wording
from bot.diagnosis.normalise import Text, squash

SIMILAR = 84.0
"""At least so alike (0 to 100) must a wording and its place in the text be; short wordings more."""
COVERED = 0.6
"""At least this share of a wording must be there when the text begins or ends inside it."""
_FOREIGN = 8.0
"""Translated wordings are plain words: they must be this much more alike."""
_CLUSTERS = 2
_SLACK = 6
_MOST = 60
"""So many wordings are compared with a text; a text of pieces of all of them is no error message."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A known wording found in the text."""

    wording: Wording
    likeness: float
    """0 to 100."""
    start: int
    end: int
    """Its place among the letters and digits of the text."""


def find(index: Index, text: Text) -> tuple[Hit, ...]:
    """Return the wordings that the text holds; of overlapping ones only the most alike."""
    squashed = squash(text.plain)
    hits = [
        hit
        for number, places in _candidates(index, squashed)
        if (hit := _compare(index.wordings[number], places, squashed))
    ]
    hits += _exact_hits(index, text, squashed)
    return tuple(_without_worse(hits))


def _candidates(index: Index, squashed: str) -> Iterable[tuple[int, list[int]]]:
    """Note, per wording, where its seeds stand (start of the wording in the text); the most promising first."""
    found: dict[int, list[int]] = defaultdict(list)
    for at, places in enumerate(map(index.seeds.get, (squashed[at : at + GRAM] for at in range(len(squashed))))):
        if places:
            for number, offset in places:
                found[number].append((at - offset) // _SLACK)
    wordings = index.wordings
    likely = [
        (number, starts)
        for number, starts in found.items()
        if len(starts) >= wordings[number].enough and all(digits in squashed for digits in wordings[number].numbers)
    ]
    if len(likely) <= _MOST:
        return likely

    def share(each: tuple[int, list[int]]) -> float:
        return max(Counter(each[1]).values()) / len(wordings[each[0]].squashed)

    return sorted(likely, key=share, reverse=True)[:_MOST]


def _compare(wording: Wording, starts: list[int], squashed: str) -> Hit | None:
    """Compare a wording with the most promising places, if it is not there undamaged."""
    length = len(wording.squashed)
    if (at := squashed.find(wording.squashed)) >= 0:
        return Hit(wording, 100.0, at, at + length)
    places = Counter(starts)
    best: Hit | None = None
    for place, seen in places.most_common(_CLUSTERS):
        if seen + max(places[place - 1], places[place + 1]) < wording.enough:
            continue
        hit = _at(wording, place * _SLACK, squashed)
        if hit and (best is None or hit.likeness > best.likeness):
            best = hit
    return best


def _at(wording: Wording, start: int, squashed: str) -> Hit | None:
    length = len(wording.squashed)
    begin = max(0, start - _SLACK)
    window = squashed[begin : start + length + 2 * _SLACK + length // 8]
    if len(window) < max(COVERED * length, GRAM * 2):
        return None
    needed = SIMILAR + max(0.0, (24 - length) * 0.7) + (0.0 if wording.strong or wording.weak else _FOREIGN)
    from rapidfuzz import fuzz  # 3 MiB that silence never needs

    aligned = fuzz.partial_ratio_alignment(wording.squashed, window, score_cutoff=needed)
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


def _exact_hits(index: Index, text: Text, squashed: str) -> Iterable[Hit]:
    for wording in index.exact:
        if (at := squashed.find(wording.squashed)) >= 0 and wording.exact and wording.exact.search(text.flat):
            yield Hit(wording, 100.0, at, at + len(wording.squashed))


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
