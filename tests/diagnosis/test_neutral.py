"""Is a hostile text harmless after `neutral`?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.neutral import MAX_COMBINING, neutral


@given(text=st.text(max_size=400), length=st.integers(1, 300))
def test_result_is_one_visible_line(text: str, length: int) -> None:
    """No control, format or separator character is left, and the length is kept."""
    clean = neutral(text, length)
    assert len(clean) <= length
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} for character in clean)


@given(text=st.text(max_size=100))
def test_neutral_twice_is_neutral_once(text: str) -> None:
    """Cleaning a clean text changes nothing."""
    assert neutral(neutral(text)) == neutral(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\x1b[31mred\x1b[0m", "a[31mred[0m"),
        ("left\u202eright", "leftright"),
        ("two\nlines\tand\u00a0more", "two lines and more"),
        ("ze\u200bro\ufeff", "zero"),
        ("\U000e0041\U000e0042", ""),
        ("\ud800x", "x"),
        ("日本語 Привет", "日本語 Привет"),
        ("x" * 300, "x" * 199 + "…"),
    ],
)
def test_known_tricks_are_taken_out(text: str, expected: str) -> None:
    """Terminal commands, direction marks, invisible characters and floods do not get through."""
    assert neutral(text) == expected


def test_piled_up_marks_are_cut() -> None:
    """At most a few combining marks follow one letter."""
    assert len(neutral("a" + "\u0301" * 50)) <= 1 + MAX_COMBINING
