"""Are names of places harmless, and subjects those that both sides mean?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.vantage.peers.names import NAME_LENGTH, answers, is_answer_to, place_name, prefix, questions
from bot.diagnosis.neutral import neutral


@pytest.mark.parametrize(
    "name", ["Frankfurt", "Frankfurt, DE", "São Paulo (2)", "東京", "home-1", "Łódź", "A" * NAME_LENGTH]
)
def test_names_of_places_are_taken(name: str) -> None:
    """Places are called in any script."""
    assert place_name(name) == name


@pytest.mark.parametrize(
    "name",
    ["", " Oslo", "Oslo ", "A" * (NAME_LENGTH + 1), "**Oslo**", "<@1>", "a\nb", "a\u202eb", "[x](y)", "a=b", "`a`", "a:b", "@everyone"],
)  # fmt: skip
def test_marks_are_no_name(name: str) -> None:
    """What would be markup, a mention, another line or another place's text is refused, with what is taken."""
    with pytest.raises(ValueError, match="such as Frankfurt"):
        place_name(name)


@given(st.text(max_size=60))
def test_taken_name_is_neutral(text: str) -> None:
    """Whatever is taken is shown as it is."""
    try:
        assert neutral(place_name(text)) == text
    except ValueError:
        assert text != "Frankfurt"


@pytest.mark.parametrize("text", ["", "a b", "a..b", "a.*", ">", "a.", "ä", "x" * 33, "$SYS.x", "_INBOX\r\n"])
def test_wildcards_are_no_subject(text: str) -> None:
    """The prefix is words: no wildcard, no system subject, no second command."""
    with pytest.raises(ValueError, match="such as fiveohtwo"):
        prefix(text)


def test_answers_go_where_askers_listen_and_nowhere_else() -> None:
    """A reply subject that is no inbox of ours is not answered: not the questions', not another application's."""
    assert prefix("bots.fiveohtwo") == "bots.fiveohtwo"
    assert (questions("a.b"), answers("a.b")) == ("a.b.ask", "a.b.answer")
    assert is_answer_to("fiveohtwo", "fiveohtwo.answer.Xa1")
    for other in ("", "fiveohtwo.ask", "fiveohtwo.answer", "fiveohtwo.answer.", "fiveohtwo.answer.a.b", "x.answer.a"):
        assert not is_answer_to("fiveohtwo", other)
    for wild in ("fiveohtwo.answer.*", "fiveohtwo.answer.>", "fiveohtwo.answer.a\n", "_INBOX.abc"):
        assert not is_answer_to("fiveohtwo", wild)
