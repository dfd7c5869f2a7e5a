"""Are texts found in the right language and filled so that foreign text stays apart?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.replies import Choice
from bot.kb.model import KnowledgeBase, Locale, ReplyWords
from bot.wording.message import Span
from bot.wording.words import Words, blocks_of, facts_as_parameters, fill, foreign, plain


@pytest.fixture
def words(kb: KnowledgeBase) -> Words:
    """Return English over the knowledge, with a second language that knows a little."""
    german = Locale.model_validate(
        {
            "language": "de",
            "name": "Deutsch",
            "choices": {"stop": "Aufhören"},
            "words": {"check.dns": "Name"},
            "replies": {"help": {"text": "Hilfe"}},
            "overlay": {"guides.visitor.reload.title": "Neu laden", "guides.visitor.cookies.details.0": "So geht es"},
        }
    )
    return Words(kb.model_copy(update={"locales": {**kb.locales, "de": german}}), "de")


def test_other_language_falls_back_key_by_key(words: Words) -> None:
    """What a language has is used, everything else is English."""
    assert words.choice(Choice(id="stop")).label == "Aufhören"
    assert words.choice(Choice(id="back")).label == "Back"
    assert words.word("check.dns") == "Name"
    assert words.word("check.tcp") == "connection"
    assert words.reply("help").text == "Hilfe"
    assert words.reply("asleep").text
    assert words.known("guides.visitor.reload.title") == "Neu laden"
    assert words.known("guides.visitor.cookies.title") != ""
    assert words.detail("guides.visitor.cookies", 0, "This way") == "So geht es"
    assert words.detail("guides.visitor.cookies", 1, "This way") == "This way"


def test_unknown_language_is_english(kb: KnowledgeBase) -> None:
    """A language that is not there does not leave anybody without words."""
    assert Words(kb, "xx").choice(Choice(id="stop")).label == "Stop"


def test_missing_word_is_its_default_or_its_key(words: Words) -> None:
    """A word that nobody wrote is shown as its default or key, never as nothing."""
    assert words.word("no.such.word") == "no.such.word"
    assert words.word("no.such.word", "x") == "x"
    assert words.choice(Choice(id="no-such-choice")).label == "no-such-choice"


def test_choice_can_be_labelled_by_knowledge(words: Words) -> None:
    """A choice for a step or an error has its title, cut to what Discord shows."""
    assert words.choice(Choice(id="step:reload", text="guides.visitor.reload.title")).label == "Neu laden"
    assert words.choice(Choice(id="visitor", text="words.role.program.visitor")).label == "I only use it"
    assert words.label("firefox") == "Firefox"


@pytest.mark.parametrize(
    "key",
    ["errors.nginx-502.title", "causes.unknown.summary", "guides.visitor.title", "guides.visitor.exit.text"],
)
def test_each_kind_of_text_has_a_key(words: Words, key: str) -> None:
    """Errors, causes, guides and their exits are found by key."""
    assert words.known(key)


def test_missing_text_is_empty(words: Words, kb: KnowledgeBase) -> None:
    """A field that an entry leaves out is an empty text."""
    error = next(error for error in kb.errors.values() if error.note is None)
    guide = next(guide for guide in kb.guides.values() if any(step.warn is None for step in guide.steps))
    step = next(step for step in guide.steps if step.warn is None)
    assert words.known(f"errors.{error.id}.note") == ""
    assert words.known(f"guides.{guide.id}.{step.id}.warn") == ""


def test_fill_keeps_foreign_text_apart() -> None:
    """Parameters of others stay spans of their own; numbers and our own texts melt in; gaps stay empty."""
    spans = fill("{host}: error {status}{missing}.", {"host": foreign("a`b"), "status": 502})
    assert [(span.text, span.foreign) for span in spans] == [
        ("a`b", True),
        (": error ", False),
        ("502", False),
        (".", False),
    ]
    assert plain(spans) == "a`b: error 502."


def test_filled_text_fills_another_without_losing_whose_it_is() -> None:
    """A text with foreign parts can be a parameter itself; its parts stay what they were."""
    inner = fill("{host} is down", {"host": foreign("a.example")})
    assert [(span.text, span.foreign) for span in fill("Well: {inner}!", {"inner": inner})] == [
        ("Well: ", False),
        ("a.example", True),
        (" is down", False),
        ("!", False),
    ]


def test_values_are_never_read_as_templates() -> None:
    """Braces in a value are the value's own: nothing is filled into somebody else's text."""
    assert plain(fill("{host}{status}", {"host": foreign("{status}"), "status": 502})) == "{status}502"


@given(text=st.text(max_size=300))
def test_foreign_is_one_harmless_line(text: str) -> None:
    """Whatever somebody else wrote becomes one short visible line, marked as theirs."""
    span = foreign(text)
    assert span.foreign
    assert len(span.text) <= 200
    assert "\n" not in span.text
    assert "\x1b" not in span.text


def test_facts_are_foreign_unless_they_are_ours(words: Words) -> None:
    """Names of products are our words, numbers are harmless, everything else was written by somebody else."""
    found = facts_as_parameters(
        {"product.name": "nginx", "http.status": 502, "host": "x", "http.title": "t", "a": True}, words
    )
    assert found["product.name"] == "nginx"
    assert found["http.status"] == "502"
    assert isinstance(found["host"], Span)
    assert isinstance(found["a"], Span)
    assert facts_as_parameters({}, words)["product.name"] == "the server in front"


def test_text_that_is_all_gaps_is_left_out() -> None:
    """A paragraph whose every parameter is empty does not leave an empty line."""
    template = ReplyWords(heading="{title}", text="Always", aside="{warn}")
    blocks = blocks_of(template, {"title": "T", "warn": ""})
    assert [(block.kind, block.text) for block in blocks] == [("heading", "T"), ("text", "Always")]


def test_text_of_invisible_characters_is_left_out() -> None:
    """A title that shows nothing leaves no empty paragraph either."""
    assert blocks_of(ReplyWords(heading="{title}", text=" {title} "), {"title": foreign("\u200b\x1b")}) == []
