"""Can a fact of this kind ever be what a condition asks for?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from bot.kb.lint.vocabulary import Kind
from bot.kb.model import Condition

NAMES: dict[Kind, str] = {"number": "a number", "text": "a text", "yes-no": "true or false", "list": "a list"}
EXAMPLES: dict[Kind, str] = {
    "number": "Write a number without quotes, such as 502",
    "text": 'Write a text in quotes, such as "ok"',
    "yes-no": "Write true or false, without quotes",
    "list": 'Write what it must hold: { has = "..." }',
}


def impossible(
    condition: Condition, kind: Kind | None, bounds: tuple[float, float] | None
) -> Iterator[tuple[str, str]]:
    """Yield problem and remedy of each thing that a fact of this kind, and within these bounds, never is."""
    if kind is None:
        return
    table: Mapping[str, JsonValue] = condition if isinstance(condition, dict) else {"not": condition}
    yield from _operators(table, kind)
    unwanted = table.get("not", [])
    for value in unwanted if isinstance(unwanted, list) else [unwanted]:
        if _kind_of(value) != kind:
            yield f"this fact is {NAMES[kind]} and never {json.dumps(value)}", EXAMPLES[kind]
        elif bounds is not None and not _within(value, bounds):
            yield f"this fact is never {json.dumps(value)}", f"Write a number from {bounds[0]} to {bounds[1]}"
    if bounds is not None and kind == "number":
        yield from _beyond(table, bounds)


def _operators(table: Mapping[str, JsonValue], kind: Kind) -> Iterator[tuple[str, str]]:
    for name in ("min", "max"):
        if name in table and kind != "number":
            yield f"this fact is {NAMES[kind]}, and `{name}` compares numbers", EXAMPLES[kind]
    if "has" not in table:
        return
    if kind != "list":
        yield f"this fact is {NAMES[kind]}, and `has` looks into lists", f"{EXAMPLES[kind]}, or a list of them"
    elif not isinstance(table["has"], str):
        yield f"this list holds texts and never {json.dumps(table['has'])}", 'Write a text in quotes: { has = "..." }'


def _beyond(table: Mapping[str, JsonValue], bounds: tuple[float, float]) -> Iterator[tuple[str, str]]:
    """Yield the problem and remedy of a limit that nothing reaches."""
    low, high = table.get("min"), table.get("max")
    remedy = f"Write a number from {bounds[0]} to {bounds[1]}"
    if isinstance(low, int | float) and low > bounds[1]:
        yield f"this fact is never as much as {json.dumps(low)}", remedy
    if isinstance(high, int | float) and high < bounds[0]:
        yield f"this fact is never as little as {json.dumps(high)}", remedy


def _within(value: JsonValue, bounds: tuple[float, float]) -> bool:
    return not isinstance(value, int | float) or bounds[0] <= value <= bounds[1]


def _kind_of(value: JsonValue) -> Kind:
    if isinstance(value, bool):
        return "yes-no"
    return "number" if isinstance(value, int | float) else "text"
