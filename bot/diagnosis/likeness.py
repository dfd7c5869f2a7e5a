"""How alike are two strings, allowing for damage?

The comparing library is imported when there is something to compare: it takes 3 MiB that silence never needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any


@cache
def aligner() -> Any:
    """Return the function that finds the best place of one string in another: rapidfuzz' partial ratio."""
    from rapidfuzz import fuzz

    return fuzz.partial_ratio_alignment


@cache
def _likenesses() -> Any:
    from rapidfuzz import fuzz, process

    def search(text: str, strings: Sequence[str], least: float) -> Any:
        return process.extract(text, strings, scorer=fuzz.partial_ratio, score_cutoff=least, limit=None)

    return search


def alike(text: str, strings: Sequence[str], least: float) -> list[int]:
    """Return the numbers of the strings that are at least this alike (0 to 100) to a part of a text, in order."""
    return sorted([each[2] for each in _likenesses()(text, strings, least)])


@cache
def _distance() -> Any:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    def search(key: str, words: Mapping[str, str], most: int) -> Any:
        return process.extractOne(key, words.keys(), scorer=OSA.distance, score_cutoff=most)

    return search


def nearest(key: str, words: Mapping[str, str], most: int) -> str | None:
    """Return the key of the nearest word that is at most this many slips away."""
    found = _distance()(key, words, most)
    return found[0] if found else None
