"""Which literals must a text hold for a regular expression to match?

Most of the knowledge's patterns cannot match most texts: looking for a literal first is much cheaper than trying the
pattern. Only what is certain counts; a pattern without a certain literal is always tried.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from ahocorasick_rs import AhoCorasick, Implementation

from bot.diagnosis.lazy import lazy

Literals = frozenset[str]
"""One of them must be there (lower case)."""
Present = frozenset[str] | None
"""The literals that stand in a text; None: nobody has looked, so anything may."""
LEAST = 3
"""Literals with fewer letters are not looked for: nearly every text holds them."""

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of character pairs, which no other library takes."""
_OPTIONAL = ("?", "*", "{0")
_PLAIN = re.compile(r"[^][\\(){}.^$|?*+]+(?![?*+{])")
"""Characters that stand for themselves; one that is repeated is left to be read by itself."""
_HEAD = re.compile(r"(?:\\b|\(\?<[!=][^()]*\))*((?:[^][\\(){}.^$|?*+]|\\[^\w\s]){2,}(?![?*{]))")
"""Characters that stand for themselves at the start; the first of them is the only one that may be repeated."""
_OPENED = re.compile(r"(?:\\b|\(\?<[!=][^()]*\))*\((?:\?:|\?P<\w+>|(?!\?))")
"""The start of a group with which an expression begins."""
_HEADS = 16
"""An expression that may begin with more than these is searched for as it is."""
_QUANTIFIER = re.compile(r"([?*+]|\{[^}]*\})[?+]?")
_SPELLINGS = 4
"""A run of characters with more spellings is read as two."""
_shared: dict[Literals, Literals] = {}
"""Many expressions demand the same: one object stands for all of them, which saves megabytes."""
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


@dataclass(frozen=True)
class Guarded:
    """A regular expression that is tried only where all that it demands is there.

    It is compiled when it is first needed; most never are.
    """

    source: str
    flags: int = re.IGNORECASE

    @lazy
    def pattern(self) -> re.Pattern[str]:
        """The compiled expression."""
        return re.compile(self.source, self.flags)

    @lazy
    def demands(self) -> list[Literals]:
        """What a matching text must hold, however it is spaced."""
        return demands(self.source)

    @lazy
    def needs(self) -> tuple[Literals, ...]:
        """What a matching text with single spaces must hold, without what is too short to tell anything.

        The highest hurdle comes first.
        """
        telling = {literals for literals in demands(self.source, spaced=True) if min(map(len, literals)) >= LEAST}
        return tuple([_shared.setdefault(literals, literals) for literals in sorted(telling, key=_height)])

    @lazy
    def _hurdles(self) -> tuple[tuple[str, ...], ...]:
        """All that it demands, the highest hurdle first."""
        ordered = sorted(self.demands, key=lambda literals: (len(literals), -min(map(len, literals))))
        return tuple(tuple(sorted(literals)) for literals in ordered)

    def admits(self, lowered: str) -> bool:
        """Can it match a text of which this is the lower case? (For texts whose literals nobody looked for.)"""
        for literals in self._hurdles:
            for literal in literals:
                if literal in lowered:
                    break
            else:
                return False
        return True

    @lazy
    def _heads(self) -> tuple[str, ...]:
        """The letters with one of which each match begins, in lower case; empty: not known."""
        found = heads(self.source)
        return found if len(found) <= _HEADS else ()

    def first(self, text: str, lowered: str) -> re.Match[str] | None:
        """Find it in a text of which the lower case is known.

        Where it begins with literals the places of those are looked for, which is much faster.
        """
        if not self._heads or len(lowered) != len(text):
            return self.pattern.search(text)
        best: re.Match[str] | None = None
        for head in self._heads:
            at = lowered.find(head)
            while at >= 0 and (best is None or at < best.start()):
                if found := self.pattern.match(text, at):
                    best = found
                at = lowered.find(head, at + 1)
        return best

    def fits(self, present: Present) -> bool:
        """Can it match a text that holds these literals?"""
        if present is None:
            return True
        for need in self.needs:  # noqa: SIM110  (this is the innermost loop of all)
            if need.isdisjoint(present):
                return False
        return True

    def search(self, text: str, present: Present = None) -> re.Match[str] | None:
        """Find it in a text."""
        return self.pattern.search(text) if self.fits(present) else None

    def finditer(self, text: str, present: Present = None) -> Iterator[re.Match[str]]:
        """Find all its places."""
        return self.pattern.finditer(text) if self.fits(present) else iter(())


