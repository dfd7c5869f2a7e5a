"""Does the linter take what the program really passes?"""

from __future__ import annotations

from bot.cli.vocabulary import vocabulary
from bot.diagnosis.identify import identify
from bot.kb.lint.vocabulary import Identify, Vocabulary
from bot.kb.model import KnowledgeBase


def test_names_default_to_none() -> None:
    """Whoever has no words, guides or closed lists need not say so."""
    assert Vocabulary(facts=frozenset(), replies={}, choices=frozenset()).words == frozenset()


def test_program_passes_every_name() -> None:
    """The composition fills all lists of names."""
    names = vocabulary()
    assert all((names.facts, names.replies, names.choices, names.words, names.guides, names.values))


def test_closed_lists_belong_to_facts() -> None:
    """A closed list for a fact that does not exist would check nothing."""
    names = vocabulary()
    assert names.values.keys() | names.ids.keys() <= names.facts


def test_recogniser_has_the_shape_that_is_needed(kb: KnowledgeBase) -> None:
    """The real recogniser answers what the linter asks for."""
    recogniser: Identify = identify
    found = recogniser(kb, "https://shop.example/ says 502 Bad Gateway nginx/1.24.0")
    assert found.match is not None
    assert found.match.error in kb.errors
    assert found.target is not None
    assert found.target.host == "shop.example"
