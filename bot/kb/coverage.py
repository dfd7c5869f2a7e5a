"""How much does the knowledge cover? A table for its README, generated, so that it cannot go stale.

`make kb` (`python -m bot.kb.coverage`) prints it and writes it between its two marks.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

from bot.kb.generated import with_part
from bot.kb.load import load
from bot.kb.model import KnowledgeBase, KnownError


def coverage(kb: KnowledgeBase) -> str:
    """Return the errors of each source with their examples and guides, and the totals."""
    by_source: dict[str, list[KnownError]] = defaultdict(list)
    for error in kb.errors.values():
        by_source[error.source].append(error)
    rows = [_row(source, errors) for source, errors in sorted(by_source.items())]
    rows.append(_row("**all**", list(kb.errors.values())))
    return "\n".join(
        [
            "| source | errors | of them 502 | recognised by | must match | must not | guides |",
            "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
            *rows,
        ]
    )


def _row(source: str, errors: list[KnownError]) -> str:
    guides = sorted({guide for error in errors for guide in (error.guide.visitor, error.guide.owner) if guide})
    cells = (
        source,
        len(errors),
        sum(error.family == "bad-gateway" for error in errors),
        sum(len(error.match.phrases) + len(error.match.weak) + len(error.match.patterns) for error in errors),
        sum(len(error.examples) for error in errors),
        sum(len(error.not_examples) for error in errors),
        len(guides) if source.startswith("**") else ", ".join(guides),
    )
    return f"| {' | '.join(map(str, cells))} |"


def in_document(text: str, kb: KnowledgeBase) -> str:
    """Return a document with the present table between its two marks."""
    return with_part(text, "coverage", f"\n\n{coverage(kb)}\n\n")


if __name__ == "__main__":
    here = files("knowledge")
    if not isinstance(here, Path):
        sys.exit("The knowledge is not a plain folder here; run this in a checkout.")
    readme = here / "README.md"
    readme.write_text(in_document(readme.read_text(encoding="utf-8"), load()), encoding="utf-8")
    sys.stdout.write(coverage(load()) + "\n")
