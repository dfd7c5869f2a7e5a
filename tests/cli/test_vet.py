"""Does `fiveohtwo vet` say what would be contacted, without contacting it?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cli_shared import Run, assert_golden

HOST = "shop.example.net"


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("http://127.0.0.1/", 2, "block: loopback-v4"),
        ("http://1.2.3.4:25/", 2, "block: port"),
        ("nonsense", 2, "invalid"),
        ("shop.example.com/cart", 0, "allow: but it leads to no address"),
        ("45.33.32.156", 0, "allow: would connect to 45.33.32.156"),
        ("127.0.0.1", 2, "block: loopback-v4"),
        ("http://45.33.32.156/", 0, "allow: would connect to 45.33.32.156"),
        ("http://shop.example.com/", 0, "allow: but it leads to no address"),
    ],
)
def test_decision_is_a_sentence_and_an_exit_code(run: Run, url: str, code: int, said: str) -> None:
    """Allowed is 0, refused or invalid is 2, and the reason is told; a bare name is read as `check` reads it."""
    done = run("vet", url)
    assert done.exit_code == code
    assert done.stdout.startswith(said)


def test_json_has_the_promised_shape(run: Run) -> None:
    """--json holds id, decision and reason."""
    answer = json.loads(run("vet", "http://127.0.0.1/", "--json").stdout)
    assert_golden("vet", answer)
    assert answer["decision"] == "block"


def answers_of(run: Run, *rows: object) -> list[dict[str, Any]]:
    done = run("vet", "--jsonl", stdin="\n".join(json.dumps(row) for row in rows))
    assert done.exit_code == 0
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_rows_may_bring_their_own_network(run: Run) -> None:
    """A row with dns or redirects is rehearsed with them, and names what would have been dialled."""
    dns = {HOST: [["45.33.32.156"]]}
    rehearsed, plain, redirected = answers_of(
        run,
        {"id": 1, "url": f"http://{HOST}/", "dns": dns, "redirects": ["http://10.0.0.1/"]},
        {"id": 2, "url": "http://45.33.32.156/"},
        {"id": 3, "url": "http://45.33.32.156/", "redirects": ["/again"]},
    )
    assert_golden("vet-rehearsed", rehearsed)
    assert (rehearsed["decision"], rehearsed["connect"]) == ("block", ["45.33.32.156"])
    assert plain == {"id": 2, "decision": "allow", "reason": None}
    assert redirected == {"id": 3, "decision": "allow", "reason": None, "connect": ["45.33.32.156"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"dns": 7},
        {"dns": []},
        {"dns": {HOST: {"a": 1}}},
        {"dns": {HOST: None}},
        {"dns": {HOST: ["45.33.32.156"]}},
        {"dns": {HOST: [[7]]}},
        {"redirects": [7]},
        {"redirects": "http://next.example.net/"},
    ],
    ids=str,
)
def test_row_of_another_shape_is_told_what_is_meant(run: Run, changes: dict[str, Any]) -> None:
    """A network that cannot be played is an error of its row, with the shape that is wanted; the next row goes on."""
    row = {"id": 1, "url": f"http://{HOST}/", "dns": {HOST: [["45.33.32.156"]]}}
    wrong, lacking = answers_of(run, row | changes, {"id": 2})
    assert wrong["id"] == 1
    assert "cannot be rehearsed: dns must look like {name: [[address" in wrong["error"]
    assert lacking == {"id": 2, "error": "line 2 lacks url"}


def test_nothing_to_vet_is_an_error(run: Run) -> None:
    """Without an address the command says what it needs."""
    done = run("vet")
    assert done.exit_code == 2
    assert "give an address" in done.stderr


@pytest.mark.parametrize("arguments", [("--jsonl", "http://10.0.0.1/"), ("--jsonl", "--json")], ids=" ".join)
def test_what_rows_have_no_use_for_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    """Nothing is silently ignored, and nobody waits for an input that does not come."""
    done = run("vet", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--jsonl" in done.stderr
