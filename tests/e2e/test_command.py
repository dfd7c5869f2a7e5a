"""Do the commands that people script with keep their promises? Exit codes, JSON, and refusals before any contact."""

from __future__ import annotations

import json

import pytest

from e2e.command import Command
from e2e.servers import Haproxy, Nginx
from e2e.stage import Stage

UP, PROBLEM, REFUSED, CANNOT_TELL = 0, 1, 2, 3


def test_check_of_healthy_site_is_up(nginx: Nginx, command: Command) -> None:
    """A site that works over TLS, with an authority of the operator's own: exit code 0, every check is fine."""
    done = command.run("check", nginx.secure, "--json")
    assert (done.returncode, done.stderr) == (UP, "")
    shape = json.loads(done.stdout)
    assert set(shape) == {"url", "host", "checked_at", "elapsed_ms", "vantages", "verdict"}
    assert {found["check"]: found["outcome"] for found in shape["vantages"][0]["findings"]} == dict.fromkeys(
        ("canary", "dns", "tcp", "tls", "http"), "ok"
    )
    verdict = shape["verdict"]
    assert (verdict["state"], verdict["side"], verdict["strength"]) == ("up", "none", "firm")


def test_check_without_canary_is_never_certain(nginx: Nginx, command: Command) -> None:
    """Without a control of the bot's own connection even a good answer is only likely."""
    done = command.run("check", nginx.fine, "--json", canary="")
    assert done.returncode == UP
    verdict = json.loads(done.stdout)["verdict"]
    assert (verdict["cause"], verdict["strength"]) == ("site-works", "likely")


def test_check_of_broken_site_is_a_problem(haproxy: Haproxy, command: Command) -> None:
    """A site that is down: exit code 1; each check has its line, and the verdict is in plain words."""
    done = command.run("check", haproxy.empty)
    assert (done.returncode, done.stderr) == (PROBLEM, "")
    assert "✗ page: HTTP 503" in done.stdout
    assert "tickets.example.com is down" in done.stdout
    assert "\x1b" not in done.stdout, "no colours in a pipe"


def test_check_of_unknown_name_is_a_problem(command: Command) -> None:
    """A name that does not exist is the name's fault, and nothing is contacted."""
    done = command.run("check", "no-such-shop.example.com", "--json")
    assert done.returncode == PROBLEM
    shape = json.loads(done.stdout)
    assert shape["verdict"]["cause"] == "no-such-name"
    assert [found["outcome"] for found in shape["vantages"][0]["findings"]] == ["ok", "fail", "skip", "skip", "skip"]


@pytest.mark.parametrize(
    ("url", "said"),
    [("http://10.0.0.1/", "private"), ("http://[::1", "not a web address")],
    ids=["private", "unreadable"],
)
def test_check_refuses_and_says_why(url: str, said: str, command: Command) -> None:
    """An address that the bot must not contact, or cannot read: exit code 2, and the true reason."""
    done = command.run("check", url)
    assert (done.returncode, done.stderr) == (REFUSED, "")
    assert said in done.stdout


def test_without_network_nobody_is_blamed(stage: Stage, command: Command) -> None:
    """Dead resolvers and a dead canary: the bot admits that it cannot tell, in the chat as in `check`."""
    offline = {"resolvers": stage.dead, "canary": f"http://{stage.dead}/", "check_deadline_s": "1.5"}
    with command.chat(**offline) as talk:
        talk.paste("502 Bad Gateway", "nginx")
        talk.picks("visitor")
        talk.send("shop.example.com")
        done = command.run("check", "shop.example.com", "--json", **offline)
        assert talk.hear()["reply"] == "checking"
        assert talk.hear()["reply"] == "verdict"
        assert talk.judged[:3] == ("unknown", "unknown", "own-connection")
        assert talk.ends() == (0, "")
    assert (done.returncode, done.stderr) == (CANNOT_TELL, "")
    assert json.loads(done.stdout)["verdict"]["cause"] == "own-connection"


def test_vet_looks_up_and_contacts_nobody(stage: Stage, command: Command) -> None:
    """Vetting resolves names, opens no connection, and survives rows that are none."""
    url = stage.site("vetted", b"")
    stage.name("inside", "10.1.2.3")
    rows = [
        json.dumps({"id": "open", "url": url}),
        json.dumps({"id": "inside", "url": "http://inside.example.com/"}),
        json.dumps({"id": "metadata", "url": "http://169.254.169.254/"}),
        json.dumps({"id": "mail", "url": "http://vetted.example.com:25/"}),
        json.dumps({"id": "broken", "url": "http://[::1"}),
        "no JSON",
        json.dumps({"id": "empty"}),
    ]
    done = command.run("vet", "--jsonl", stdin="\n".join(rows).encode())
    assert (done.returncode, done.stderr) == (0, "")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    decisions = {answer["id"]: answer.get("decision") for answer in answers if "id" in answer}
    assert decisions == {
        "open": "allow", "inside": "block", "metadata": "block", "mail": "block", "broken": "invalid", "empty": None,
    }  # fmt: skip
    assert sum("error" in answer for answer in answers) == 2
    assert stage.asked["vetted.example.com"] == 0


def test_vet_of_one_address_has_its_exit_code(command: Command) -> None:
    """An address that is refused ends with 2 and a reason."""
    done = command.run("vet", "http://192.168.1.1/", "--json")
    assert done.returncode == REFUSED
    assert json.loads(done.stdout) == {"id": None, "decision": "block", "reason": "private-v4"}


def test_bad_settings_are_all_named(command: Command) -> None:
    """Misspelt and malformed settings end the start; each is named, with what to do, and nothing else is printed."""
    done = command.run("chat", resolver="1.1.1.1", allow_networks="everything", check_deadline_s="soon")
    assert (done.returncode, done.stdout) == (2, "")
    for name in ("RESOLVER:", "ALLOW_NETWORKS:", "CHECK_DEADLINE_S:"):
        assert f"FIVEOHTWO_{name}" in done.stderr
    assert "Did you mean FIVEOHTWO_RESOLVERS?" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_authority_file_is_named(command: Command) -> None:
    """A file without certificates is refused at the start, by the setting's name."""
    (command.home / "nonsense.pem").write_text("nonsense")
    done = command.run("check", "shop.example.com", ca_file=str(command.home / "nonsense.pem"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "FIVEOHTWO_CA_FILE" in done.stderr
    assert "Traceback" not in done.stderr


def test_broken_overlay_stops_the_start(command: Command) -> None:
    """Faults in an operator's own knowledge are all listed, each with its file and its remedy."""
    overlay = command.home / "own"
    (overlay / "errors").mkdir(parents=True)
    (overlay / "causes").mkdir()
    (overlay / "errors/our-gateway.toml").write_text('id = "our-gateway\n')
    (overlay / "causes/our-cause.toml").write_text('id = "another-name"\nrank = 1\n')
    done = command.run("chat", knowledge_dir=str(overlay))
    assert (done.returncode, done.stdout) == (2, "")
    assert "our-gateway.toml: line 1" in done.stderr
    assert "our-cause.toml: summary: is missing. Add" in done.stderr
    assert "Traceback" not in done.stderr
