"""How does the table look as a picture? A Mermaid state diagram, generated, so that it cannot go stale.

`python -m bot.conversation.diagram` writes it into the README beside this file.
"""

from __future__ import annotations

from pathlib import Path

from bot.conversation.state import Phase
from bot.conversation.table import TABLE

ALWAYS = frozenset({"help", "why", "back", "restart", "stop", "human", "cancelled", "pasted", "woke"})
"""Inputs of almost every row: drawn once in words, not sixteen times as arrows."""
BEGIN, END = "<!-- diagram: begin -->", "<!-- diagram: end -->"


def diagram() -> str:
    """Return the table as Mermaid text: one arrow for each pair of phases, with the inputs that may lead there."""
    arrows: dict[tuple[Phase, Phase], list[str]] = {}
    for phase, row in TABLE.items():
        for name, transition in row.items():
            if name in ALWAYS and phase is not Phase.IDLE and not (phase is Phase.ASLEEP and name == "woke"):
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
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n```mermaid\n{diagram()}\n```\n{END}{tail}"


if __name__ == "__main__":
    readme = Path(__file__).with_name("README.md")
    readme.write_text(in_document(readme.read_text(encoding="utf-8")), encoding="utf-8")
