"""Is the sign of life of a process found where it was left, and taken for what it is?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli.sign import place_of, read
from bot.settings.model import Settings


def test_place_is_the_operators_or_one_for_each_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two kinds of processes do not overwrite each other's signs, nor vouch for each other; a set place is the bot's."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert place_of(Settings(), "run") == tmp_path / "fiveohtwo" / "run.heartbeat"
    assert place_of(Settings(), "watcher") == tmp_path / "fiveohtwo" / "watcher.heartbeat"
    assert place_of(Settings(heartbeat=tmp_path / "y"), "run") == tmp_path / "y"
    assert place_of(Settings(heartbeat=tmp_path / "y"), "watcher") == tmp_path / "y.watcher"


@pytest.mark.parametrize("text", ["", "{", '{"at": 1}', "null"])
def test_file_that_is_no_sign_is_none(tmp_path: Path, text: str) -> None:
    """What is broken, or somebody else's, says nothing."""
    (tmp_path / "x").write_text(text)
    assert read(tmp_path / "x") is None
    assert read(tmp_path / "none") is None


def test_whoever_only_reads_it_loads_little() -> None:
    """A health check comes every few seconds: it loads neither the knowledge nor a library of a bot that works."""
    heavy = ("bot.kb.load", "bot.ports", "discord", "httpx", "sqlalchemy", "rich")
    code = f"import sys, bot.cli.health; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
