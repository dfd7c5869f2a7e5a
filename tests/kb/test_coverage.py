"""Does the table of coverage say what the knowledge holds now?"""

from __future__ import annotations

from pathlib import Path

from bot.kb.coverage import BEGIN, END, coverage, in_document
from bot.kb.model import KnowledgeBase

README = Path(__file__).parents[2] / "knowledge" / "README.md"


def test_table_in_the_readme_is_current(kb: KnowledgeBase) -> None:
    """`make kb` would change nothing."""
    text = README.read_text(encoding="utf-8")
    assert BEGIN in text
    assert END in text
    assert in_document(text, kb) == text


def test_sums_are_those_of_the_knowledge(kb: KnowledgeBase) -> None:
    """Every error is counted once, in its source's row and in the last one."""
    rows = [line.split("|")[1:-1] for line in coverage(kb).splitlines()[2:]]
    counts = [int(row[1]) for row in rows]
    assert sum(counts[:-1]) == counts[-1] == len(kb.errors)
    assert int(rows[-1][4]) == sum(len(error.examples) for error in kb.errors.values())
    assert [row[0].strip() for row in rows[:-1]] == sorted({error.source for error in kb.errors.values()})


def test_text_around_the_table_stays(kb: KnowledgeBase) -> None:
    """Only what is between the marks is replaced."""
    document = in_document(f"before\n{BEGIN}old{END}\nafter", kb)
    assert document.startswith(f"before\n{BEGIN}")
    assert document.endswith(f"{END}\nafter")
    assert "old" not in document.replace("threshold", "")
