"""Which characters can the pieces of a pattern match, and what can follow a piece?

Sets are made of sample characters, letter case folded: all of ASCII, some others, and those that the pattern names.
Where the exact answer is out of reach it is too large, never too small.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib import import_module
from typing import Any

parser: Any = import_module("re._parser")  # the standard library's own, private and stable since Python 3.11
code: Any = import_module("re._constants")

Chars = frozenset[str]
Item = tuple[Any, Any]

Beginning = tuple[list[Chars], bool]
"""Sets of characters that must come one after the other; and whether that is all there is to match."""

NOTHING: Chars = frozenset()
_SAMPLE = "".join(map(chr, range(128))) + "éßж中٣“”\u00a0\u2028\u3000"
_CATEGORIES = {
    code.CATEGORY_DIGIT: r"\d",
    code.CATEGORY_NOT_DIGIT: r"\D",
    code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S",
    code.CATEGORY_WORD: r"\w",
    code.CATEGORY_NOT_WORD: r"\W",
}

REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
LOOKS = (code.ASSERT, code.ASSERT_NOT)
REFERENCES = (code.GROUPREF, code.GROUPREF_EXISTS)


class Pieces:
    """The syntax tree of one pattern, with sets of sample characters in place of its leaves."""

    def __init__(self, pattern: str) -> None:
        parsed = parser.parse(pattern, re.IGNORECASE)
        self.items: Sequence[Item] = parsed.data
        self.many_lines = bool(parsed.state.flags & re.MULTILINE) or any(
            op is code.SUBPATTERN and value[1] & re.MULTILINE for op, value in everything_in(self.items)
        )
        self.alphabet = frozenset((_SAMPLE + "".join(_named(self.items))).lower())
        self._classes: dict[int, Chars] = {}
        self.refers_back = any(op in REFERENCES for op, _ in everything_in(self.items))

    @cached_property
    def word(self) -> Chars:
        """The characters of words."""
        return self._category(r"\w")

    def _category(self, category: str) -> Chars:
        return frozenset(char for char in self.alphabet if _is(category, char))

    # --- sets ---

    def leaf(self, op: Any, value: Any) -> Chars:
        """The characters that a single-character item matches; nothing for anything else."""
        match op:
            case code.LITERAL:
                return _letter(value)
            case code.NOT_LITERAL:
                return self.alphabet - {chr(value).lower()}
            case code.ANY:
                return self.alphabet
            case code.IN:
                if id(value) not in self._classes:
                    self._classes[id(value)] = self._class(value)
                return self._classes[id(value)]
        return NOTHING

    def _class(self, parts: Sequence[Item]) -> Chars:
        found: set[str] = set()
        for op, value in parts:
            if op is code.RANGE:
                low, high = value
                found.update(c for c in self.alphabet if low <= ord(c) <= high or low <= ord(c.upper()[0]) <= high)
            elif op is code.CATEGORY:
                found |= self._category(_CATEGORIES[value])
            elif op is not code.NEGATE:
                found |= self.leaf(op, value)
        return self.alphabet - found if parts[0][0] is code.NEGATE else frozenset(found)

    def chars(self, items: Iterable[Item]) -> Chars:
        """All characters that the items can consume."""
        return NOTHING.union(*(self.leaf(*item) for item in everything_in(items, look=False)))

    def first(self, items: Sequence[Item], after: Chars) -> Chars:
        """The characters with which the items, or what comes after them when they are empty, can begin."""
        found: Chars = NOTHING
        for op, value in items:
            inner = inner_of(op, value)
            if op not in LOOKS:
                found = found.union(self.leaf(op, value), *(self.first(one, NOTHING) for one in inner))
            if not may_be_empty(op, value):
                return found
        return found | after

    def follows(self, item: Item, rest: Sequence[Item], after: Chars) -> Chars:
        """What can come after an item, given the tests (boundaries, looks) that stand between it and the rest."""
        found, allowed, ends_in = NOTHING, self.alphabet, self.chars([item])
        for op, value in rest:
            if is_test(op):
                passed = self._passes(op, value, ends_in)
                if passed is None:
                    return found | allowed  # nobody knows at which ends the test fails, so the item is tried at each
                allowed &= passed
                continue
            found |= self.first([(op, value)], NOTHING) & allowed
            if not may_be_empty(op, value):
                return found
            if any(is_test(inner) for inner, _ in everything_in([(op, value)])):
                return found | allowed
            ends_in |= self.chars([(op, value)])
        return found | (after & allowed)

    def _passes(self, op: Any, value: Any, ends_in: Chars) -> Chars | None:
        """The next characters with which a test succeeds, if they alone decide."""
        if op is code.AT:
            if value is code.AT_BOUNDARY and ends_in <= self.word:
                return self.alphabet - self.word
            if value is code.AT_BOUNDARY and ends_in.isdisjoint(self.word):
                return self.word
            return {code.AT_END: frozenset("\n"), code.AT_END_STRING: NOTHING}.get(value)
        direction, inner = value
        tested = self.leaf(*inner[0]) if len(inner) == 1 else NOTHING
        if not tested:
            return None
        if direction == 1:
            return tested if op is code.ASSERT else self.alphabet - tested
        always = ends_in <= tested if op is code.ASSERT else ends_in.isdisjoint(tested)
        return self.alphabet if always else None

    def period(self, items: Sequence[Item]) -> int:
        """The smallest distance at which the fixed beginning of the items can occur twice in a text."""
        beginnings = {tuple(sets) for sets, _ in self.beginnings(items)}
        shortest = min(map(len, beginnings))
        firsts = NOTHING.union(*(sets[0] for sets in beginnings if sets))
        for shift in range(1, shortest):
            for one in beginnings:
                if not one[shift].isdisjoint(firsts) and any(alike(one, other, shift) for other in beginnings):
                    return shift
        return max(shortest, 1)

    def beginnings(self, items: Sequence[Item]) -> list[Beginning]:
        """What must come first, one set of characters after the other: one list for each alternative."""
        found: list[Beginning] = [([], True)]
        for op, value in items:
            options = self._options(op, value)
            if not any(whole for _, whole in found) or len(found) * len(options) > 60:
                return [(sets, False) for sets, _ in found]
            found = [
                (sets + more if whole else sets, whole and go_on) for sets, whole in found for more, go_on in options
            ]
        return found

    def _options(self, op: Any, value: Any) -> list[Beginning]:
        if op is code.AT or op in LOOKS:
            return [([], True)]
        if self.leaf(op, value):
            return [([self.leaf(op, value)], True)]
        inner = inner_of(op, value)
        if op in REPEATS and (value[0], value[1]) == (0, 1):
            return [([], True), *self.beginnings(inner[0])]
        if op in REPEATS:
            times = min(int(value[0]), 8)
            turns = self.beginnings(inner[0]) if times else []
            if len(turns) != 1 or not turns[0][1]:
                return turns if len(turns) == 1 else [([], False)]
            return [(turns[0][0] * times, value[1] == times)]
        return [beginning for one in inner for beginning in self.beginnings(one)]


def _named(items: Iterable[Item]) -> Iterable[str]:
    """All characters that the pattern itself names."""
    for op, value in everything_in(items):
        for part, named in value if op is code.IN else [(op, value)]:
            if part in (code.LITERAL, code.NOT_LITERAL):
                yield chr(named)
            elif part is code.RANGE:
                yield from map(chr, named)


@cache
def _letter(number: int) -> Chars:
    return frozenset(chr(number).lower())


@cache
def _is(category: str, char: str) -> bool:
    return re.match(category, char) is not None


def inner_of(op: Any, value: Any) -> list[Sequence[Item]]:
    """The sequences inside an item."""
    if op in REPEATS:
        return [value[2]]
    if op is code.SUBPATTERN:
        return [value[3]]
    if op is code.BRANCH:
        return list(value[1])
    if op in LOOKS:
        return [value[1]]
    return [value] if op is code.ATOMIC_GROUP else []


def is_test(op: Any) -> bool:
    """Tell whether an item looks without consuming anything."""
    return op is code.AT or op in LOOKS


def everything_in(items: Iterable[Item], *, look: bool = True) -> Iterable[Item]:
    """Every item and all that is inside it; without `look`, not what is only looked at."""
    for op, value in items:
        yield op, value
        for one in inner_of(op, value) if look or op not in LOOKS else ():
            yield from everything_in(one, look=look)


def may_be_empty(op: Any, value: Any) -> bool:
    """Tell whether an item can match without consuming anything."""
    if op in (code.AT, *LOOKS):
        return True
    if op in REPEATS and value[0] == 0:
        return True
    inner = inner_of(op, value)
    return bool(inner) and any(all(may_be_empty(*item) for item in one) for one in inner)


def alike(one: Sequence[Chars], other: Sequence[Chars], shift: int = 0) -> bool:
    """Tell whether `other` can begin this many characters after the start of `one`."""
    return all(not left.isdisjoint(right) for left, right in zip(one[shift:], other, strict=False))


def any_alike(some: Sequence[Sequence[Chars]], others: Sequence[Sequence[Chars]]) -> bool:
    """Tell whether one text can begin in a way of each list."""
    return any(alike(one, other) for one in some for other in others)
