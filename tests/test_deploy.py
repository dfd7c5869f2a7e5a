"""Are the files in deploy/ consistent: units that systemd accepts, health checks that ask what exists?"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import trustme
import yaml
from click.testing import CliRunner

from bot.checks.limits import CheckSettings
from bot.checks.reach import open_reach
from bot.checks.vantage.peers.account import account_in
from bot.checks.vantage.peers.link import lent
from bot.checks.vantage.peers.names import answers, questions
from bot.cli import command
from bot.diagnosis.findings import Outcome
from bot.storage.pragmas import prepare
from nats_servers import NatsServer
from peers_stage import BROKEN, IPS, SITE, Looker, asker, check, peer, statuses, until

DEPLOY = Path(__file__).parents[1] / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))
OWN = re.compile(r"^(Description|ExecStart|StateDirectory|WorkingDirectory|Environment)=|^EnvironmentFile=-|^#")
"""What differs between the units; all else is the same for all."""


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
    """Watcher and peer are locked in as the bot is, and all are started again when they say nothing any more."""
    alike = [[line for line in unit.read_text().splitlines() if not OWN.match(line)] for unit in UNITS]
    assert len(alike) == 3
    assert alike[0] == alike[1] == alike[2]
    assert {"Type=notify", "WatchdogSec=120", "RestartPreventExitStatus=2"} <= set(alike[0])


@pytest.mark.parametrize("process", ["watcher", "peer"])
def test_processes_beside_the_bot_can_be_set_otherwise(process: str) -> None:
    """Their units read the bot's settings, and then their own, if there are any: a port is one process's."""
    files = re.findall(r"^EnvironmentFile=(.*)$", (DEPLOY / f"fiveohtwo-{process}.service").read_text(), re.MULTILINE)
    assert files == ["/etc/fiveohtwo.env", f"-/etc/fiveohtwo-{process}.env"]


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_unit_and_container_run_a_command_that_exists(unit: Path) -> None:
    """What a unit starts is a command of ours, and compose has it, too."""
    started = re.search(r"^ExecStart=/opt/fiveohtwo/bin/fiveohtwo (\w+)$", unit.read_text(), re.MULTILINE)
    assert started is not None
    assert started[1] in command.commands
    assert started[1] in {service.get("command", ["run"])[0] for service in services().values()}


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


CHANGE = re.compile(r"CHANGE-ME-(\w+)")


@pytest.fixture
def nats_of_the_example(tmp_path: Path) -> Iterator[NatsServer]:
    """Return a server that runs with deploy/nats.conf, its port, its passwords and its certificate changed."""
    authority = trustme.CA()
    certificate = authority.issue_cert("localhost")
    certificate.private_key_pem.write_to_path(tmp_path / "key.pem")
    certificate.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    server = NatsServer(tmp_path)
    text = (DEPLOY / "nats.conf").read_text().replace("0.0.0.0:4222", f"127.0.0.1:{server.port}")
    server.text = CHANGE.sub(lambda found: f"{found[1].lower()}-secret", text.replace("/etc/nats", str(tmp_path)))
    with server:
        yield server


async def test_users_of_the_example_may_do_what_they_need(nats_of_the_example: NatsServer, tmp_path: Path) -> None:
    """With deploy/nats.conf a bot asks, over TLS alone, and a peer answers."""
    reach = open_reach(CheckSettings(ca_file=str(tmp_path / "ca.pem")))
    at = f"localhost:{nats_of_the_example.port}"
    looker = Looker(check("canary"), check("http", Outcome.FAIL, status=502))
    async with peer(reach, f"tls://peer:peer-secret@{at}", checker=looker):
        seen = await asker(reach, f"tls://bot:bot-secret@{at}").look(SITE, IPS, BROKEN)
    assert statuses(seen) == {"peer: Frankfurt": 502}


@pytest.mark.parametrize(
    ("user", "act", "subject"),
    [
        ("peer", "subscribe", "fiveohtwo.answer.*"),
        ("peer", "subscribe", ">"),
        ("peer", "subscribe", "_INBOX.>"),
        ("peer", "publish", "fiveohtwo.ask"),
        ("peer", "publish", "fiveohtwo.answer.abc"),
        ("bot", "subscribe", "fiveohtwo.ask"),
        ("bot", "publish", "fiveohtwo.answer.abc"),
        ("bot", "publish", "$SYS.REQ.SERVER.PING"),
    ],
)
async def test_users_of_the_example_may_do_nothing_else(
    user: str, act: str, subject: str, nats_of_the_example: NatsServer, tmp_path: Path
) -> None:
    """A peer can only listen to the questions and answer them; a bot can only ask."""
    context = open_reach(CheckSettings(ca_file=str(tmp_path / "ca.pem"))).contexts.web
    account = account_in(f"tls://{user}:{user}-secret@localhost:{nats_of_the_example.port}")
    async with lent(account, "fiveohtwo", context, "test") as connection:
        if act == "subscribe":
            await connection.subscribe(subject)
        else:
            await connection.publish(subject, b"x")
        await connection.flush()
        await until(lambda: not (connection.may_listen and connection.may_speak))


def test_subjects_of_the_example_are_ours() -> None:
    """The permissions name the subjects that the usual prefix gives; the README says how to change the passwords."""
    said = (DEPLOY / "nats.conf").read_text()
    assert f'"{questions("fiveohtwo")}"' in said
    assert f'"{answers("fiveohtwo")}.*"' in said
    assert set(CHANGE.findall(said)) == {"BOT", "PEER"} == set(CHANGE.findall((DEPLOY / "README.md").read_text()))


def test_every_file_is_named_by_the_readme() -> None:
    """Whoever chooses finds each of them in the README."""
    said = (DEPLOY / "README.md").read_text()
    assert [path.name for path in DEPLOY.iterdir() if path.is_file() and f"({path.name})" not in said] == ["README.md"]
