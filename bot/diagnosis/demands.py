"""What must a text hold for a regular expression to match, and what does each match begin with?

Read from the expression's own text. Only what is certain counts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

Literals = frozenset[str]
"""One of them must be there (lower case)."""
_OPTIONAL = ("?", "*", "{0")
_PLAIN = re.compile(r"[^][\\(){}.^$|?*+]+(?![?*+{])")
"""Characters that match themselves; one that is repeated is left to be read by itself."""
_HEAD = re.compile(r"(?:\\b|\(\?<[!=][^()]*\))*((?:[^][\\(){}.^$|?*+]|\\[^\w\s]){2,}(?![?*{]))")
"""Characters that match themselves at the start; only the first of them may be repeated."""
_OPENED = re.compile(r"(?:\\b|\(\?<[!=][^()]*\))*\((?:\?:|\?P<\w+>|(?!\?))")
"""The start of a group that begins an expression."""
_QUANTIFIER = re.compile(r"([?*+]|\{[^}]*\})[?+]?")
_SPELLINGS = 4
"""A run of characters with more spellings is read as two."""
_LOOKS = ("?=", "?!", "?<=", "?<!", "?#")


@dataclass(slots=True)
class _Sequence:
    """What one branch of a pattern demands, in order."""

    demands: list[Literals] = field(default_factory=list)
    runs: tuple[str, ...] = ("",)
    """The spellings of the run of characters that is being read."""

    def add(self, spellings: tuple[str, ...]) -> None:
        """Read on: one of these comes next."""
        if len(self.runs) == len(spellings) == 1:
            self.runs = (self.runs[0] + spellings[0],)
            return
        if len(self.runs) * len(spellings) > _SPELLINGS:
            self.end_run()
        if len(spellings) <= _SPELLINGS:
            self.runs = tuple([run + each for run in self.runs for each in spellings])

    def end_run(self) -> None:
        """A run of literal characters is over."""
        if all(self.runs):
            runs = frozenset([run.lower() for run in self.runs])
            if len(runs) > 1:
                runs = frozenset([run for run in runs if not any(other in run for other in runs - {run})])
            self.demands.append(runs)
        self.runs = ("",)


def branches(pattern: str) -> list[str]:
    """Return the alternatives that a pattern consists of."""
    return _alternatives(pattern, 0)[0]


def heads(pattern: str) -> tuple[str, ...]:
    """Return the literals (lower case) that a match of a pattern can begin with; empty: not known."""
    found: set[str] = set()
    for branch in branches(pattern):
        if opened := _OPENED.match(branch):
            inner, after = _alternatives(branch, opened.end())
            if _quantifier(branch, after + 1)[0].startswith(_OPTIONAL):
                return ()
        else:
            inner = [branch]
        for each in inner:
            head = _HEAD.match(each)
            if head is None:
                return ()
            found.add(head[1].replace("\\", "").lower())
    return tuple(sorted(head for head in found if not any(head != other and head.startswith(other) for other in found)))


def _alternatives(pattern: str, at: int) -> tuple[list[str], int]:
    """Return the alternatives up to a closing bracket or the end, and where that is."""
    found = []
    while True:
        _, end = _sequence(pattern, at, spaced=False)
        found.append(pattern[at:end])
        if end >= len(pattern) or pattern[end] == ")":
            return found, end
        at = end + 1


def demands(pattern: str, *, spaced: bool = False) -> list[Literals]:
    """Return all sets of literals that must each have a member in a matching text.

    `spaced`: the text has single spaces only, so any white space of the pattern is one.
    """
    found, _ = _branches(pattern, 0, spaced)
    return found


def best(found: list[Literals]) -> Literals:
    """Return the most telling set: long literals, then few; empty when there is none."""
    return max(found, key=lambda literals: (min(map(len, literals)), -len(literals)), default=frozenset())


def _branches(pattern: str, at: int, spaced: bool) -> tuple[list[Literals], int]:
    """Read alternatives up to a closing bracket or the end."""
    branches: list[list[Literals]] = []
    while True:
        sequence, at = _sequence(pattern, at, spaced)
        branches.append(sequence)
        if at >= len(pattern) or pattern[at] == ")":
            break
        at += 1
    if len(branches) == 1:
        return branches[0], at
    if not all(branches):
        return [], at
    return [frozenset().union(*map(best, branches))], at


def _sequence(pattern: str, at: int, spaced: bool) -> tuple[list[Literals], int]:
    """Read one branch."""
    sequence = _Sequence()
    while at < len(pattern) and pattern[at] not in "|)":
        if plain := _PLAIN.match(pattern, at):
            sequence.add((plain[0],))
            at = plain.end()
            continue
        spellings, inner, at = _item(pattern, at, spaced)
        quantifier, at = _quantifier(pattern, at)
        optional = quantifier.startswith(_OPTIONAL)
        is_space = spaced and spellings == (" ",)
        if not spellings or (optional and quantifier[0] != "?" and not is_space):
            sequence.end_run()
        else:
            sequence.add((*spellings, "") if optional else spellings)
            if quantifier and quantifier[0] != "?" and not is_space:
                sequence.end_run()
        if not optional:
            sequence.demands.extend(inner)
    sequence.end_run()
    return sequence.demands, at


def _item(pattern: str, at: int, spaced: bool) -> tuple[tuple[str, ...], list[Literals], int]:
    """Read one item: its spellings (if they are few), what it demands itself, and where the next one begins."""
    char = pattern[at]
    if char == "\\":
        escaped = pattern[at + 1 : at + 2]
        if spaced and escaped == "s":
            return (" ",), [], at + 2
        return () if escaped.isalnum() else (escaped,), [], at + 2
    if char == "[":
        end = _after_class(pattern, at)
        return _members(pattern[at + 1 : end - 1], spaced), [], end
    if char == "(":
        return _group(pattern, at + 1, spaced)
    return () if char in ".^$" else (char,), [], at + 1


def _members(inside: str, spaced: bool) -> tuple[str, ...]:
    """Return what a class of a few characters matches."""
    if spaced:
        inside = inside.replace("\\s", " ")
    if inside.startswith("^") or len(inside) > _SPELLINGS or "\\" in inside or "-" in inside[1:-1]:
        return ()
    return tuple(dict.fromkeys(inside.lower()))


def _group(pattern: str, at: int, spaced: bool) -> tuple[tuple[str, ...], list[Literals], int]:
    look = pattern.startswith(_LOOKS, at)
    if pattern.startswith("?", at):
        at = pattern.index(">" if pattern.startswith("?P<", at) else ":", at) + 1 if not look else at + 1
    found, at = _branches(pattern, at, spaced)
    return (), [] if look else found, at + 1


def _after_class(pattern: str, at: int) -> int:
    at += 2 if pattern.startswith("[^", at) else 1
    at += pattern.startswith("]", at)
    while pattern[at] != "]":
        at += 2 if pattern[at] == "\\" else 1
    return at + 1


def _quantifier(pattern: str, at: int) -> tuple[str, int]:
    """Read how often an item may occur, and where the next one begins."""
    found = _QUANTIFIER.match(pattern, at)
    return (found[1], found.end()) if found else ("", at)
