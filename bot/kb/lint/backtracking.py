"""Can a hostile text make this pattern slow?

Python tries every way to match before it gives up. This prices a pattern by the steps that the worst text makes it
take, for each of the text's characters; and it refuses open-ended repeats that many starting points would walk
through again and again. It reads the pattern's syntax tree and errs on the safe side: a refused pattern may be
harmless, an accepted one does no harm. The way out is always the same, an upper bound: `.{0,80}` for `.*`.

- A repeat costs nothing when its end is plain: what may follow cannot begin with a character that it repeats.
- Otherwise what follows is tried at each end; but its fixed beginning ("error code") fits only every so many
  characters, and only there does the rest count. The same holds for the pattern's own beginning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from importlib import import_module
from math import ceil
from typing import Any, NamedTuple

parser: Any = import_module("re._parser")  # the standard library's own, private and stable since Python 3.11
code: Any = import_module("re._constants")

BUDGET = 3000
"""How many steps for each character of a text are quick enough: about 0.2 s for the longest text, 64 KiB."""
BUDGET_ONCE = 10_000_000
"""How many steps are quick enough when they are taken but once."""

Chars = frozenset[str]
Item = tuple[Any, Any]

Beginning = tuple[list[Chars], bool]
"""Sets of characters that must come one after the other; and whether that is all there is to match."""

NOTHING: Chars = frozenset()
LIMIT = 1e30
_SAMPLE = "".join(map(chr, range(128))) + "éßж中٣“”\u00a0\u2028\u3000"
_CATEGORIES = {
    code.CATEGORY_DIGIT: r"\d",
    code.CATEGORY_NOT_DIGIT: r"\D",
    code.CATEGORY_SPACE: r"\s",
    code.CATEGORY_NOT_SPACE: r"\S",
    code.CATEGORY_WORD: r"\w",
    code.CATEGORY_NOT_WORD: r"\W",
}
_REPEATS = (code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT)
_LOOKS = (code.ASSERT, code.ASSERT_NOT)
_REFERENCES = (code.GROUPREF, code.GROUPREF_EXISTS)


def danger(pattern: str) -> str | None:
    """Say why this pattern, which compiles, is dangerous; None if it is not."""
    tree = _Tree(pattern)
    if tree.refers_back:
        return "refers back to a group, which nobody can price"
    if tree.walks_again(tree.items, []):
        return "has an open-ended repeat that every starting point walks through again"
    needed, tail = _split(tree.items)
    steps = tree.price(needed, NOTHING).steps / tree.period(needed)
    if steps > BUDGET:
        return f"can take {_round(steps)} steps for each character of a hostile text"
    steps = tree.price(tail, NOTHING).steps
    return f"has an optional end that can take {_round(steps)} steps" if steps > BUDGET_ONCE else None


def _split(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """Cut off the optional end: there the match is found already, and the search never starts again."""
    cut = len(items)
    while cut and _may_be_empty(*items[cut - 1]) and items[cut - 1][0] in (*_REPEATS, code.SUBPATTERN):
        cut -= 1
    return items[:cut], items[cut:]


def _round(steps: float) -> str:
    return f"{steps:,.0f}" if steps < 10_000_000 else "millions of"


class Price(NamedTuple):
    """What a part costs on the worst text."""

    steps: float
    """How many steps it takes to try everything."""
    ways: float
    """How often it comes to its end, so that the rest must be tried."""


class _Tree:
    """The syntax tree of one pattern, with sets of sample characters (letter case folded) in place of its leaves."""

    def __init__(self, pattern: str) -> None:
        self.items: Sequence[Item] = parser.parse(pattern, re.IGNORECASE).data
        self.alphabet = frozenset((_SAMPLE + pattern).lower())
        self._classes: dict[int, Chars] = {}
        self.refers_back = any(op in _REFERENCES for op, _ in _everything(self.items))

    @cached_property
    def word(self) -> Chars:
        return self._category(r"\w")

    def _category(self, category: str) -> Chars:
        return frozenset(char for char in self.alphabet if _is(category, char))

    # --- sets ---

    def leaf(self, op: Any, value: Any) -> Chars:
        """The characters that a single-character item matches; nothing for anything else."""
        match op:
            case code.LITERAL:
                return frozenset(chr(value).lower())
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
        return NOTHING.union(*(self.leaf(*item) for item in _everything(items, look=False)))

    def first(self, items: Sequence[Item], after: Chars) -> Chars:
        """The characters with which the items, or what comes after them when they are empty, can begin."""
        found: Chars = NOTHING
        for op, value in items:
            inner = _inner(op, value)
            if op not in _LOOKS:
                found = found.union(self.leaf(op, value), *(self.first(one, NOTHING) for one in inner))
            if not _may_be_empty(op, value):
                return found
        return found | after

    # --- how many steps from one starting point ---

    def price(self, items: Sequence[Item], after: Chars) -> Price:
        """Price the items from one starting point, knowing what can follow them."""
        steps, ways = 1.0, 1.0
        for number in reversed(range(len(items))):
            op, value = items[number]
            rest = items[number + 1 :]
            own = self._price_of(op, value, self._follows((op, value), rest, after))
            # The rest begins at each end of this item, but gets past its fixed beginning only now and then.
            begun = ceil(own.ways / self.period(rest)) if rest and own.ways > 1 else own.ways
            steps, ways = min(own.steps + begun * steps, LIMIT), min(begun * ways, LIMIT)
        return Price(steps, ways)

    def _follows(self, item: Item, rest: Sequence[Item], after: Chars) -> Chars:
        """What can come after an item; a word boundary forbids that a word goes on."""
        follows = self.first(rest, after)
        if rest and rest[0] == (code.AT, code.AT_BOUNDARY) and self.chars([item]) <= self.word:
            return follows - self.word
        return follows

    def _price_of(self, op: Any, value: Any, after: Chars) -> Price:
        inner = _inner(op, value)
        if not inner:
            return Price(0.0, 1.0)
        if op in _LOOKS or op in (code.ATOMIC_GROUP, code.POSSESSIVE_REPEAT):
            return Price(self.price(inner[0], NOTHING).steps, 1.0)  # what they matched is never tried again
        if op is code.BRANCH:
            return self._price_of_branches(inner, after)
        if op in _REPEATS:
            return self._price_of_repeat(value, after)
        return self.price(inner[0], after)

    def _price_of_repeat(self, value: Any, after: Chars) -> Price:
        """Price a repeat: its inside as often as it goes, and its last turn, which ends where the rest begins."""
        low, high, body = int(value[0]), int(value[1]), value[2]
        again = self.first(body, NOTHING)
        turn, last = self.price(body, again), self.price(body, after)
        inside = min(turn.ways, 1e6) ** min(high - 1, 40) if high > 1 else 1.0
        ends = 1 if again.isdisjoint(after) else high - low + 1
        return Price(min(inside * ends * last.steps, LIMIT), min(inside * ends * last.ways, LIMIT))

    def _price_of_branches(self, branches: Sequence[Sequence[Item]], after: Chars) -> Price:
        """Only branches that begin alike can be tried at the same place."""
        prices = [self.price(branch, after) for branch in branches]
        starts = [[sets for sets, _ in self._beginnings(branch)] for branch in branches]
        together = [
            [price for price, other in zip(prices, starts, strict=True) if _any_alike(start, other)] for start in starts
        ]
        return Price(
            max(sum(p.steps for p in some) for some in together), max(sum(p.ways for p in some) for some in together)
        )

    def period(self, items: Sequence[Item]) -> int:
        """How far apart the fixed beginning of the items can occur in a text, at the closest."""
        beginnings = [sets for sets, _ in self._beginnings(items)]
        return min(_shift(one, other) for one in beginnings for other in beginnings)

    def _beginnings(self, items: Sequence[Item]) -> list[Beginning]:
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
        if op is code.AT or op in _LOOKS:
            return [([], True)]
        if self.leaf(op, value):
            return [([self.leaf(op, value)], True)]
        inner = _inner(op, value)
        if op in _REPEATS:
            times = min(int(value[0]), 8)
            turns = self._beginnings(inner[0]) if times else []
            if len(turns) != 1 or not turns[0][1]:
                return turns if len(turns) == 1 else [([], False)]
            return [(turns[0][0] * times, value[1] == times)]
        return [beginning for one in inner for beginning in self._beginnings(one)]

    # --- how many starting points for one stretch ---

    def walks_again(self, items: Sequence[Item], passed: list[Chars]) -> bool:
        """Tell whether an open-ended repeat can contain all that must come before it, and thus its own start.

        `passed` collects the character sets that every match must pass; a set disjoint from what is repeated fixes
        where the repeat begins.
        """
        for op, value in items:
            inner = _inner(op, value)
            if op in _REPEATS and value[1] is code.MAXREPEAT:
                repeated = self.chars(value[2])
                if not any(repeated.isdisjoint(one) for one in passed):
                    return True
            needed = not _may_be_empty(op, value)
            for one in inner:
                seen = list(passed)
                if self.walks_again(one, seen):
                    return True
                if needed and len(inner) == 1:
                    passed[:] = seen
            passed.extend(self._fence(op, value, needed=needed))
        return False

    def _fence(self, op: Any, value: Any, *, needed: bool) -> list[Chars]:
        """What passing this item proves about where a later repeat can begin."""
        if op is code.AT:
            if value in (code.AT_BEGINNING, code.AT_BEGINNING_STRING):
                return [NOTHING]  # disjoint from everything: there is one starting point
            return [self.alphabet - self.word] if value is code.AT_BOUNDARY else []
        if op is code.ASSERT_NOT and value[0] == -1:
            return [self.alphabet - self.chars(value[1])]
        if op is code.BRANCH and needed:
            return [self.first([(op, value)], NOTHING)]
        return [self.leaf(op, value)] if self.leaf(op, value) else []


@cache
def _is(category: str, char: str) -> bool:
    return re.match(category, char) is not None


def _inner(op: Any, value: Any) -> list[Sequence[Item]]:
    """The sequences inside an item."""
    if op in _REPEATS:
        return [value[2]]
    if op is code.SUBPATTERN:
        return [value[3]]
    if op is code.BRANCH:
        return list(value[1])
    if op in _LOOKS:
        return [value[1]]
    return [value] if op is code.ATOMIC_GROUP else []


def _everything(items: Iterable[Item], *, look: bool = True) -> Iterable[Item]:
    for op, value in items:
        yield op, value
        for one in _inner(op, value) if look or op not in _LOOKS else ():
            yield from _everything(one, look=look)


def _may_be_empty(op: Any, value: Any) -> bool:
    if op in (code.AT, *_LOOKS):
        return True
    if op in _REPEATS and value[0] == 0:
        return True
    inner = _inner(op, value)
    return bool(inner) and any(all(_may_be_empty(*item) for item in one) for one in inner)


def _alike(one: list[Chars], other: list[Chars]) -> bool:
    return all(not left.isdisjoint(right) for left, right in zip(one, other, strict=False))


def _any_alike(some: list[list[Chars]], others: list[list[Chars]]) -> bool:
    return any(_alike(one, other) for one in some for other in others)


def _shift(one: list[Chars], other: list[Chars]) -> int:
    """How many characters after `one` has begun can `other` begin?"""
    return next((shift for shift in range(1, len(one)) if _alike(other, one[shift:])), max(len(one), 1))
