"""What do tests of commands share? A way to run one in this process, far from any network, and a small internet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from anyio.from_thread import start_blocking_portal
from click.testing import CliRunner, Result
from discord.http import Route

from bot.cli import command
from cli_shared import Run
from e2e.stage import Stage
from standin.server import Standin


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs a command as the shell would; names resolve nowhere, nothing but loopback is allowed."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    for name, value in {"RESOLVERS": "127.0.0.1:9", "CANARY": "", "CONFIRM_AFTER_S": "0"}.items():
        monkeypatch.setenv(f"FIVEOHTWO_{name}", value)

    def run_it(*args: str, stdin: str | bytes = "", **settings: str) -> Result:
        for name, value in settings.items():
            monkeypatch.setenv(f"FIVEOHTWO_{name.upper()}", value)
        return CliRunner().invoke(command, args, input=stdin, catch_exceptions=False, prog_name="fiveohtwo")

    return run_it


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Return a name server, a canary and sites on loopback, shared by the tests of one worker."""
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
def run_on(run: Run, stage: Stage) -> Run:
    """Return `run` with the stage for the internet: its names resolve, its canary answers, its ports are allowed."""

    def run_it(*args: str, stdin: str | bytes = "", **settings: str) -> Result:
        internet = {
            "resolvers": stage.name_server,
            "canary": stage.canary,
            "allow_networks": "127.0.0.0/8",
            "allow_ports": ",".join(str(port) for port in stage.ports),
        }
        return run(*args, stdin=stdin, **(internet | settings))

    return run_it


@pytest.fixture
def discord(monkeypatch: pytest.MonkeyPatch) -> Iterator[Standin]:
    """Run the stand-in for Discord in a thread of its own."""
    monkeypatch.setattr(Route, "BASE", Route.BASE)  # no later test of this process meets it
    with start_blocking_portal() as loop, loop.wrap_async_context_manager(Standin()) as standing:
        yield standing
