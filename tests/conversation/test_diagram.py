"""Is the picture of the conversation the table itself?"""

from __future__ import annotations

from pathlib import Path

from bot.conversation import diagram
from bot.conversation.state import Phase

README = Path(diagram.__file__).with_name("README.md")


def test_document_shows_the_present_table() -> None:
    """The README's diagram is what `make diagram` would write."""
    text = README.read_text(encoding="utf-8")
    assert diagram.in_document(text) == text


def test_every_phase_is_drawn() -> None:
    """No phase is missing from the picture."""
    drawn = diagram.diagram()
    for phase in Phase:
        assert phase.value.replace("-", "_") in drawn
