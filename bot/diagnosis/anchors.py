"""Which literals must a text hold for a regular expression to match?

Most of the knowledge's patterns cannot match most texts: looking for a literal first is much cheaper than trying the
pattern. Only what is certain counts; a pattern without a certain literal is always tried.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

Literals = frozenset[str]
"""One of them must be there (lower case)."""

_OPTIONAL = ("?", "*", "{0")
_PLAIN = re.compile(r"[^][\\(){}.^$|?*+]+(?![?*+{])")
"""Characters that stand for themselves; one that is repeated is left to be read by itself."""
_LOOKS = ("?=", "?!", "?<=", "?<!", "?#")


@dataclass(slots=True)
class _Sequence:
    """What one branch of a pattern demands, in order."""

    demands: list[Literals] = field(default_factory=list)
    run: str = ""

    def end_run(self) -> None:
        """A run of literal characters is over."""
        if self.run:
            self.demands.append(frozenset({self.run.lower()}))
        self.run = ""


@dataclass(frozen=True)
class Guarded:
    """A regular expression that is tried only where all that it demands is there.

    It is compiled when it is first needed; most never are.
    """

    source: str
    flags: int = re.IGNORECASE

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.source, self.flags)

    @cached_property
    def demands(self) -> list[Literals]:
        """What a matching text must hold."""
        return demands(self.source)

    @cached_property
    def _hurdles(self) -> tuple[tuple[str, ...], ...]:
        """The same, the highest first."""
        ordered = sorted(self.demands, key=lambda literals: (len(literals), -min(map(len, literals))))
        return tuple(tuple(sorted(literals)) for literals in ordered)

    def admits(self, lowered: str) -> bool:
        """Can it match a text of which this is the lower case?"""
        for literals in self._hurdles:
            for literal in literals:
                if literal in lowered:
                    break
            else:
                return False
        return True

    def search(self, text: str, lowered: str) -> re.Match[str] | None:
        """Find it in a text of which the lower case is known, too."""
        return self.pattern.search(text) if self.admits(lowered) else None

    def finditer(self, text: str, lowered: str) -> Iterator[re.Match[str]]:
        """Find all its places."""
        return self.pattern.finditer(text) if self.admits(lowered) else iter(())


def demands(pattern: str) -> list[Literals]:
    """Return all sets of literals of which each must have a member in a matching text."""
    found, _ = _branches(pattern, 0)
    return found


def best(found: list[Literals]) -> Literals:
    """Return the most telling set: long literals, then few; empty when there is none."""
    return max(found, key=lambda literals: (min(map(len, literals)), -len(literals)), default=frozenset())


def _branches(pattern: str, at: int) -> tuple[list[Literals], int]:
    """Read alternatives up to a closing bracket or the end."""
    branches: list[list[Literals]] = []
    while True:
        sequence, at = _sequence(pattern, at)
        branches.append(sequence)
        if at >= len(pattern) or pattern[at] == ")":
            break
        at += 1
    if len(branches) == 1:
        return branches[0], at
    if not all(branches):
        return [], at
    return [frozenset().union(*map(best, branches))], at


def _sequence(pattern: str, at: int) -> tuple[list[Literals], int]:
    """Read one branch."""
    sequence = _Sequence()
    while at < len(pattern) and pattern[at] not in "|)":
        if plain := _PLAIN.match(pattern, at):
            sequence.run += plain[0]
            at = plain.end()
            continue
        literal, inner, at = _item(pattern, at)
        optional = pattern.startswith(_OPTIONAL, at)
        repeated = at < len(pattern) and pattern[at] in "?*+{"
        at = _after_quantifier(pattern, at)
        if literal and not optional:
            sequence.run += literal
        if not literal or repeated:
            sequence.end_run()
        if not optional:
            sequence.demands.extend(inner)
    sequence.end_run()
    return sequence.demands, at


def _item(pattern: str, at: int) -> tuple[str, list[Literals], int]:
    """Read one item: its literal character (if it is one), what it demands itself, and where the next one begins."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1 : at + 2]
        return ("" if escaped.isalnum() else escaped), [], at + 2
    if char == "[":
        return "", [], _after_class(pattern, at)
    if char == "(":
        return _group(pattern, at + 1)
    return ("" if char in ".^$" else char), [], at + 1


def _group(pattern: str, at: int) -> tuple[str, list[Literals], int]:
    look = pattern.startswith(_LOOKS, at)
    if pattern.startswith("?", at):
        at = pattern.index(">" if pattern.startswith("?P<", at) else ":", at) + 1 if not look else at + 1
    found, at = _branches(pattern, at)
    return "", [] if look else found, at + 1


def _after_class(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    at += pattern.startswith("]", at)
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _after_quantifier(pattern: str, at: int) -> int:
    if pattern.startswith("{", at):
        at = pattern.index("}", at) + 1
    elif pattern.startswith(("?", "*", "+"), at):
        at += 1
    else:
        return at
    return at + pattern.startswith(("?", "+"), at)
