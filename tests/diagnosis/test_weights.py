"""Does each word have its weight, alone and with the one after it?"""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.neighbours import tokens
from bot.diagnosis.weights import Weights

GIVEN = {"again": 0.5, "a": 0.25, "a lot": -0.3, "a _": 2.0, "got … _": 1.05, "._": -1.0, "报 错": 0.1, "! !": 1.5}


def test_weights_are_those_that_were_given() -> None:
    """They read as the mapping that they were made of."""
    weights = Weights(GIVEN)
    assert weights == GIVEN
    assert len(weights) == len(GIVEN)
    assert weights["a lot"] == -0.3
    assert "a lot" in weights
    assert "lot" not in weights
    assert len(Weights({})) == 0
    with pytest.raises(KeyError):
        weights["a few"]


def test_only_words_with_a_weight_are_returned() -> None:
    """Others count nothing; the beginning of a longer one neither."""
    weights = Weights(GIVEN)
    assert weights.of({"a _", "._", "got", "got … _", "b _", "lot"}) == {"a _": 2.0, "._": -1.0, "got … _": 1.05}


def test_words_of_a_text_count_alone_and_in_pairs() -> None:
    """Marks and characters of scripts without spaces count as words do; the last word has none after it."""
    weights = Weights(GIVEN)
    assert weights.along(tokens("Again a lot! ! 报错")) == {
        "again": 0.5, "a": 0.25, "a lot": -0.3, "! !": 1.5, "报 错": 0.1,
    }  # fmt: skip
    assert weights.along(["a"]) == {"a": 0.25}
    assert weights.along([]) == {}


WORD = st.text("abé_…!报", min_size=1, max_size=2)


@given(
    st.dictionaries(st.lists(WORD, min_size=1, max_size=3).map(" ".join), st.sampled_from([-0.5, 0.05, 1.0, 2.35])),
    st.lists(WORD, max_size=6),
)
def test_any_words_are_found_as_a_mapping_finds_them(given_: dict[str, float], text: list[str]) -> None:
    """Kept as lines they weigh what they weigh one by one."""
    weights = Weights(given_)
    spoken = {*text, *map(" ".join, pairwise(text))}
    assert weights == given_
    assert weights.along(text) == weights.of(spoken) == {word: given_[word] for word in given_.keys() & spoken}
