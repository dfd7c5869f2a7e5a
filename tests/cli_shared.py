"""Which names do the tests of commands share with their fixtures?"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

GOLDEN = Path(__file__).parent / "cli" / "golden"
Run = Callable[..., Result]


def tree(value: Any) -> Any:
    """Return the shape of a JSON value: its keys in order and the kinds of its values; of a list each shape once."""
    match value:
        case dict():
            return {key: tree(inner) for key, inner in value.items()}
        case list():
            shapes = {json.dumps(tree(inner)): tree(inner) for inner in value}
            return list(shapes.values())
        case None:
            return "null"
        case _:
            return type(value).__name__


def assert_golden(name: str, value: Any) -> None:
    """Compare the shape of a value with the kept one. Scripts of other people rely on these shapes."""
    kept = (GOLDEN / f"{name}.json").read_text()
    shape = json.dumps(tree(value), indent=1) + "\n"
    assert shape == kept, f"the shape of {name} changed; if that is meant, change tests/cli/golden/{name}.json"


def found(done: Result) -> dict[str, dict[str, Any]]:
    """Return what `doctor` examined, by name."""
    return {item["name"]: item for item in json.loads(done.stdout)}
