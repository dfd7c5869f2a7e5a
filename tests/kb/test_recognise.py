"""Are words read by their weight?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.kb.recognise import Recognise, words_in


def test_words_stand_by_their_weight() -> None:
    """A list of words for each weight is short to write; each word has its weight."""
    read = Recognise.model_validate({"words": {"0.5": ["again", "_ on"], "-1": ["solved"]}})
    assert {weight: words_in(kept) for weight, kept in read.words.items()} == {0.5: ["again", "_ on"], -1.0: ["solved"]}


def test_weights_stand_by_their_word() -> None:
    """The other way round is understood, too."""
    read = Recognise.model_validate({"number": {"a _": 0.5, "b _": 2, "c _": 0.5}})
    assert {weight: words_in(kept) for weight, kept in read.number.items()} == {0.5: ["a _", "c _"], 2.0: ["b _"]}


def test_weight_that_is_no_number_is_told() -> None:
    """Whoever writes a word in its place is told what belongs there."""
    with pytest.raises(ValidationError, match=r"'much' is no weight; write a number"):
        Recognise.model_validate({"words": {"much": ["again"]}})


@pytest.mark.parametrize("words", ["again", [1], None])
def test_weight_without_a_list_is_told(words: object) -> None:
    """So is whoever forgets the brackets."""
    with pytest.raises(ValidationError, match=r"'0\.5' has no list of words; write"):
        Recognise.model_validate({"words": {"0.5": words}})


def test_phrases_are_kept_as_lines() -> None:
    """A list of phrases is kept as one text, and read again as it was written; an empty list is none."""
    read = Recognise.model_validate({"plea": ["won't load", "anyone else"], "gone": []})
    assert isinstance(read.plea, bytes)
    assert words_in(read.plea) == ["won't load", "anyone else"]
    assert words_in(read.gone) == words_in(read.none) == []


@pytest.mark.parametrize("phrases", ["won't load", [1], None])
def test_phrases_without_a_list_are_told(phrases: object) -> None:
    """Whoever forgets the brackets is told what belongs there."""
    with pytest.raises(ValidationError, match="no list of phrases; write"):
        Recognise.model_validate({"plea": phrases})


def test_empty_phrase_is_told() -> None:
    """One that could never be found is refused."""
    with pytest.raises(ValidationError, match="a phrase is empty; remove it"):
        Recognise.model_validate({"plea": ["won't load", " "]})


@pytest.mark.parametrize("words", [["room", ""], ["area code"], [" room"]])
def test_counted_words_are_single(words: list[str]) -> None:
    """A list of words directly beside a number holds no phrases and nothing empty; whoever writes some is told."""
    for name in ("numbered", "counted"):
        with pytest.raises(ValidationError, match="is not one word; write one word"):
            Recognise.model_validate({name: words})
        with pytest.raises(ValidationError, match="no list of phrases; write"):
            Recognise.model_validate({name: "room"})
