"""Do published wordings lead to an entry that recognises them, and each code of Windows Update in all its spellings?"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase

COVERED = tomllib.loads(Path(__file__).with_name("covered.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("wording", "error"), COVERED["wordings"].items(), ids=str)
def test_entry_of_a_wording_recognises_it(kb: KnowledgeBase, wording: str, error: str) -> None:
    """The entry that covers a wording is there, and every text that it gives as an example comes out as this entry."""
    for example in kb.errors[error].examples:
        match = identify(kb, example.text).match
        assert match is not None
        assert match.error == error, wording


@pytest.mark.parametrize("code", COVERED["windows_update"]["codes"])
def test_windows_update_code_is_known_in_all_spellings(kb: KnowledgeBase, code: str) -> None:
    """Hexadecimal with and without 0x, and both decimal forms, name the code's own entry."""
    number = int(code, 16)
    for written in (code, code.removeprefix("0x").lower(), str(number), str(number - 2**32)):
        match = identify(kb, f"Windows Update stops with {written}").match
        assert match is not None
        assert match.error == f"windows-update-{code.lower()}", written
