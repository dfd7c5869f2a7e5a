"""What is the author of a file told about a mistake? From parser and schema errors to faults."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args

import tomli
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.kb.faults import Fault

_ADVICE = {
    "missing": ("is missing", "Add a line `{name} = ...`"),
    "string_type": ("is not a text", 'Put it in quotes: "..."'),
    "int_type": ("is not a whole number", "Write the number without quotes"),
    "int_parsing": ("is not a whole number", "Write the number without quotes"),
    "int_from_float": ("is not a whole number", "Write it without a decimal point"),
    "tuple_type": ("is not a list", "Put it in square brackets: [...]"),
    "dict_type": ("is not a table", "Write it as a [table] of `key = value` lines"),
    "model_type": ("is not a table", "Write it as a [table] of `key = value` lines"),
    "string_too_short": ("is empty", "Write it, or remove the line"),
    "string_too_long": ("is longer than {max_length} characters", "Shorten it"),
    "too_short": ("is empty", "Write at least one"),
    "literal_error": ("has a value that is not known here", "Write one of {expected}"),
    "enum": ("has a value that is not known here", "Write one of {expected}"),
    "greater_than_equal": ("is too small", "Write {ge} or more"),
    "less_than_equal": ("is too large", "Write {le} or less"),
}
"""Kind of a schema error -> problem and remedy, filled in with the schema's own limits."""


def syntax_fault(file: str, error: tomli.TOMLDecodeError) -> Fault:
    """Turn a TOML syntax error into a fault that points at the line."""
    said, _, where = str(error).partition(" (at ")
    place = where.removesuffix(")")
    return Fault(file, place, f"not valid TOML: {said}", "Correct this line; texts need quotes, lists brackets")


def limit_fault(file: str, error: Exception) -> Fault:
    """Turn what no parser takes, though its form may be right, into a fault."""
    if isinstance(error, RecursionError):
        return Fault(file, "", "is nested too deeply to be read", "Take out brackets, or parts of a key with dots")
    return Fault(file, "", "holds a number that is too long to be read", "Shorten it, or put it in quotes")


def schema_faults(file: str, model: type[BaseModel], document: object, error: ValidationError) -> Iterator[Fault]:
    """Turn every schema error of one file into a fault."""
    details = error.errors(include_url=False, include_context=True, include_input=False)
    for detail in details:
        if detail["type"] == "too_short" and any(_lies_in(other["loc"], detail["loc"]) for other in details):
            continue  # the list is not empty, its entries are wrong
        problem, remedy = _explain(model, detail)
        yield Fault(file, place_of(detail["loc"], document), problem, remedy)


def place_of(location: Sequence[int | str], document: object) -> str:
    """Write a path for people: list entries by their `id` where they have one, else by their number from 1."""
    place, here = "", document
    for key in location:
        child = _child(here, key)
        if isinstance(key, str):
            place += f".{key}" if place else key
        elif isinstance(child, Mapping) and isinstance(child.get("id"), str):
            place += f".{child['id']}"
        else:
            place += f" #{key + 1}"
        here = child
    return place


def _lies_in(place: Sequence[int | str], outer: Sequence[int | str]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer


def _child(parent: object, key: int | str) -> object:
    if isinstance(parent, Mapping):
        return parent.get(key)
    if isinstance(parent, list) and isinstance(key, int) and key < len(parent):
        return parent[key]
    return None


def _explain(model: type[BaseModel], detail: ErrorDetails) -> tuple[str, str]:
    kind, name = detail["type"], str(detail["loc"][-1])
    context: Mapping[str, Any] = detail.get("ctx", {})
    if kind in _ADVICE:
        problem, remedy = _ADVICE[kind]
        return problem.format(name=name, **context), remedy.format(name=name, **context)
    if kind == "extra_forbidden":
        near = get_close_matches(name, sorted(_field_names(model)), n=1)
        return "is not a known key", f"Did you mean `{near[0]}`" if near else "Remove it"
    if kind == "string_pattern_mismatch":
        return "has the wrong form", _form(str(context["pattern"]))
    return detail["msg"].rstrip("."), "See knowledge/README.md"


def _form(pattern: str) -> str:
    if pattern.startswith("^[a-z0-9]+"):
        return "Use lower-case letters and digits, with single `-` or `.` between them"
    return 'Use a language tag such as "de" or "pt-BR"'


def _field_names(model: type[BaseModel]) -> set[str]:
    """Every key that some table of this file may have."""
    names, waiting, seen = set[str](), [model], set[type[BaseModel]]()
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        names.update(current.model_fields)
        for field in current.model_fields.values():
            waiting.extend(_models_in(field.annotation))
    return names


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)
