"""Does `fiveohtwo identify` answer people and scripts?"""

from __future__ import annotations

import json

import pytest

from cli_shared import Run, assert_golden

PAGE = "https://shop.example.com/cart\n502 Bad Gateway\nnginx/1.24.0"


def test_person_reads_title_and_source(run: Run) -> None:
    """Without --json the answer is a few lines."""
    done = run("identify", PAGE)
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "502 Bad Gateway from nginx"
    assert "address: https://shop.example.com/cart" in done.stdout


def test_json_has_the_promised_shape(run: Run) -> None:
    """--json holds id, speak, match, target and hop, whether something was recognised or not."""
    known = json.loads(run("identify", PAGE, "--json").stdout)
    assert_golden("identify", known)
    assert known["match"]["error"] == "nginx-502"
    nothing = json.loads(run("identify", "lorem ipsum", "--json").stdout)
    assert nothing == {"id": None, "speak": False, "match": None, "target": None, "hop": None}


def test_text_comes_from_stdin(run: Run) -> None:
    """Without an argument, and for "-", the text is read from stdin; bytes that are no text do no harm."""
    for arguments in ((), ("-",)):
        assert "nginx" in run("identify", *arguments, stdin=PAGE).stdout
    assert run("identify", stdin=b"\xff\xfe\x00\x01" * 1000).exit_code == 0


def test_rows_are_answered_one_by_one(run: Run) -> None:
    """Each row has its answer in order, with its id; a broken row gets an error and the rest goes on."""
    rows = [
        json.dumps({"id": 7, "text": PAGE}),
        "",
        "not json",
        json.dumps({"id": 8}),
        json.dumps({"id": 9, "text": ""}),
    ]
    answers = [json.loads(line) for line in run("identify", "--jsonl", stdin="\n".join(rows)).stdout.splitlines()]
    assert [answer.get("id") for answer in answers] == [7, None, 8, 9]
    assert answers[1] == {"error": "line 3 is not JSON"}
    assert answers[2]["error"] == "line 4 lacks text"
    assert list(answers[0]) == ["id", "speak", "match", "target", "hop"]


def test_half_a_character_pair_stops_nothing(run: Run) -> None:
    """Text and ids that no output can hold are answered in escapes, and the next row gets its answer."""
    rows = ['{"id": "\\ud800", "text": "502 \\ud800 Bad Gateway"}', '{"id": 2, "text": ""}']
    answers = [json.loads(line) for line in run("identify", "--jsonl", stdin="\n".join(rows)).stdout.splitlines()]
    assert [answer["id"] for answer in answers] == ["\ud800", 2]


@pytest.mark.parametrize(
    "arguments", [("-2145107935",), ("-2145107935", "--json"), ("--json", "--", "-2145107935")], ids=str
)
def test_code_below_zero_is_a_text(run: Run, arguments: tuple[str, ...]) -> None:
    """A Windows code is taken as logs show it, and an option that there is not is still refused."""
    assert "windows-update-0x80244021" in run("identify", *arguments).stdout
    assert run("identify", "--jsnol").exit_code == 2


def test_explanation_names_evidence(run: Run) -> None:
    """--explain says which signs counted, in the knowledge's own words."""
    done = run("identify", PAGE, "--explain")
    assert any(line.startswith("  +") for line in done.stdout.splitlines())


def test_alternatives_and_secrets_are_told(run: Run) -> None:
    """What else it might be, and that a secret is inside, is told; the secret is not."""
    done = run("identify", "502")
    assert "or: " in done.stdout
    done = run("identify", "502 Bad Gateway https://anna:hunter2@shop.example.com/")
    assert "careful, secrets inside" in done.stdout
    assert "hunter2" not in done.stdout


def test_app_that_is_named_is_told(run: Run) -> None:
    """The source "app" comes with which one it is."""
    assert "source: app\nstatus: 502\nservice: github\n" in run("identify", "github gives me 502 on every push").stdout
    assert "app: jellyfin" in run("identify", "my jellyfin says 502 again").stdout.splitlines()


@pytest.mark.parametrize(
    "arguments", [("--jsonl", "502"), ("--jsonl", "--json"), ("--jsonl", "--explain")], ids=" ".join
)
def test_what_rows_have_no_use_for_is_refused(run: Run, arguments: tuple[str, ...]) -> None:
    """Nothing is silently ignored, and nobody waits for an input that does not come."""
    done = run("identify", *arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "--jsonl" in done.stderr
