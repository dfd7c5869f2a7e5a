"""Are words read by their weight?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.kb.recognise import Recognise


def test_words_stand_by_their_weight() -> None:
    """A list of words for each weight is short to write; each word has its weight."""
    read = Recognise.model_validate({"words": {"0.5": ["again", "_ on"], "-1": ["solved"]}})
    assert read.words == {"again": 0.5, "_ on": 0.5, "solved": -1.0}


def test_weights_stand_by_their_word() -> None:
    """The other way round is understood, too."""
    assert Recognise.model_validate({"number": {"a _": 0.5}}).number == {"a _": 0.5}


def test_weight_that_is_no_number_is_told() -> None:
    """Whoever writes a word in its place is told what belongs there."""
    with pytest.raises(ValidationError, match=r"'much' is no weight; write a number"):
        Recognise.model_validate({"words": {"much": ["again"]}})
