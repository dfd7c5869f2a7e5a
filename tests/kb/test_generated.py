"""Does a generated part replace its forerunner and nothing else?"""

from __future__ import annotations

from bot.kb.generated import marks, with_part


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    """All around the marks stays, other marks too, and a second time changes nothing."""
    begin, end = marks("table")
    once = with_part(f"before\n{begin}\nold\n{end}\n<!-- other: begin -->", "table", "\nnew\n")
    assert once == f"before\n{begin}\nnew\n{end}\n<!-- other: begin -->"
    assert with_part(once, "table", "\nnew\n") == once
