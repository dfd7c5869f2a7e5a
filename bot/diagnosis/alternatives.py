"""Does one of many alternatives match, without trying those that cannot?

A long alternation is slow: at every letter of the text each branch is tried. Most branches either match only at the
start of a line or demand a literal that is rarely there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.diagnosis.anchors import Guarded, Present, Shelf
from bot.diagnosis.demands import best, branches, demands


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Alternatives, sorted by what it takes to try them."""

    starts: re.Pattern[str] | None
    """Those that match only at the start."""
    shelf: Shelf
    """Those that demand a literal."""
    marks: tuple[str, ...]
    """One of them must be there to try the next ones; empty: they are always tried."""
    rest: re.Pattern[str] | None
    folds: bool
    """Is the letter case ignored?"""

    @classmethod
    def of(cls, *patterns: str, flags: int = 0) -> AnyOf:
        """Sort the alternatives."""
        every = [branch for pattern in patterns for branch in branches(pattern)]
        starts = [branch for branch in every if branch.startswith("^")]
        others = [Guarded(branch, flags) for branch in every if not branch.startswith("^")]
        rest = [each.source for each in others if not each.needs]
        told = [best(demands(source)) for source in rest]
        marks = sorted(frozenset().union(*told)) if all(told) else ()
        shelf = Shelf.of(each for each in others if each.needs)
        return cls(_joined(starts, flags), shelf, tuple(marks), _joined(rest, flags), bool(flags & re.IGNORECASE))

    @property
    def guarded(self) -> tuple[Guarded, ...]:
        """The expressions whose literals a lookup must know."""
        return self.shelf.expressions

    def search(self, line: str, present: Present = None) -> bool:
        """Does one of them match anywhere in a line? `present`: the literals of the text that holds the line."""
        if self.starts and self.starts.match(line):
            return True
        if self.rest and self._is_marked(line) and self.rest.search(line):
            return True
        return any(self.guarded[number].pattern.search(line) for number in self.shelf.likely(present))

    def _is_marked(self, line: str) -> bool:
        held = line.lower() if self.folds else line
        return not self.marks or any(map(held.__contains__, self.marks))


def _joined(branches: Iterable[str], flags: int) -> re.Pattern[str] | None:
    joined = "|".join(branches)
    return re.compile(joined, flags) if joined else None
