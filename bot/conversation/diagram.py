"""What does the table look like as a picture? A Mermaid state diagram, generated, so that it cannot go stale.

`python -m bot.conversation.diagram` writes it into the README beside this file.
"""

from __future__ import annotations

from pathlib import Path

from bot.conversation.state import Phase
from bot.conversation.table import TABLE
from bot.kb.generated import with_part

COMMON = TABLE[Phase.CLARIFY]
"""A row that holds nothing of its own: what works in every phase is said once in words, not sixteen times as arrows."""


def diagram() -> str:
    """Return the table as Mermaid text: one arrow for each pair of phases, with the inputs that may lead there."""
    arrows: dict[tuple[Phase, Phase], list[str]] = {}
    for phase, row in TABLE.items():
        for name, transition in row.items():
            if phase is not Phase.IDLE and name in COMMON and transition.handler is COMMON[name].handler:
                continue
            for to in transition.to - {phase}:
                arrows.setdefault((phase, to), []).append(name)
    lines = [f"    {_name(a)} --> {_name(b)}: {', '.join(names)}" for (a, b), names in sorted(arrows.items())]
    return "\n".join(
        ["stateDiagram-v2", f"    [*] --> {_name(Phase.IDLE)}", *lines, f"    {_name(Phase.ENDED)} --> [*]"]
    )


def _name(phase: Phase) -> str:
    return phase.value.replace("-", "_")


def in_document(text: str) -> str:
    """Return a document with the present diagram between its two marks."""
    return with_part(text, "diagram", f"\n```mermaid\n{diagram()}\n```\n")


if __name__ == "__main__":
    readme = Path(__file__).with_name("README.md")
    readme.write_text(in_document(readme.read_text(encoding="utf-8")), encoding="utf-8")
