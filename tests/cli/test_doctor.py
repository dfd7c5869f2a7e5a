"""Does `fiveohtwo doctor` find what is missing?"""

from __future__ import annotations

import json

from cli_shared import Run, assert_golden


def test_dead_network_is_found(run: Run) -> None:
    """Resolvers that answer nobody are a failure with a remedy; no canary and no token are warnings."""
    done = run("doctor", "--json")
    assert done.exit_code == 1
    found = {item["name"]: item for item in json.loads(done.stdout)}
    assert_golden("doctor", [found["resolver"]])
    assert found["resolver"]["result"] == "fail"
    assert "FIVEOHTWO_RESOLVERS" in found["resolver"]["remedy"]
    assert found["connection"]["result"] == "warn"
    assert found["discord"]["result"] == "warn"


def test_working_connection_is_proved(run: Run, broken_site: str) -> None:
    """A canary that answers proves the connection, whatever its page says; one that does not is a failure."""
    found = {item["name"]: item for item in json.loads(run("doctor", "--json", canary="http://127.0.0.1:9/").stdout)}
    assert found["connection"]["result"] == "fail"


def test_person_reads_marks_and_remedies(run: Run) -> None:
    """Without --json each line begins with a mark, and what can be done stands below it."""
    done = run("doctor", discord_token="a.b.c")
    assert "✓ knowledge: " in done.stdout
    assert "✓ discord: " in done.stdout
    assert "✗ resolver: " in done.stdout
