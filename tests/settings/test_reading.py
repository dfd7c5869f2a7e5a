"""Are settings read only when there are any, and is everything that is wrong with them said at once?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import PREFIX, SettingsError, anything_set, load_settings


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


def test_all_faults_are_listed_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody has to find one mistake after the other."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(PREFIX + "ALOW_PORTS", "80")
    monkeypatch.setenv(PREFIX + "XYZZY_QUUX", "1")
    monkeypatch.setenv(PREFIX + "LOG_LEVEL", "loud")
    with pytest.raises(SettingsError) as refused:
        load_settings()
    text = str(refused.value)
    assert "Did you mean FIVEOHTWO_ALLOW_PORTS?" in text
    assert "FIVEOHTWO_XYZZY_QUUX: there is no such setting. See deploy/env.example" in text
    assert "FIVEOHTWO_LOG_LEVEL" in text


def test_misspelt_setting_in_the_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody reads is found in the env file, too; what belongs to other programs may be there."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("OTHER=1\nFIVEOHTWO_LANGAUGE=de\n")
    with pytest.raises(SettingsError, match=r"^FIVEOHTWO_LANGAUGE: .* Did you mean FIVEOHTWO_LANGUAGE\?$"):
        load_settings()


def test_file_that_is_no_text_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A binary env file is a sentence, not a traceback."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_bytes(b"FIVEOHTWO_LANGUAGE=\xff\n")
    with pytest.raises(SettingsError, match=r"the file \.env cannot be read"):
        load_settings()
