"""Is an unknown program's message told apart from a person's words?"""

from __future__ import annotations

import pytest

from bot.diagnosis import choice
from bot.diagnosis.identify import identify
from bot.diagnosis.printed import ENOUGH, is_printed, score
from bot.diagnosis.status import leading, mentions
from bot.diagnosis.vocabulary import Vocabulary, vocabulary_of
from bot.kb.model import KnowledgeBase, Locale, Recognise

PROGRAMS = (
    "ERROR sync: upload failed, server responded with status code 502 (Bad Gateway), retrying in 5s",
    "fatal error: pantry push: HTTP status 502 (Bad Gateway) while uploading https://get.example.com/p",
    "error: failed to download pantry-data 2.1: HTTP status code 502 Bad Gateway for url (https://get.example.com/p)",
)
PEOPLE = (
    "our shop shows 502 Bad Gateway since this morning, is it me?",
    "502 when I log in, cleared the cookies already",
    "the wiki gives me a bad gateway, anybody else?",
)


@pytest.fixture(scope="module")
def vocabulary(kb: KnowledgeBase) -> Vocabulary:
    return vocabulary_of(kb.locales.values())


@pytest.mark.parametrize("text", PROGRAMS)
def test_message_of_an_unknown_program_is_known_by_its_words(
    text: str, kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No rule knows these programs; what they print looks like what programs print."""
    match = identify(kb, text).match
    assert match is not None
    assert match.source == "http-client"
    monkeypatch.setattr(choice, "is_printed", lambda *_: False)
    match = identify(kb, text).match
    assert match is not None
    assert match.source == "generic"


@pytest.mark.parametrize("text", PEOPLE)
def test_words_of_a_person_are_no_message_of_a_program(text: str, vocabulary: Vocabulary, kb: KnowledgeBase) -> None:
    """They name a failure, and no program."""
    lead = leading(mentions(text, vocabulary))
    assert lead is not None
    assert not is_printed(text, lead, vocabulary)
    match = identify(kb, text).match
    assert match is not None
    assert match.source == "generic"


def test_words_count_by_their_place() -> None:
    """The same word weighs nothing elsewhere; without weights nothing is said."""
    weights = {"status _": ENOUGH, "retrying": 0.5}
    locale = Locale(language="eo", name="Esperanto", recognise=Recognise(printed=weights))
    vocabulary = vocabulary_of([locale])
    lead = leading(mentions(text := "status 502 Bad Gateway", vocabulary))
    assert lead is not None
    assert score(text, lead, vocabulary) == round(ENOUGH, 2)
    assert score(f"{text}, retrying", lead, vocabulary) == round(ENOUGH + 0.5, 2)
    assert is_printed(text, lead, vocabulary)
    assert not is_printed(text, lead, vocabulary_of([]))
