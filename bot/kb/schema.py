"""What do editors need to know? Writes `knowledge/schema/*.json` from the models: `python -m bot.kb.schema`.

Editors with TOML support find them by the first line of a file, `#:schema ../schema/error.json`, and then complete
keys, explain them and mark mistakes as you type.
"""

from __future__ import annotations

import ast
import inspect
import json
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.kb import lists, model

MODELS: dict[str, type[BaseModel]] = {
    "error": model.KnownError,
    "cause": model.Cause,
    "guide": model.Guide,
    "locale": model.Locale,
    "services": lists.Services,
    "products": lists.Products,
    "names": lists.Names,
}
"""Name of the schema file -> the shape that it describes."""


def schemas() -> dict[str, str]:
    """Return the text of every schema file by its name."""
    explained = _explanations(inspect.getsource(model)) | _explanations(inspect.getsource(lists))
    return {f"{name}.json": _schema(shape, explained) for name, shape in MODELS.items()}


def write(folder: Path) -> None:
    """Write the schema files, and remove those that no longer belong to a model."""
    folder.mkdir(exist_ok=True)
    current = schemas()
    for old in folder.glob("*.json"):
        if old.name not in current:
            old.unlink()
    for name, text in current.items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(shape: type[BaseModel], explained: dict[str, dict[str, str]]) -> str:
    schema = shape.model_json_schema()
    for part in (schema, *schema.get("$defs", {}).values()):
        _explain(part, explained.get(part.get("title", ""), {}))
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _explain(part: dict[str, Any], fields: dict[str, str]) -> None:
    for name, text in fields.items():
        if name in part.get("properties", {}):
            part["properties"][name].setdefault("description", text)


def _explanations(source: str) -> dict[str, dict[str, str]]:
    """Read the strings below the fields of each class, which Python itself drops: class -> field -> text."""
    found: dict[str, dict[str, str]] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            fields = found.setdefault(node.name, {})
            for field, after in zip(node.body, node.body[1:], strict=False):
                match field, after:
                    case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                        fields[name] = " ".join(text.split())
    return found


if __name__ == "__main__":
    here = files("knowledge")
    if not isinstance(here, Path):
        sys.exit("The knowledge is not a plain folder here; run this in a checkout.")
    write(here / "schema")
