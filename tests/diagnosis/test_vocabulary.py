"""Are people's words found, in scripts with and without spaces?"""

from __future__ import annotations

import pytest

from bot.diagnosis.vocabulary import Telling, Vocabulary, Words, vocabulary_of, words
from bot.kb.model import Locale
from bot.kb.recognise import Recognise

WORDS = Words.of(["error", "error code", "Gateway Time-out", "can't open", "错误", "…"])


@pytest.fixture
def vocabulary() -> Vocabulary:
    english = Recognise(plea=("help",), over=("fixed",), context=("error", "page"))
    chinese = Recognise(context=("报错",))
    return vocabulary_of(
        [
            Locale(language="en", name="English", recognise=english),
            Locale(language="zh", name="中文", recognise=chinese),
        ]
    )


def test_words_must_stand_alone() -> None:
    """Whole words and phrases are found, parts of words are not."""
    assert WORDS.found("An Error code: gateway time-out, I can't open it") == {
        "error", "error code", "gateway time out", "can't open",
    }  # fmt: skip
    assert WORDS.found("terrors and errorless") == set()


def test_meanings_are_told_apart() -> None:
    """The longest phrase counts; a word of two meanings has the first; what holds no word is skipped."""
    told = Telling.of(
        [("plea", "not working"), ("over", "working"), ("past", "working"), ("now", "…"), ("over", "好了")]
    )
    assert told.heard(*words("It is not working, now it is working: 好了")) == {
        "plea": {"not working"}, "over": {"working", "好了"},
    }  # fmt: skip
    assert told.heard(*words("working")) == {"over": {"working"}}
    assert told.heard(*words("not working")) == {"plea": {"not working"}}
    assert told.heard(*words("nothing \ud800 here é")) == {}


def test_words_have_the_weights_of_all_their_languages() -> None:
    """A word of two languages has the weights of both, in any letter case."""
    weights = [Recognise(words={"die": -0.5, "still": 0.25}), Recognise(words={"Die": 0.125})]
    languages = zip(("de", "en"), weights, strict=True)
    heard = vocabulary_of(Locale(language=tag, name=tag, recognise=each) for tag, each in languages)
    assert heard.weights == {"still": 0.25, "die": -0.375}


def test_scripts_without_spaces_match_anywhere() -> None:
    """Chinese words need no spaces around them."""
    assert WORDS.found("出现错误码") == {"错误"}
    assert WORDS.found("café") == set()


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("an error ", True), ("error code: ", True), ("报错误", True), ("error of a very long kind ", False),
        ("error        ", False), ("", False), ("!", False),
    ],
)  # fmt: skip
def test_word_ends_the_text(before: str, expected: bool) -> None:
    """A word directly before a number, with a small gap, is found."""
    assert WORDS.ends(before) is expected


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (" error", True),
        ("错误", True),
        (" error code", True),
        (" big error", False),
        ("        error", False),
        ("", False),
    ],
)
def test_word_starts_the_text(after: str, expected: bool) -> None:
    """A word directly after a number, with a small gap, is found."""
    assert WORDS.starts(after) is expected


def test_context_of_a_number(vocabulary: Vocabulary) -> None:
    """Words in the clause of a number count, those of other sentences do not."""
    assert vocabulary.around("The page ends in ", " today")
    assert vocabulary.around("please help, ", " again")
    assert not vocabulary.around(
        "There is an error. " + "We counted some other things here " * 3 + "namely ", " of them"
    )
