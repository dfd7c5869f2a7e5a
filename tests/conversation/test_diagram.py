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


def test_every_arrow_of_a_row_is_drawn() -> None:
    """What a phase does differently from all others is an arrow: looks that never come back, and silence in sleep."""
    drawn = diagram.diagram().splitlines()
    assert "    checking --> verdict: checked, woke" in drawn
    assert "    rechecking --> verdict: checked, woke" in drawn
    assert "    asleep --> ended: woke" in drawn
    assert not any("help" in arrow or "cancelled" in arrow for arrow in drawn if not arrow.startswith("    idle"))


def test_document_without_a_diagram_gets_one_between_its_marks() -> None:
    """Everything around the marks stays as it is, and a second time changes nothing."""
    once = diagram.in_document(f"before\n{diagram.BEGIN}\nold\n{diagram.END}\nafter\n")
    assert once.startswith(f"before\n{diagram.BEGIN}\n```mermaid\nstateDiagram-v2\n")
    assert once.endswith(f"\n```\n{diagram.END}\nafter\n")
    assert diagram.in_document(once) == once
