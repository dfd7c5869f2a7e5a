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

from collections.abc import Sequence
from math import ceil
from typing import Any, NamedTuple

from bot.kb.lint.pieces import (
    LOOKS,
    NOTHING,
    REPEATS,
    Chars,
    Item,
    Pieces,
    any_alike,
    code,
    inner_of,
    may_be_empty,
)

BUDGET = 7000
"""How many steps for each character of a text are few enough.

The price is an upper bound: what ships comes to at most this, and takes 0.13 s for the worst 32 KiB that were made of
its own pieces. A pattern that really takes as many steps as it may would need some seconds, never minutes.
"""
BUDGET_ONCE = 20_000_000
"""How many steps are quick enough when they are taken only once."""

LIMIT = 1e30
"""Where counting stops."""
WALK = 50
"""What an open-ended repeat counts as when it is gone through once."""


def danger(pattern: str) -> str | None:
    """Say why this pattern, which compiles, is dangerous; None if it is not."""
    tree = _Pricing(pattern)
    if tree.refers_back:
        return "refers back to a group, which nobody can price"
    if tree.walks_again(tree.items, []):
        return "has an open-ended repeat that every starting point walks through again"
    needed, tail = _split(tree.items)
    steps = tree.price(needed, NOTHING).steps / tree.period(needed)
    if steps > BUDGET:
        return f"can take {_round(steps)} steps for each character of a hostile text"
    steps = sum(tree.price([item], NOTHING).steps for item in tail)  # none of them can fail, so none is tried again
    return f"has an optional end that can take {_round(steps)} steps" if steps > BUDGET_ONCE else None


def _split(items: Sequence[Item]) -> tuple[Sequence[Item], Sequence[Item]]:
    """Cut off the optional end: there the match is found already, and the search never starts again."""
    cut = len(items)
    while cut and items[cut - 1][0] in REPEATS and items[cut - 1][1][0] == 0:
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


class _Pricing(Pieces):
    """The same tree, priced."""

    # --- how many steps from one starting point ---

    def price(self, items: Sequence[Item], after: Chars) -> Price:
        """Price the items from one starting point, knowing what can follow them."""
        steps, ways = 1.0, 1.0
        for number in reversed(range(len(items))):
            op, value = items[number]
            if not inner_of(op, value):
                continue  # it is tried once, and costs nothing beside what follows
            rest = items[number + 1 :]
            follows = self.follows((op, value), rest, after)
            own = self._price_of(op, value, follows)
            if op in REPEATS:
                own = own._replace(steps=own.steps + self._walk(value, rest))
            # The rest begins at each end of this item, but gets past its fixed beginning only now and then.
            begun = ceil(own.ways / self.period(rest)) if rest and own.ways > 1 else own.ways
            steps, ways = min(own.steps + begun * steps, LIMIT), min(begun * ways, LIMIT)
        return Price(steps, ways)

    def _price_of(self, op: Any, value: Any, after: Chars) -> Price:
        inner = inner_of(op, value)
        if op in LOOKS or op in (code.ATOMIC_GROUP, code.POSSESSIVE_REPEAT):
            return Price(self.price(inner[0], NOTHING).steps, 1.0)  # what they matched is never tried again
        if op is code.BRANCH:
            return self._price_of_branches(inner, after)
        if op in REPEATS:
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

    def _walk(self, value: Any, rest: Sequence[Item]) -> float:
        """What it costs to go through a repeat once and to look at each of its ends.

        Python is quick with single characters before a letter. How often an open-ended repeat is gone through is
        another question (`walks_again`).
        """
        turns = min(int(value[1]), WALK if value[1] is code.MAXREPEAT else 1000)
        if len(value[2]) == 1 and self.leaf(*value[2][0]):
            return turns / 2 if rest and rest[0][0] is code.LITERAL else turns
        return turns * self.price(value[2], NOTHING).steps

    def _price_of_branches(self, branches: Sequence[Sequence[Item]], after: Chars) -> Price:
        """Only branches that begin alike can be tried at the same place."""
        prices = [self.price(branch, after) for branch in branches]
        starts = [[sets for sets, _ in self.beginnings(branch)] for branch in branches]
        together = [
            [price for price, other in zip(prices, starts, strict=True) if any_alike(start, other)] for start in starts
        ]
        return Price(
            max(sum(p.steps for p in some) for some in together), max(sum(p.ways for p in some) for some in together)
        )

    # --- how many starting points for one stretch ---

    def walks_again(self, items: Sequence[Item], passed: list[Chars]) -> bool:
        """Tell whether an open-ended repeat can contain all that must come before it, and thus its own start.

        `passed` collects the character sets that every match must pass; a set disjoint from what is repeated fixes
        where the repeat begins.
        """
        for op, value in items:
            inner = inner_of(op, value)
            if op in REPEATS and value[1] is code.MAXREPEAT:
                repeated = self.chars(value[2])
                if not any(repeated.isdisjoint(one) for one in passed):
                    return True
            needed = not may_be_empty(op, value)
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
            if value is code.AT_BEGINNING and self.many_lines:
                return [frozenset("\n")]
            if value in (code.AT_BEGINNING, code.AT_BEGINNING_STRING):
                return [NOTHING]  # disjoint from everything: there is one starting point
            return [self.alphabet - self.word] if value is code.AT_BOUNDARY else []
        if op is code.ASSERT_NOT and value[0] == -1 and len(value[1]) == 1 and self.leaf(*value[1][0]):
            return [self.alphabet - self.chars(value[1])]
        if op is code.BRANCH and needed:
            return [self.first([(op, value)], NOTHING)]
        return [self.leaf(op, value)] if self.leaf(op, value) else []
