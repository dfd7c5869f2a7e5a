"""How does a generated part stand in a document that people write? Between two marks; all around it stays."""

from __future__ import annotations


def marks(name: str) -> tuple[str, str]:
    """Return the comments before and behind a generated part."""
    return f"<!-- {name}: begin -->", f"<!-- {name}: end -->"


def with_part(document: str, name: str, part: str) -> str:
    """Return a document with this text between the marks of that name."""
    begin, end = marks(name)
    head, _, rest = document.partition(begin)
    _, _, tail = rest.partition(end)
    return f"{head}{begin}{part}{end}{tail}"
