"""Does a fault say what, where, and what to do?"""

from __future__ import annotations

from bot.kb.faults import Fault, KnowledgeError


def test_fault_is_one_line() -> None:
    """File, place, problem and remedy are on one line; a fault of the file itself has no place."""
    assert str(Fault("a.toml", "b.c", "is odd", "Mend it")) == "a.toml: b.c: is odd. Mend it."
    assert str(Fault("a.toml", "", "is odd", "Mend it")) == "a.toml: is odd. Mend it."


def test_error_lists_all_faults_in_order() -> None:
    """Nobody has to find one fault after the other."""
    error = KnowledgeError([Fault("b.toml", "", "x", "y"), Fault("a.toml", "", "x", "y")])
    assert str(error).splitlines() == ["a.toml: x. y.", "b.toml: x. y."]
