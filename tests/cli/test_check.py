"""Does `fiveohtwo check` judge a site, and say so in its exit code?"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from bent import PUBLIC, bent
from bot.checks import reach
from cli_shared import Run, assert_golden
from e2e.stage import Stage, raw
from globalping_standin import DALLAS, FRANKFURT, TOKYO, GlobalpingStandin, finished

UP, PROBLEM, REFUSED, CANNOT_TELL = 0, 1, 2, 3
PAGE = "<title>502 Bad Gateway</title><center><h1>502 Bad Gateway</h1></center><hr><center>nginx/1.24.0</center>"
BROKEN = raw("502 Bad Gateway", PAGE, Server="nginx/1.24.0")
CHALLENGE = raw("403 Forbidden", "<title>Just a moment...</title>", Server="cloudflare", cf_mitigated="challenge")


def looked(done: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what `check --json` printed, with the values of evidence all alike, and its findings by check."""
    shape = json.loads(done.stdout)
    findings = {finding["check"]: finding for finding in shape["vantages"][0]["findings"]}
    alike = [{**seen, "value": "any"} for seen in shape["verdict"]["evidence"]]
    return {**shape, "verdict": {**shape["verdict"], "evidence": alike}}, findings


def test_broken_site_has_the_promised_shape(run_on: Run, stage: Stage) -> None:
    """--json holds the address, the findings of each place with all their facts, and the verdict."""
    done = run_on("check", stage.site("broken", BROKEN), "--json")
    assert done.exit_code == PROBLEM
    shape, findings = looked(done)
    assert_golden("check", {**shape, "vantages": [{**shape["vantages"][0], "findings": []}]})
    assert_golden("check-findings", findings)
    assert shape["verdict"]["cause"] == "gateway-without-answer"
    assert list(findings) == ["canary", "dns", "tcp", "tls", "http"]
    assert findings["http"]["facts"]["error"] == "nginx-502"


def test_refused_address_has_the_same_shape(run: Run) -> None:
    """What the bot must not contact is no verdict about a site; the JSON is complete all the same."""
    done = run("check", "http://10.0.0.1/", "--json")
    assert done.exit_code == REFUSED
    shape, _ = looked(done)
    assert_golden("check-refused", shape)
    assert shape["verdict"]["state"] == "unknown"


def test_working_site_is_exit_code_zero(run_on: Run, stage: Stage) -> None:
    """A site that answers well is up; a whole address is taken as it is."""
    done = run_on("check", stage.site("fine", raw("200 OK", "<title>Fine</title>")))
    assert done.exit_code == UP
    assert "fine.example.com works from here" in done.stdout


def test_bare_name_is_found_as_a_browser_finds_it(run_on: Run, stage: Stage) -> None:
    """Without a scheme http is looked at where https does not come about, and both verdict and address say so."""
    url = stage.site("bare", raw("200 OK", "<title>Fine</title>"))
    done = run_on("check", url.removeprefix("http://"), "--json")
    shape, findings = looked(done)
    assert (done.exit_code, shape["url"], shape["verdict"]["cause"]) == (UP, url, "works-unencrypted")
    assert findings["tcp"]["facts"]["https"] == "timeout"


def test_site_that_refuses_robots_is_exit_code_three(run_on: Run, stage: Stage) -> None:
    """A challenge for robots says nothing about what people get."""
    done = run_on("check", stage.site("guarded", CHALLENGE), "--json")
    assert done.exit_code == CANNOT_TELL
    assert looked(done)[0]["verdict"]["state"] == "blocked"


def test_silence_is_exit_code_three(run: Run) -> None:
    """When nothing answers and nothing proves the bot's own connection, it cannot tell."""
    assert run("check", "shop.example.com", check_deadline_s="1").exit_code == CANNOT_TELL


