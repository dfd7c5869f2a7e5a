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
    """Return the shape of a JSON value: its keys in order, and the kinds of its values."""
    match value:
        case dict():
            return {key: tree(inner) for key, inner in value.items()}
        case list():
            return [tree(value[0])] if value else []
        case None:
            return "null"
        case _:
            return type(value).__name__


def assert_golden(name: str, value: Any) -> None:
    """Compare the shape of a value with the kept one."""
    kept = json.loads((GOLDEN / f"{name}.json").read_text())
    assert json.dumps(tree(value)) == json.dumps(kept), (
        f"the shape of {name} changed; if that is meant, change the file"
    )
