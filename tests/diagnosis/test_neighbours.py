"""Are words found by their place?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.neighbours import Weighed, beside, stems, tokens
from bot.diagnosis.weights import Weights


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I don't KNOW.", ["i", "don't", "know", "."]),
        ("at 08:14, 1,234 and 502", ["at", "#5", ",", "#4", "and", "#3"]),
        ("a\nb", ["a", "¶", "b"]),
        ("报错 now", ["报", "错", "now"]),
        ("snake_case", ["snake", "case"]),
        ("", []),
    ],
)
def test_text_is_cut_into_words_and_marks(text: str, expected: list[str]) -> None:
    """Of a number its length stays, of a script without spaces each character is a word."""
    assert tokens(text) == expected


def test_words_beside_a_place_say_where_they_stand() -> None:
    """Directly before and after, both, two and three before, two after, and near."""
    assert beside("Hi, I got a ", " again, sorry") == {
        "a _", "got a _", "i got a _", "_ again", "_ again ,", "a _ again",
        "i … _", "got … _", "a … _", "_ … again", "_ … ,", "_ … sorry",
    }  # fmt: skip


def test_ends_of_the_text_are_neighbours() -> None:
    """What is alone has the ends of the text beside it."""
    assert beside("", "") == {"^ _", "^ ^ _", "_ $", "_ $ $", "^ _ $"}


def test_touching_neighbours_are_told() -> None:
    """A number that is glued to something is rarely a status."""
    assert {"._", "_."} <= beside("x:", "%")
    assert not {"._", "_."} & beside("x ", " %")


def test_words_of_the_text_and_beside_the_place_weigh() -> None:
    """A word may count wherever it stands, another one only beside the failure."""
    weights = Weights(
        {"again": 0.5, "a lot": 0.3, "^^ again": 0.2, "^^ a": 0.1, "it $$": -0.4, "got a _": 1.0, "a _": 2.0}
    )
    weighed = Weighed("again: I got a 502, and a lot of it", weights)
    assert weighed.anywhere == {"^^ again": 0.2, "again": 0.5, "a lot": 0.3, "it $$": -0.4}
    assert weighed.beside("again: I got a ", ", and a lot of it") == {"got a _": 1.0, "a _": 2.0}
    assert weighed.beside("", ": I got a 502") == {}


def test_beginnings_of_long_words_weigh() -> None:
    """A word of more than five letters counts with all that begin like it, and beside that by itself."""
    assert stems(["reloaded", "reload", "reloa", "don't", "couldn't", "#5"]) == {"reloa~", "could~"}
    weights = Weights({"reloa~": 0.5, "reloaded": 0.3})
    assert Weighed("I reloaded it, reload, reloadd", weights).anywhere == {"reloa~": 0.5, "reloaded": 0.3}


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read(before: str, after: str) -> None:
    """No text breaks it, and each sign names the place."""
    assert all("_" in sign for sign in beside(before, after))
    assert "" not in tokens(before)
