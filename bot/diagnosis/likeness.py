"""How alike are two strings, damage allowed?

What compares is imported when there is something to compare: it takes 3 MiB that silence never needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any


@cache
def aligner() -> Any:
    """Return the function that finds the best place of one string in another: rapidfuzz' partial ratio."""
    from rapidfuzz import fuzz

    return fuzz.partial_ratio_alignment


@cache
def _distance() -> Any:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    def search(key: str, words: Mapping[str, str], most: int) -> Any:
        return process.extractOne(key, words.keys(), scorer=OSA.distance, score_cutoff=most)

    return search


def nearest(key: str, words: Mapping[str, str], most: int) -> str | None:
    """Return the key of the word that is at most so many slips away, the nearest one."""
    found = _distance()(key, words, most)
    return found[0] if found else None