def occurrences(marks: AhoCorasick, text: str) -> list[tuple[int, int, int]]:
    """Return all places of all strings in a text: number, start, end."""
    try:
        return marks.find_matches_as_indexes(text, overlapping=True)
    except UnicodeEncodeError:
        return marks.find_matches_as_indexes(halves_replaced(text), overlapping=True)


def halves_replaced(text: str) -> str:
    """Return a text that other libraries take; its length stays."""
    return _HALVES.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The literals of many expressions, looked for in one pass, whose time hardly depends on their number."""

    literals: tuple[str, ...]
    marks: AhoCorasick

    @classmethod
    def of(cls, expressions: Iterable[Guarded]) -> Lookup:
        """Prepare it for these expressions; it must know all that are asked with its answers."""
        literals = tuple(sorted({literal for each in expressions for need in each.needs for literal in need}))
        return cls(literals, AhoCorasick(literals, implementation=Implementation.ContiguousNFA))

    def present(self, lowered: str) -> frozenset[str]:
        """Return the literals that stand in a text of which this is the lower case."""
        return frozenset([self.literals[each[0]] for each in occurrences(self.marks, lowered)])


@dataclass(frozen=True, slots=True)
class Shelf:
    """Many expressions, and which of them a literal makes possible."""

    expressions: tuple[Guarded, ...]
    by_literal: dict[str, tuple[int, ...]]
    """Each stands at the rarest literals that it demands."""
    free: tuple[int, ...]
    """Those that demand nothing."""
    further: tuple[tuple[Literals, ...], ...]
    """What else each of them demands."""

    @classmethod
    def of(cls, expressions: Iterable[Guarded]) -> Shelf:
        """Sort them by what they demand."""
        every = tuple(expressions)
        shared = Counter(chain.from_iterable(need for each in every for need in each.needs))

        def cost(need: Literals) -> tuple[int, int, list[str]]:
            return sum(shared[literal] for literal in need), -min(map(len, need)), sorted(need)

        rarest = [min(each.needs, key=cost, default=frozenset[str]()) for each in every]
        by_literal: dict[str, list[int]] = defaultdict(list)
        for number, need in enumerate(rarest):
            for literal in need:
                by_literal[literal].append(number)
        return cls(
            every,
            {literal: tuple(numbers) for literal, numbers in by_literal.items()},
            tuple(number for number, need in enumerate(rarest) if not need),
            tuple(
                tuple(need for need in each.needs if need is not own) for each, own in zip(every, rarest, strict=True)
            ),
        )

    def likely(self, present: Present) -> list[int]:
        """Return the numbers of those that can match a text with these literals."""
        if present is None:
            return list(range(len(self.expressions)))
        numbers = set(self.free)
        further = self.further
        for literal in self.by_literal.keys() & present:
            for number in self.by_literal[literal]:
                for need in further[number]:
                    if need.isdisjoint(present):
                        break
                else:
                    numbers.add(number)
        return sorted(numbers)


def branches(pattern: str) -> list[str]:
    """Return the alternatives of which a pattern consists."""
    return _alternatives(pattern, 0)[0]


def heads(pattern: str) -> tuple[str, ...]:
    """Return literals (lower case) with one of which each match of a pattern begins; empty: not known."""
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


def _height(literals: Literals) -> tuple[int, int, list[str]]:
    return len(literals), -min(map(len, literals)), sorted(literals)


def demands(pattern: str, *, spaced: bool = False) -> list[Literals]:
    """Return all sets of literals of which each must have a member in a matching text.

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
    """Return what a class of a few characters stands for."""
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
    """Read how often an item may stand, and where the next one begins."""
    found = _QUANTIFIER.match(pattern, at)
    return (found[1], found.end()) if found else ("", at)
