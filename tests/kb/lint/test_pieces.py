"""Do the sets of characters say what a pattern can match, and what can follow?"""

from __future__ import annotations

import re

import pytest

from bot.kb.lint.pieces import NOTHING, Pieces


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "A",
        "[a-c]",
        "[^a-c]",
        r"\d",
        r"\D",
        r"\s",
        r"[\w-]",
        r"[^\s<>]",
        "[A-F0-9]",
        ".",
        "[а-я]",
        r"[\u0430-\u044f]",
        "é",
    ],
)
def test_set_holds_what_python_matches(pattern: str) -> None:
    """A single piece's set is what Python itself matches, for every sample character."""
    pieces = Pieces(pattern)
    matched = {char for char in pieces.alphabet if re.fullmatch(pattern, char, re.IGNORECASE | re.DOTALL)}
    assert pieces.chars(pieces.items) == matched


def test_what_is_only_looked_at_is_not_consumed() -> None:
    """Looks add nothing to what a pattern consumes."""
    pieces = Pieces("a(?=b)(?!c)(?<!d)e")
    assert pieces.chars(pieces.items) == {"a", "e"}


@pytest.mark.parametrize(
    ("pattern", "beginnings"),
    [("ab", "a"), ("a?b", "ab"), ("(?:a|bc)d", "ab"), ("(?:a|b?)c", "abc"), ("a*(?:b)+", "ab"), (r"\b(?=x)a", "a")],
)
def test_first_characters_pass_over_what_may_be_empty(pattern: str, beginnings: str) -> None:
    """The first characters are those of the first piece that must be there, and of all before it."""
    pieces = Pieces(pattern)
    assert pieces.first(pieces.items, NOTHING) == set(beginnings)


@pytest.mark.parametrize(
    ("pattern", "goes_on"),
    [(r"\d{1,9}x", False), (r"\d{1,9}\b.", False), (r"\d{1,9}(?!\d).", False), (r"\d{1,9}\.?4", True),
     (r"\d{1,9}(?!45).", True), (r"\d{1,9}$", False), (r"\d{1,9}x?(?!ab)", True), (r"[\d.]{1,9}\b.", True)],
)  # fmt: skip
def test_tests_limit_what_can_follow(pattern: str, goes_on: bool) -> None:
    """A boundary or a look of one character says what cannot follow; any other may fail at each end of a repeat."""
    pieces = Pieces(pattern)
    repeat, *rest = pieces.items
    follows = pieces.follows(repeat, rest, NOTHING)
    assert (not follows.isdisjoint(pieces.chars([repeat]))) is goes_on


@pytest.mark.parametrize(
    ("pattern", "distance"),
    [("error", 5), ("aa", 1), ("abab", 2), (r"\w\w\w", 1), ("colou?r", 5), ("(?:cat|dog)s", 4), ("a{3}", 1), (".{0,9}x", 1),
     ("abc.{0,9}", 3), (r"\babc", 3)],
)  # fmt: skip
def test_distance_of_fixed_beginnings(pattern: str, distance: int) -> None:
    """What overlaps itself can begin sooner again."""
    pieces = Pieces(pattern)
    assert pieces.period(pieces.items) == distance


def test_references_and_lines_are_noticed() -> None:
    """References to groups, and `^` at each line, are remembered, for they change what is safe."""
    assert Pieces(r"(a)\1").refers_back
    assert not Pieces(r"(a)b").refers_back
    assert Pieces("(?m)^a").many_lines
    assert Pieces("(?m:^a)").many_lines
    assert not Pieces("^a").many_lines
