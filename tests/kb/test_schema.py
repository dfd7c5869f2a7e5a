"""Do editors get the schema that the models have now?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from bot.kb.schema import MODELS, schemas, write

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("name", sorted(f"{name}.json" for name in MODELS))
def test_schema_file_is_current(name: str) -> None:
    """`make schema` would change nothing."""
    assert (ROOT / "knowledge" / "schema" / name).read_text(encoding="utf-8") == schemas()[name]


@pytest.mark.parametrize("name", MODELS)
def test_schema_is_valid_and_explains_itself(name: str) -> None:
    """Each schema is one that editors can read, and says what its fields are for."""
    schema = json.loads(schemas()[f"{name}.json"])
    Draft202012Validator.check_schema(schema)
    assert "description" in json.dumps(schema)


def test_schema_of_a_model_that_is_gone_is_removed(tmp_path: Path) -> None:
    """A file that no longer belongs to a model does not linger; writing twice changes nothing."""
    (tmp_path / "old.json").write_text("{}")
    write(tmp_path)
    write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(f"{name}.json" for name in MODELS)
