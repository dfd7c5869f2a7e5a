"""Does the command line as a whole keep its promises: help for everything, clear errors, right exit codes?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import command, create_bot
from cli_shared import Run

COMMANDS = [(name,) for name in command.commands if name != "kb"] + [("kb", name) for name in ("lint", "list", "show")]


@pytest.mark.parametrize("names", COMMANDS, ids=" ".join)
def test_every_command_has_useful_help(run: Run, names: tuple[str, ...]) -> None:
    """--help says what a command does and explains each of its options."""
    done = run(*names, "--help")
    assert done.exit_code == 0
    assert "Usage: fiveohtwo" in done.stdout
    options = [line for line in done.stdout.splitlines() if line.strip().startswith("--")]
    assert all(len(line.split("  ")[-1].strip()) > 5 for line in options)


def test_unknown_command_is_a_clear_error(run: Run) -> None:
    """A misspelt command ends with 2 and says where help is."""
    done = run("chekc")
    assert done.exit_code == 2
    assert "No such command" in done.stderr


def test_identify_needs_no_network_library() -> None:
    """Identifying from a cold shell loads neither discord, httpx, SQLAlchemy, dnspython nor ssl."""
    code = (
        "import sys; from bot.cli import command; command(['identify', '502 Bad Gateway'], standalone_mode=False);"
        "print([name for name in ('discord', 'httpx', 'httpcore', 'sqlalchemy', 'dns', 'ssl', 'asyncio', 'rich') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_bot_can_be_built_without_being_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """create_bot needs no token, no loop and no network."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert create_bot().is_closed() is False
