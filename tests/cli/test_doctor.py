"""Does `fiveohtwo doctor` find what is missing?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from cli_shared import Run, assert_golden
from e2e.stage import Stage


def found(done: Result) -> dict[str, dict[str, Any]]:
    """Return what was examined, by name."""
    return {item["name"]: item for item in json.loads(done.stdout)}


def test_healthy_installation_is_healthy(run_on: Run, stage: Stage, tmp_path: Path) -> None:
    """With a resolver, a canary, a token and a database everything is fine, and the exit code says so."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    (tmp_path / "x.sqlite3").touch()
    done = run_on("doctor", "--json", discord_token="a.b.c", database_url=url)
    assert done.exit_code == 0
    examined = json.loads(done.stdout)
    assert_golden("doctor", examined)
    assert [item["name"] for item in examined] == [
        "python", "knowledge", "resolver", "connection", "discord", "database",
    ]  # fmt: skip
    assert {item["result"] for item in examined} == {"ok"}
    assert found(done)["resolver"]["said"] == f"{stage.name_server} answers"
    assert found(done)["connection"]["said"] == "proved by canary.example.com"
    assert found(done)["database"]["said"] == f"{tmp_path}/x.sqlite3 is ready"
    assert "a.b.c" not in done.stdout


def test_dead_network_is_found(run: Run) -> None:
    """Resolvers that answer nobody are a failure with a remedy; no canary and no token are warnings."""
    done = run("doctor", "--json")
    assert done.exit_code == 1
    assert found(done)["resolver"]["result"] == "fail"
    assert "FIVEOHTWO_RESOLVERS" in found(done)["resolver"]["remedy"]
    assert found(done)["connection"]["result"] == "warn"
    assert found(done)["discord"]["result"] == "warn"


def test_one_dead_resolver_of_two_is_a_warning(run_on: Run, stage: Stage) -> None:
    """As long as one name server answers, the installation works."""
    done = run_on("doctor", "--json", resolvers=f"{stage.name_server},127.0.0.1:9")
    assert done.exit_code == 0
    results = [item["result"] for item in json.loads(done.stdout) if item["name"] == "resolver"]
    assert sorted(results) == ["ok", "warn"]


def test_silent_canary_is_a_failure(run_on: Run, stage: Stage) -> None:
    """When no canary answers, the bot's own connection is in doubt, and the silent hosts are named."""
    done = run_on("doctor", "--json", canary=f"http://{stage.dead}/")
    assert done.exit_code == 1
    assert found(done)["connection"]["result"] == "fail"
    assert stage.dead.partition(":")[0] in found(done)["connection"]["said"]


def test_database_is_named_and_not_made(run_on: Run, tmp_path: Path) -> None:
    """Without a setting the file in the user's data folder is named; a look alone makes nothing."""
    done = run_on("doctor", "--json")
    assert found(done)["database"]["said"].endswith("fiveohtwo.sqlite3, to be made at the first start")
    assert not list(tmp_path.rglob("*.sqlite3"))


@pytest.mark.parametrize(("kind", "result"), [("memory:", "warn"), ("sqlite:///{file}", "fail")])
def test_database_that_keeps_nothing_or_cannot_be_used_is_told(
    run_on: Run, tmp_path: Path, kind: str, result: str
) -> None:
    """Memory is a warning; a file that is no database is a failure. Both come with a remedy."""
    (tmp_path / "letter.txt").write_text("this is a letter and no database at all " * 50)
    done = run_on("doctor", "--json", database_url=kind.format(file=tmp_path / "letter.txt"))
    assert found(done)["database"]["result"] == result
    assert "FIVEOHTWO_DATABASE_URL" in found(done)["database"]["remedy"]


def test_person_reads_marks_and_remedies(run: Run) -> None:
    """Without --json each line begins with a mark, and what can be done stands below it."""
    done = run("doctor", discord_token="a.b.c")
    assert done.exit_code == 1
    assert "✓ knowledge: " in done.stdout
    assert "✓ discord: " in done.stdout
    assert "✗ resolver: " in done.stdout
    assert "! connection: no canary is set\n    Set FIVEOHTWO_CANARY" in done.stdout
