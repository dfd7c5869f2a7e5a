"""Are casual pleas told apart from talk about the same thing, in all languages? (`tests/talk`)"""

from __future__ import annotations

from collections import defaultdict

import pytest

from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase
from talk_rows import KINDS, Row, rows

LEAST = {
    "need": 0.975, "over": 0.99, "general": 0.985, "joke": 0.98, "told": 0.985, "number": 0.99, "other": 0.99,
}  # fmt: skip
"""At least this share of all texts of a kind must be right."""
ANSWERED_IN_EACH, SILENT_IN_EACH = 0.95, 0.96
_MANY = 20
"""A language with fewer texts of a kind has no rate of its own."""


@pytest.fixture(scope="module")
def right(kb: KnowledgeBase) -> dict[Row, bool]:
    """Each message, and whether the bot does what it should."""
    return {row: identify(kb, row.text).speak == row.wants_help for row in rows()}


def rate(found: list[bool]) -> float:
    return sum(found) / len(found)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_told(right: dict[Row, bool], kind: str) -> None:
    """No kind of message falls below what it has reached."""
    assert rate([is_right for row, is_right in right.items() if row.kind == kind]) >= LEAST[kind]


@pytest.mark.parametrize(("wants_help", "least"), [(True, ANSWERED_IN_EACH), (False, SILENT_IN_EACH)])
def test_each_language_is_understood(right: dict[Row, bool], wants_help: bool, least: float) -> None:
    """Neither pleas nor other messages of one language fall far behind."""
    of_language: dict[str, list[bool]] = defaultdict(list)
    for row, is_right in right.items():
        if row.wants_help == wants_help:
            of_language[row.language].append(is_right)
    rates = {language: rate(found) for language, found in of_language.items() if len(found) >= _MANY}
    assert {language: each for language, each in rates.items() if each < least} == {}


def test_messages_are_told_once(right: dict[Row, bool]) -> None:
    """No text is there twice in a language, and each kind is known."""
    assert len({(row.language, row.text) for row in right}) == sum(1 for _ in rows())
    assert {row.kind for row in right} == set(KINDS)
