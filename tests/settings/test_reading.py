"""Is the environment read only when there is something in it?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import PREFIX, anything_set


def test_nothing_set_is_nothing_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a setting and without an env file there is nothing to read."""
    monkeypatch.chdir(tmp_path)
    assert not anything_set()


@pytest.mark.parametrize("name", [PREFIX + "LANGUAGE", PREFIX.lower() + "typo"])
def test_any_setting_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Every variable with the prefix counts, a misspelt one above all."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(name, "en")
    assert anything_set()


def test_env_file_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """So does an env file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").touch()
    assert anything_set()
