"""Are the conditions of causes well formed, on facts that exist, and can they ever decide?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from difflib import get_close_matches
from typing import get_args

from pydantic import JsonValue

from bot.kb.faults import Fault
from bot.kb.lint.kinds import impossible
from bot.kb.lint.vocabulary import Named, Vocabulary
from bot.kb.model import Cause, Condition, Family, KnowledgeBase

OPERATORS = ("min", "max", "not", "known", "has")
Group = Mapping[str, Condition]


def check(kb: KnowledgeBase, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each condition that cannot be understood, and each group that never decides."""
    possible = dict(vocabulary.values) | {name: _named(kb, what) for name, what in vocabulary.ids.items()}
    vocabulary = replace(vocabulary, values=possible)
    for cause in kb.causes.values():
        for number, group in enumerate(cause.when, start=1):
            for name, condition in group.items():
                yield from _condition(f"causes/{cause.id}.toml", f"when #{number}", name, condition, vocabulary)
    yield from _shadowed(kb)


def _named(kb: KnowledgeBase, what: Named) -> frozenset[str]:
    """All names of one kind that the knowledge holds."""
    match what:
        case "error":
            return frozenset(kb.errors)
        case "product":
            return frozenset(product.id for product in kb.products)
        case "family":
            return frozenset(get_args(Family))
        case "source":
            return frozenset(error.source for error in kb.errors.values())


def _condition(file: str, group: str, name: str, condition: Condition, vocabulary: Vocabulary) -> Iterator[Fault]:
    place = f"{group}.{name}"
    if name not in vocabulary.facts:
        yield Fault(file, place, "there is no such fact", _remedy_for(name, condition, vocabulary))
        return
    wrong = malformed(condition)
    if wrong is not None:
        yield Fault(file, place, *wrong)
        return
    never = list(impossible(condition, vocabulary.kinds.get(name), vocabulary.bounds.get(name)))
    yield from (Fault(file, place, *wrong) for wrong in never)
    possible = vocabulary.values.get(name) if not never else None
    for value in _compared(condition):
        if possible is not None and value not in possible:
            close = get_close_matches(str(value), sorted(possible), n=3, cutoff=0.5) or sorted(possible)[:5]
            remedy = f"Write one of its values, such as {', '.join(close)}"
            yield Fault(file, place, f"this fact is never {json.dumps(value)}", remedy)


def _remedy_for(name: str, condition: Condition, vocabulary: Vocabulary) -> str:
    inner = [f"{name}.{key}" for key in condition] if isinstance(condition, dict) else []
    meant = next((one for one in inner if one in vocabulary.facts), None)
    if meant is not None:
        return f'Put the name in quotes: "{meant}" = ...'
    return "Facts are listed in bot/diagnosis/facts.py"


def malformed(condition: Condition) -> tuple[str, str] | None:
    """Return problem and remedy of a condition that cannot be understood."""
    if isinstance(condition, dict):
        return _malformed_table(condition)
    if isinstance(condition, list) and not (condition and all(map(_is_scalar, condition))):
        return "is not a list of plain values", 'Write at least one text, number or true/false: ["a", "b"]'
    return None


def _malformed_table(table: Mapping[str, JsonValue]) -> tuple[str, str] | None:
    strange = [key for key in table if key not in OPERATORS]
    if strange or not table:
        problem = f'"{strange[0]}" is no comparison' if strange else "compares with nothing"
        return problem, f"Use {', '.join(OPERATORS)}"
    for key, wanted, fits in (
        ("min", "a number", _is_number),
        ("max", "a number", _is_number),
        ("not", "a value or a list of values", _is_value_or_list),
        ("known", "true or false", lambda operand: isinstance(operand, bool)),
        ("has", "one value", _is_scalar),
    ):
        if key in table and not fits(table[key]):
            return f"`{key}` does not hold {wanted}", f"Write {wanted}"
    low, high = table.get("min"), table.get("max")
    if isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        return "`min` is more than `max`, so it never holds", "Swap them"
    if table.get("known") is False and len(table) > 1:
        return "wants a missing fact to have a value, so it never holds", "Keep either `known = false` or the rest"
    return None


def _is_scalar(value: JsonValue) -> bool:
    return isinstance(value, str | int | float)


def _is_number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_value_or_list(value: JsonValue) -> bool:
    return _is_scalar(value) or (isinstance(value, list) and bool(value) and all(map(_is_scalar, value)))


def _compared(condition: Condition) -> list[JsonValue]:
    """The values with which a fact is compared."""
    if isinstance(condition, dict):
        condition = condition.get("not", [])
    return condition if isinstance(condition, list) else [condition]


def _shadowed(kb: KnowledgeBase) -> Iterator[Fault]:
    """Find groups that never decide, because whenever they hold an earlier group holds, too."""
    earlier: list[tuple[Cause, int, Group]] = []
    for cause in sorted(kb.causes.values(), key=lambda cause: (cause.rank, cause.id)):
        for number, group in enumerate(cause.when, start=1):
            for other, of_other, wider in earlier:
                if implies(group, wider):
                    problem = (
                        f"never decides: {other.id} (rank {other.rank}, when #{of_other}) holds whenever this does"
                    )
                    remedy = "Give it a lower rank than that cause, add a condition there, or remove it"
                    yield Fault(f"causes/{cause.id}.toml", f"when #{number}", problem, remedy)
                    break
            earlier.append((cause, number, group))


def implies(narrow: Group, wide: Group) -> bool:
    """Tell whether the first group can only hold where the second one holds, as far as that is obvious."""
    return all(name in narrow and _condition_implies(narrow[name], wanted) for name, wanted in wide.items())


def _condition_implies(narrow: Condition, wide: Condition) -> bool:
    if _key(narrow) == _key(wide):
        return True
    if wide == {"known": True}:
        return not isinstance(narrow, dict) or bool(narrow.keys() & {"min", "max", "has"})
    if isinstance(narrow, dict) or isinstance(wide, dict):
        return False
    return {_key(one) for one in _compared(narrow)} <= {_key(one) for one in _compared(wide)}


def _key(condition: Condition) -> str:
    """Write a condition so that true and 1 differ, and the order of keys does not matter."""
    return json.dumps(condition, sort_keys=True)
