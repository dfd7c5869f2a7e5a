"""Do sorted alternatives say the same as one long alternation?"""

from __future__ import annotations

import re

import pytest

from bot.diagnosis.alternatives import AnyOf
from bot.diagnosis.anchors import Lookup

PATTERNS = (r"^\s*def\b|^# ", r"\bTraceback\b", r"\w=\d", r"=> ?\{")
ANY = AnyOf.of(*PATTERNS)
PLAIN = re.compile("|".join(PATTERNS))


@pytest.mark.parametrize(
    "line",
    [
        "def f",
        "  def f",
        "# x",
        "a # b",
        "the Traceback is",
        "trace a=5",
        "a => {",
        "= >",
        "a=b",
        "nothing",
        "",
        "TRACEBACK",
    ],
)
def test_answer_is_that_of_the_alternation(line: str) -> None:
    """Whether somebody looked for the literals or not, the answer is the same."""
    expected = PLAIN.search(line) is not None
    assert ANY.search(line) is expected
    assert ANY.search(line, Lookup.of(ANY.guarded).present(line.lower())) is expected


def test_kinds_may_be_missing() -> None:
    """Alternatives of one kind only work, too; without marks they are always tried."""
    assert AnyOf.of("^a").search("a")
    assert not AnyOf.of("^a").search("ba")
    assert AnyOf.of(r"\d").search("x1")
    assert AnyOf.of("ABC", flags=re.IGNORECASE).search("xabc", frozenset({"abc"}))


def test_marks_are_found_in_any_letter_case() -> None:
    """Where the letter case is ignored it is so for the short literals, too."""
    ignoring = AnyOf.of(r"(?:-x|via) \d", flags=re.IGNORECASE)
    assert ignoring.marks
    assert ignoring.search("Via 1.1")
    assert not AnyOf.of(r"(?:-x|via) \d").search("Via 1.1")
