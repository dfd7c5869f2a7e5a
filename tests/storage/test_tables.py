"""Does PRIVACY.md list every stored field with its lifetime, and nothing that is not stored?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.storage.lifetimes import DAY_S, HOUR_S, LIFETIMES
from bot.storage.tables import metadata

PRIVACY = Path(__file__).parents[2] / "PRIVACY.md"
SECTION = re.compile(r"^### `(?P<table>\w+)`: (?P<life>.+?)\n(?P<rows>(?:(?!^#).*\n)*)", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<field>\w+)` \| (?P<what>.+) \|$", re.MULTILINE)
SECTIONS = {found["table"]: found for found in SECTION.finditer(PRIVACY.read_text())}


def test_every_table_is_listed() -> None:
    """People can read of every table that there is, and of no other."""
    assert set(SECTIONS) == set(metadata.tables) == set(LIFETIMES)


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_field_is_listed_with_what_stands_in_it(table: str) -> None:
    """Each field is listed with the words beside it in the code."""
    told = {row["field"]: row["what"] for row in ROW.finditer(SECTIONS[table]["rows"])}
    assert told == {column.name: column.doc for column in metadata.tables[table].columns}


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_every_lifetime_is_told(table: str) -> None:
    """The days that people read are those after which rows are deleted."""
    life = LIFETIMES[table]
    assert _told(life) in SECTIONS[table]["life"]


def _told(life: float | None) -> str:
    if life is None:
        return "until"
    return f"{life / DAY_S:.0f} day" if life >= DAY_S else f"{life / HOUR_S:.0f} hour"