def test_person_reads_lines_and_a_verdict(run_on: Run, stage: Stage) -> None:
    """Without --json each check is a line, and the verdict follows, in plain text."""
    done = run_on("check", stage.site("broken", BROKEN))
    assert "✓ name: fine" in done.stdout
    assert "✗ page: HTTP 502" in done.stdout
    assert "broken.example.com is down" in done.stdout
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://10.0.0.1/", "private or special network"),
        ("http://45.33.32.7/", "the machine that I run on, or to its neighbours"),
        ("http://localhost/", "belongs to private networks"),
        ("ftp://a.example.net/", "only take http and https"),
        ("http://[::1", "not a web address"),
        ("http://a b/", "not a web address"),
        ("http://\udcff/", "not a web address"),
        ("", "not a web address"),
        ("http://anna:secret@a.example.net/", "user name or password"),
        ("http://a.example.net:25/", "usual web ports"),
    ],
)
def test_refused_address_is_exit_code_two(run: Run, url: str, said: str) -> None:
    """Private, unreadable and unsuitable addresses are refused with the true reason, and nothing secret is repeated."""
    done = run("check", url, own_addresses="45.33.32.0/24")
    assert done.exit_code == REFUSED
    assert said in done.stdout.replace("\n", " ")
    assert "secret" not in done.stdout


@pytest.fixture
def far(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[GlobalpingStandin]:
    """Make `far.example.com` a public site that is broken, and let Globalping's stand-in look at it, too."""
    open_reach = reach.open_reach
    monkeypatch.setattr(reach, "open_reach", lambda *made: bent(open_reach(*made), stage.ip, stage.port))
    stage.site("far", BROKEN, at=(PUBLIC,))
    with GlobalpingStandin().in_a_thread() as standin:
        yield standin
    assert standin.faults == []


@pytest.mark.parametrize(
    ("there", "cause", "said"),
    [
        ([502, 502, 502], "gateway-without-answer-everywhere", "far.example.com is down"),
        ([502, 200, 200], "opens-elsewhere", "not everywhere: 2 of 3 other places get a good answer"),
        ([404, 404, 502], "gateway-without-answer", "far.example.com is down"),
    ],
)
def test_other_places_decide_for_whom_it_is_down(
    run_on: Run, far: GlobalpingStandin, there: list[int], cause: str, said: str
) -> None:
    """A site that fails from here is down for all, or in part, as other places tell; the line says how many looked."""
    far.results = [finished(status, place) for status, place in zip(there, (FRANKFURT, DALLAS, TOKYO), strict=True)]
    wanted = {"vantages": "local,globalping", "globalping_api": far.url}
    done = run_on("check", "http://far.example.com/cart", "--json", **wanted)
    assert done.exit_code == PROBLEM
    shape = json.loads(done.stdout)
    assert shape["verdict"]["cause"] == cause
    assert [vantage["name"] for vantage in shape["vantages"]] == [
        "local", "globalping: Frankfurt, DE, AS3320", "globalping: Dallas, US, AS7018", "globalping: Tokyo, JP, AS2497",
    ]  # fmt: skip
    found = [finding for vantage in shape["vantages"][1:] for finding in vantage["findings"]]
    assert [finding["facts"]["status"] for finding in found] == there
    assert {frozenset(finding) for finding in found} == {frozenset({"check", "outcome", "failure", "facts", "ms"})}
    people = run_on("check", "http://far.example.com/cart", **wanted).stdout.replace("\n", " ")
    assert said in people
    assert "Seen from 4 places at" in people
    assert {body["target"] for body in far.bodies} == {"far.example.com"}


def test_other_places_hear_nothing_of_a_private_site(run_on: Run, stage: Stage, far: GlobalpingStandin) -> None:
    """A site of a network that the operator opened for the bot is judged from here alone, and so is any by default."""
    wanted = {"vantages": "local,globalping", "globalping_api": far.url}
    done = run_on("check", stage.site("broken", BROKEN), "--json", **wanted)
    assert looked(done)[0]["verdict"]["cause"] == "gateway-without-answer"
    assert run_on("check", "http://far.example.com/", vantages="local").exit_code == PROBLEM
    assert far.asked == []
