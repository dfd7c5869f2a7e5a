"""What is wrong with the knowledge, where, and what fixes it?

Fault            one thing that is wrong: file, place, problem, remedy
KnowledgeError   the knowledge cannot be read; carries every fault at once, never just the first
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Fault:
    """One thing that is wrong in one file, for a reader who does not program."""

    file: str
    """Path inside the knowledge folder: `errors/nginx-502.toml`."""
    place: str
    """Where in the file: `steps.reload.verify`, `match.patterns #2`, `line 3, column 5`; "" for the file itself."""
    problem: str
    remedy: str

    def __str__(self) -> str:
        """Write it on one line, as `fiveohtwo kb lint` prints it."""
        where = f"{self.file}: {self.place}" if self.place else self.file
        return f"{where}: {self.problem}. {self.remedy}."


class KnowledgeError(Exception):
    """The knowledge folder cannot be read: the operator's or an author's fault, never the user's."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))
