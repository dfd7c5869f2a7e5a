"""Is knowledge frozen, strict, and short to print?"""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.kb.model import Cause, KnowledgeBase


def test_knowledge_cannot_be_changed(kb: KnowledgeBase) -> None:
    """What was loaded stays as it was loaded."""
    with pytest.raises(ValidationError):
        kb.errors["nginx-502"].title = "x"  # type: ignore[misc]


def test_unknown_keys_are_refused(kb: KnowledgeBase) -> None:
    """A key that nothing reads is an error, not a silent nothing."""
    shape = kb.causes["unknown"].model_dump(mode="json")
    with pytest.raises(ValidationError):
        Cause.model_validate({**shape, "colour": "red"})


def test_printing_knowledge_does_not_fill_the_screen(kb: KnowledgeBase) -> None:
    """A failing test that shows the knowledge base shows a line."""
    assert len(repr(kb)) < 100
