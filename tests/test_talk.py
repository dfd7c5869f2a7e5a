"""Are casual pleas told from talk about the same thing, in all languages? (`tests/talk`)"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase

HERE = Path(__file__).with_name("talk")
ANSWERED, SILENT = 0.85, 0.80
"""Of all texts at least so many must be right."""
ANSWERED_IN_EACH, SILENT_IN_EACH = 0.60, 0.60
_MANY = 20
"""A language with fewer texts of a kind has no rate of its own."""


def rows(name: str) -> Iterator[dict[str, Any]]:
    for line in (HERE / f"{name}-talk.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


def rates(kb: KnowledgeBase, name: str, *, wanted: bool) -> tuple[float, dict[str, float]]:
    """Return the share of texts that are right, of all and of each language with many."""
    right: dict[str, list[bool]] = defaultdict(list)
    for row in rows(name):
        right[row["lang"]].append(identify(kb, row["text"]).speak == wanted)
    every = [each for found in right.values() for each in found]
    each_language = {lang: sum(found) / len(found) for lang, found in right.items() if len(found) >= _MANY}
    return sum(every) / len(every), each_language


@pytest.mark.parametrize(
    ("name", "wanted", "least", "least_in_each"),
    [("errors", True, ANSWERED, ANSWERED_IN_EACH), ("negatives", False, SILENT, SILENT_IN_EACH)],
)
def test_pleas_are_answered_and_talk_is_not(
    kb: KnowledgeBase, name: str, wanted: bool, least: float, least_in_each: float
) -> None:
    """Neither all texts together nor those of one language fall below what they have reached."""
    all_of_them, each_language = rates(kb, name, wanted=wanted)
    assert all_of_them >= least
    assert {lang: rate for lang, rate in each_language.items() if rate < least_in_each} == {}


def test_texts_are_told_once() -> None:
    """No text and no id stands there twice."""
    every = [row for name in ("errors", "negatives") for row in rows(name)]
    assert len({row["id"] for row in every}) == len({row["text"] for row in every}) == len(every)
