"""Can a regular expression match a text that holds these literals, and where does it begin?

Most of the knowledge's patterns cannot match most texts: looking for a literal first is much cheaper than trying the
pattern. Only what is certain counts; a pattern without a certain literal is always tried.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from ahocorasick_rs import AhoCorasick, Implementation

from bot.diagnosis.demands import Literals, demands, heads
from bot.diagnosis.lazy import lazy

Present = frozenset[str] | None
"""The literals in a text; None: nobody has looked, so it may hold anything."""
LEAST = 3
"""Shorter literals are not looked for: nearly every text holds them."""

_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs, which no other library accepts."""
_HEADS = 16
"""An expression that may begin with more than these is searched for as it is."""
Need = tuple[str, ...]
"""Literals of which a matching text must hold one. (A set takes three times the memory, and there are thousands.)"""
_shared: dict[Need, Need] = {}
"""Many expressions demand the same: they share one object, which saves megabytes."""


@dataclass(frozen=True)
class Guarded:
    """A regular expression that is tried only where everything that it demands is there.

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
        """What a matching text must hold, whatever its spacing."""
        return demands(self.source)

    @lazy
    def needs(self) -> tuple[Need, ...]:
        """What a matching text with single spaces must hold, without what is too short to tell anything.

        The most telling demand comes first.
        """
        telling = {literals for literals in demands(self.source, spaced=True) if min(map(_size, literals)) >= LEAST}
        needs = [tuple(sorted(literals)) for literals in sorted(telling, key=_height)]
        return tuple([_shared.setdefault(need, need) for need in needs])

    @lazy
    def _hurdles(self) -> tuple[tuple[str, ...], ...]:
        """Everything that it demands, the most telling first."""
        ordered = sorted(self.demands, key=lambda literals: (len(literals), -min(map(len, literals))))
        return tuple(tuple(sorted(literals)) for literals in ordered)

    def admits(self, lowered: str) -> bool:
        """Can it match the text that this is in lower case? (For texts whose literals nobody has looked for.)"""
        for literals in self._hurdles:
            for literal in literals:
                if literal in lowered:
                    break
            else:
                return False
        return True

    @lazy
    def _heads(self) -> tuple[str, ...]:
        """The letters that a match can begin with, in lower case; empty: not known."""
        found = heads(self.source)
        return found if len(found) <= _HEADS else ()

    def first(self, text: str, lowered: str) -> re.Match[str] | None:
        """Find it in a text whose lower case is known.

        If it begins with literals, their places are looked for, which is much faster.
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
            if present.isdisjoint(need):
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
    """Return a text that other libraries accept; its length stays the same."""
    return _HALVES.sub("\ufffd", text)


@dataclass(frozen=True, slots=True)
class Lookup:
    """The literals of many expressions, looked for in one pass; its time hardly depends on their number."""

    literals: tuple[str, ...]
    marks: AhoCorasick

    @classmethod
    def of(cls, expressions: Iterable[Guarded], words: Iterable[str] = ()) -> Lookup:
        """Prepare it for these expressions, and words in lower case: all those that are queried with its results."""
        demanded = {literal for each in expressions for need in each.needs for literal in need}
        literals = tuple(sorted(demanded.union(words)))
        return cls(literals, AhoCorasick(literals, implementation=Implementation.ContiguousNFA))

    def present(self, lowered: str) -> frozenset[str]:
        """Return the literals in the text that this is in lower case."""
        return frozenset([self.literals[each[0]] for each in occurrences(self.marks, lowered)])


@dataclass(frozen=True, slots=True)
class Shelf:
    """Many expressions, and which of them each literal makes possible."""

    expressions: tuple[Guarded, ...]
    by_literal: dict[str, tuple[int, ...]]
    """Each is listed under the rarest literals that it demands."""
    free: tuple[int, ...]
    """Those that demand nothing."""
    further: tuple[tuple[Need, ...], ...]
    """What else each of them demands."""

    @classmethod
    def of(cls, expressions: Iterable[Guarded]) -> Shelf:
        """Sort them by what they demand."""
        every = tuple(expressions)
        shared = Counter(chain.from_iterable(need for each in every for need in each.needs))

        def cost(need: Need) -> tuple[int, int, Need]:
            return sum(shared[literal] for literal in need), -min(map(len, need)), need

        rarest = [min(each.needs, key=cost, default=()) for each in every]
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
                    if present.isdisjoint(need):
                        break
                else:
                    numbers.add(number)
        return sorted(numbers)


def _size(literal: str) -> int:
    """Count letters of other scripts double: two of them are as rare as three Latin ones."""
    return len(literal) if literal.isascii() else 2 * len(literal)


def _height(literals: Literals) -> tuple[int, int, list[str]]:
    return len(literals), -min(map(len, literals)), sorted(literals)
