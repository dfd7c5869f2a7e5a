"""Does `make run` start what the settings ask for, wherever they are?"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from e2e.bot_process import STARTS_WITHIN_S
from standin.server import TOKEN, Standin

ROOT = Path(__file__).parents[2]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Return a folder that looks to make like a checkout that is set up, with the programs of this installation."""
    for name in ("Makefile", "requirements.txt", "build-requirements.in", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    for name in (".made", ".ready"):
        (tmp_path / ".venv" / name).touch()
    return tmp_path


@pytest.fixture
async def stand() -> AsyncIterator[Standin]:
    """Return Discord's side."""
    async with Standin() as standing:
        yield standing


def make_run(checkout: Path, stdin: int) -> subprocess.Popen[str]:
    """Say `make run` in a shell in which no setting is set."""
    env = {"HOME": str(checkout), "XDG_DATA_HOME": str(checkout), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    return subprocess.Popen(
        ["make", "run"], cwd=checkout, env=env, text=True, start_new_session=True,
        stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


async def test_token_in_the_env_file_starts_the_discord_bot(checkout: Path, stand: Standin) -> None:
    """A copy of env.example with a token in it is all that the bot needs."""
    settings = {
        "DISCORD_TOKEN": TOKEN, "DISCORD_API": stand.api_url, "DISCORD_GATEWAY": stand.gateway_url,
        "DATABASE_URL": "memory:",
    }  # fmt: skip
    (checkout / ".env").write_text("".join(f"FIVEOHTWO_{name}={value}\n" for name, value in settings.items()))
    process = make_run(checkout, subprocess.DEVNULL)
    try:
        await stand.record.until(lambda: bool(stand.record.received("IDENTIFY")), "online", STARTS_WITHIN_S)
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate(timeout=STARTS_WITHIN_S)


def test_without_a_token_the_terminal_begins(checkout: Path) -> None:
    """A blank token, as in env.example, is none: what is piped in is answered."""
    (checkout / ".env").write_text("FIVEOHTWO_DISCORD_TOKEN=\n")
    said, complaint = make_run(checkout, subprocess.PIPE).communicate("502 Bad Gateway nginx/1.24.0\n", STARTS_WITHIN_S)
    assert "Are you visiting the site" in said
    assert complaint == ""
