"""Is an error found by name, by code and by what it says?"""

from __future__ import annotations

import pytest

from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.explain import explanation, named, suggestions
from bot.surfaces.discord.phrases import Phrases


def test_suggestions_fit_what_was_typed(kb: KnowledgeBase) -> None:
    """At most 25 entries are suggested, each with all that was typed in it."""
    phrases = Phrases(kb, "en")
    assert len(suggestions(phrases, "")) == 25
    found = suggestions(phrases, "nginx 502")
    assert found
    assert all("nginx" in f"{name} {title}".lower() for name, title in found)
    assert suggestions(phrases, "no such thing at all") == []


@pytest.mark.parametrize("text", ["0x80244021", "-2145107935", "WU_E_PT_HTTP_STATUS_BAD_GATEWAY"])
def test_code_in_any_notation_is_named(kb: KnowledgeBase, text: str) -> None:
    """A code is found in each of its notations."""
    assert named(Phrases(kb, "en"), text) == "windows-update-0x80244021"


def test_unknown_text_is_nothing(kb: KnowledgeBase) -> None:
    """What nothing is known of is not guessed."""
    assert named(Phrases(kb, "en"), "zzzz qqqq") is None


def test_explanation_says_what_it_is_and_where_that_stands(kb: KnowledgeBase) -> None:
    """An explanation has the title, the meaning, and a source."""
    text = explanation(Phrases(kb, "en"), "nginx-502").text
    assert kb.errors["nginx-502"].title in text
    assert "https://" in text
