"""How does a failure appear in its sentence?"""

from __future__ import annotations

import pytest

from bot.diagnosis.index import compile_index
from bot.diagnosis.sentence import is_explained, stands
from bot.diagnosis.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return compile_index(kb).vocabulary


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("the 502 from the shop", {"referred to", "said of it"}),
        ("notes about 502", {"spoken of"}),
        ("error 502", {"shown"}),
        ("I'm getting a 502 here", {"met"}),
        ("no 502 since Monday", {"denied"}),
        ("not a single 502 all week", {"denied"}),
        ("without that 502 it was a calm day", {"referred to", "denied"}),
        ("kein 502 mehr", {"denied"}),
        ("nie ma 502", {"denied"}),
        ("больше нет 502", {"denied"}),
        ("the 502 is gone", {"referred to", "said of it", "gone"}),
        ("that 502 error went away", {"referred to", "gone"}),
        ("aquele 502 sumiu", {"gone"}),
        ("aquele 502 maldito sumiu", {"gone"}),
        ("эта 502 пропала", {"gone"}),
        ("how long until the 502 is gone", {"referred to", "said of it"}),
        ("hoffentlich bis morgen ist der 502 weg", set()),
        ("login 502", set()),
        ("the site is not working 502", set()),
        ("sivu ei aukea 502", set()),
        ("сайт не работает 502", set()),
    ],
)
def test_it_stands_as_the_words_beside_it_say(vocabulary: Vocabulary, text: str, held: set[str]) -> None:
    """What is directly before and after it says whether it is there, mentioned or gone."""
    at = text.index("502")
    assert set(stands(text, at, at + 3, vocabulary, asked=False)) == held


def test_question_does_not_say_that_it_is_gone(vocabulary: Vocabulary) -> None:
    """Whoever asks whether it is gone does not know."""
    text = "is the 502 gone"
    assert "gone" not in set(stands(text, 7, 10, vocabulary, asked=True))


@pytest.mark.parametrize(
    ("before", "after", "explained"),
    [
        ("a ", " usually means that", True),
        ("what is a ", "?", True),
        ("", " bedeutet, dass", True),
        ("I get a ", " on login", False),
    ],
)
def test_explanation_is_told_by_its_words(before: str, after: str, explained: bool) -> None:
    """Somebody says or asks what it is."""
    assert is_explained(before, after) is explained
