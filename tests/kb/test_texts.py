"""Does every text of the knowledge have a key by which another language can replace it?"""

from __future__ import annotations

from bot.kb.model import KnowledgeBase
from bot.kb.texts import texts
from bot.wording.words import Words


def test_every_key_leads_to_its_text(kb: KnowledgeBase) -> None:
    """What can be translated is found by the same key when it is said."""
    words = Words(kb, "en")
    found = texts(kb)
    assert len(found) > 2000
    for key, text in found.items():
        if ".details." not in key:
            assert words.known(key) == text, key


def test_details_are_named_by_their_place(kb: KnowledgeBase) -> None:
    """The n-th detail of a step has the number n, from 0."""
    step = next(step for step in kb.guides["visitor"].steps if step.details)
    assert texts(kb)[f"guides.visitor.{step.id}.details.0"] == step.details[0].do
