"""Are the files in deploy/ consistent: units that systemd accepts, health checks that ask what exists?"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import command
from bot.storage.pragmas import prepare

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
OWN = re.compile(r"^(Description|ExecStart|StateDirectory|WorkingDirectory|Environment)=|^EnvironmentFile=-|^#")
"""What differs between the units; all else is the same for both."""


def services() -> dict[str, dict[str, Any]]:
    """Return the services of the compose file."""
    shape: dict[str, dict[str, dict[str, Any]]] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    return shape["services"]


def health_checks() -> dict[str, list[str]]:
    """Return the command of each health check."""
    image = re.search(r"^HEALTHCHECK .*CMD (\[.*\])$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    assert image is not None
    checks = {name: service["healthcheck"]["test"] for name, service in services().items()}
    assert {test[0] for test in checks.values()} == {"CMD"}
    return {"image": json.loads(image[1]), **{name: test[1:] for name, test in checks.items()}}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd-analyze")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_takes_the_unit(unit: Path, tmp_path: Path) -> None:
    """Every line is one that systemd knows (the program itself need not be installed here)."""
    text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", unit.read_text(), flags=re.MULTILINE)
    (tmp_path / unit.name).write_text(text)
    done = subprocess.run(
        ["systemd-analyze", "verify", tmp_path / unit.name], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_units_differ_in_what_they_run_alone() -> None:
    """The watcher is locked in as the bot is, and both are started again when they say nothing any more."""
    alike = [[line for line in unit.read_text().splitlines() if not OWN.match(line)] for unit in UNITS]
    assert len(alike) == 2
    assert alike[0] == alike[1]
    assert {"Type=notify", "WatchdogSec=120", "RestartPreventExitStatus=2"} <= set(alike[0])


def test_watcher_can_be_set_otherwise() -> None:
    """Its unit reads the bot's settings, and then its own, if there are any: a port is one process's."""
    files = re.findall(r"^EnvironmentFile=(.*)$", (DEPLOY / "fiveohtwo-watcher.service").read_text(), re.MULTILINE)
    assert files == ["/etc/fiveohtwo.env", "-/etc/fiveohtwo-watcher.env"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_unit_leaves_its_sign_where_it_may_write(unit: Path) -> None:
    """The data folder lies in the folder that systemd makes for it; all else is read-only."""
    said = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(), re.MULTILINE))
    home = said["Environment"].removeprefix("XDG_DATA_HOME=")
    assert f"{home}/fiveohtwo".startswith(f"/var/lib/{said['StateDirectory']}")


@pytest.mark.parametrize(("name", "asked"), health_checks().items())
def test_health_check_asks_the_process_that_runs(
    name: str, asked: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each container asks for the process that it runs; where there is none, the answer is no."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    process = services().get(name, {}).get("command", ["run"])[0]
    done = CliRunner().invoke(command, asked[1:], prog_name="fiveohtwo")
    assert asked[0] == "fiveohtwo"
    assert done.exit_code == 1
    assert f"/{process}.heartbeat" in done.output


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="there is no sqlite3")
def test_backup_of_a_running_bot_is_whole(tmp_path: Path) -> None:
    """The command of the README copies what a process has just committed; the file alone does not hold it yet."""
    written = re.search(r"^sqlite3 (\S+) \"\.backup '(\S+)'\"$", (DEPLOY / "README.md").read_text(), re.MULTILINE)
    assert written is not None
    path, copy = tmp_path / Path(written[1]).name, tmp_path / Path(written[2]).name
    with closing(sqlite3.connect(path)) as running:
        prepare(running, 1.0)
        running.execute("CREATE TABLE kept (word)")
        running.execute("INSERT INTO kept VALUES ('newest')")
        running.commit()
        subprocess.run(["sqlite3", path, f".backup '{copy}'"], check=True)
        shutil.copy(path, tmp_path / "bare")
    with closing(sqlite3.connect(copy)) as backup, closing(sqlite3.connect(tmp_path / "bare")) as bare:
        assert backup.execute("SELECT word FROM kept").fetchall() == [("newest",)]
        assert bare.execute("SELECT name FROM sqlite_master").fetchall() == []


def test_every_file_is_named_by_the_readme() -> None:
    """Whoever chooses finds each of them in the README."""
    said = (DEPLOY / "README.md").read_text()
    assert [path.name for path in DEPLOY.iterdir() if path.is_file() and f"({path.name})" not in said] == ["README.md"]
