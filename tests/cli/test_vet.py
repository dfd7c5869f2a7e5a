"""Does `fiveohtwo vet` say what would be contacted, without contacting it?"""

from __future__ import annotations

import json

import pytest

from cli_shared import Run, assert_golden


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("http://127.0.0.1/", 2, "block: loopback-v4"),
        ("http://1.2.3.4:25/", 2, "block: port"),
        ("nonsense", 2, "invalid"),
        ("http://45.33.32.156/", 0, "allow: would connect to 45.33.32.156"),
        ("http://shop.example.com/", 0, "allow: but it leads to no address"),
    ],
)
def test_decision_is_a_sentence_and_an_exit_code(run: Run, url: str, code: int, said: str) -> None:
    """Allowed is 0, refused or invalid is 2, and the reason is told."""
    done = run("vet", url)
    assert done.exit_code == code
    assert done.stdout.startswith(said)


def test_json_has_the_promised_shape(run: Run) -> None:
    """--json holds id, decision and reason."""
    answer = json.loads(run("vet", "http://127.0.0.1/", "--json").stdout)
    assert_golden("vet", answer)
    assert answer["decision"] == "block"


def test_rows_may_bring_their_own_network(run: Run) -> None:
    """A row with dns and redirects is rehearsed with them, and names what would have been dialled."""
    rows = [
        {
            "id": 1,
            "url": "http://a.example.com/",
            "dns": {"a.example.com": [["45.33.32.156"]]},
            "redirects": ["http://10.0.0.1/"],
        },
        {"id": 2, "url": "http://45.33.32.156/"},
        {"id": 3},
        {"id": 4, "url": "http://a.example.com/", "dns": 7},
    ]
    done = run("vet", "--jsonl", stdin="\n".join(json.dumps(row) for row in rows))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert (answers[0]["decision"], answers[0]["connect"]) == ("block", ["45.33.32.156"])
    assert answers[1] == {"id": 2, "decision": "allow", "reason": None}
    assert "lacks url" in answers[2]["error"]
    assert "cannot be rehearsed" in answers[3]["error"]


def test_nothing_to_vet_is_an_error(run: Run) -> None:
    """Without an address the command says what it needs."""
    done = run("vet")
    assert done.exit_code == 2
    assert "give an address" in done.stderr
