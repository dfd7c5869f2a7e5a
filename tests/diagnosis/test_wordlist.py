"""Are words found directly before and after a place, out of very many?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.wordlist import WordList

WORDS = WordList.of(["Room", "huone", "फ्लैट", "кв", "号", "บาท", "호", "rum", "°"])


@pytest.mark.parametrize("text", ["room ", "in ROOM", "room #", "room. ", "кв. ", "(huone ", "फ्लैट ", "第号", "x/room "])
def test_word_at_the_end_is_found(text: str) -> None:
    """In any letter case and script, with a point, a number sign or a bracket beside it."""
    assert WORDS.ends(text)


@pytest.mark.parametrize("text", ["", "rooms ", "mushroom ", "room: ", "room, ", "the room\nis ", "вкв ", "호텔 "])
def test_other_ends_are_not_found(text: str) -> None:
    """Longer words, and such as a mark divides from the place, are others."""
    assert not WORDS.ends(text)


@pytest.mark.parametrize("text", [" rum", "rum, och", " Rum.", "号线", " บาทครับ", "호 ", "° C", "\u00a0room"])
def test_word_at_the_start_is_found(text: str) -> None:
    """Directly there, or after one blank; scripts without spaces go on."""
    assert WORDS.starts(text)


@pytest.mark.parametrize("text", ["", " rums", "  rum", ", rum", "\nrum", "호텔", "0rum"])
def test_other_starts_are_not_found(text: str) -> None:
    """Korean words have an end, as others have."""
    assert not WORDS.starts(text)


def test_no_words_are_nowhere() -> None:
    """A language that lists none has none."""
    assert not WordList().ends("room ")
    assert not WordList().starts(" room")
    assert not WordList.of([]).starts("")


@given(st.sets(st.text("abéж", min_size=1, max_size=3)), st.text("abéж", min_size=1, max_size=3))
def test_list_is_a_set(words: set[str], word: str) -> None:
    """Kept as lines, it holds what it was given and nothing else."""
    kept = WordList.of(words)
    assert (word in kept) == (word in words)
    assert kept.ends(f"x {word} ") == kept.starts(f" {word} x") == (word in words)
