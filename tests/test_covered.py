"""Is every collected wording known, or left out for a reason?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase

COVERED = tomllib.loads(Path(__file__).with_name("covered.toml").read_text(encoding="utf-8"))
COUNT = 207
CODES = 35


def test_all_are_counted() -> None:
    """None of the wordings and codes was forgotten."""
    assert len({**COVERED["wordings"], **COVERED["left_out"]}) == COUNT
    assert len(set(COVERED["windows_update"]["codes"])) == CODES


def test_each_wording_has_an_error(kb: KnowledgeBase) -> None:
    """Each leads to an error that there is."""
    assert set(COVERED["wordings"].values()) <= kb.errors.keys()


def test_what_is_left_out_has_a_reason() -> None:
    """Nothing is left out silently."""
    assert all(COVERED["left_out"].values())


@pytest.mark.parametrize("code", COVERED["windows_update"]["codes"])
def test_windows_update_code_is_known_in_all_spellings(kb: KnowledgeBase, code: str) -> None:
    """Hexadecimal with and without 0x, and both decimal forms, name the code's own entry."""
    number = int(code, 16)
    for written in (code, code.removeprefix("0x").lower(), str(number), str(number - 2**32)):
        match = identify(kb, f"Windows Update stops with {written}").match
        assert match is not None
        assert match.error == f"windows-update-{code.lower()}", written
