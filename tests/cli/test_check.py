"""Does `fiveohtwo check` judge a site, and say so in its exit code?"""

from __future__ import annotations

import json

import pytest

from cli_shared import Run, assert_golden


def test_json_has_the_promised_shape(run: Run, broken_site: str) -> None:
    """--json holds the address, the findings of each place and the verdict; a broken site is exit code 1."""
    done = run("check", broken_site, "--json")
    assert done.exit_code == 1
    shape = json.loads(done.stdout)
    findings = shape["vantages"][0]["findings"]
    assert_golden(
        "check", {**shape, "vantages": [{**shape["vantages"][0], "findings": [{**findings[0], "facts": {}}]}]}
    )
    assert shape["verdict"]["cause"] == "gateway-without-answer"
    assert [finding["check"] for finding in findings] == ["canary", "dns", "tcp", "tls", "http"]
    assert next(f for f in findings if f["check"] == "http")["facts"]["error"] == "nginx-502"


def test_person_reads_lines_and_a_verdict(run: Run, broken_site: str) -> None:
    """Without --json each check is a line, and the verdict follows."""
    done = run("check", broken_site)
    assert "✗ page: HTTP 502" in done.stdout
    assert "is down" in done.stdout


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://localhost/", "ftp://a.example/", "http://[::1", "http://a b/"]
)
def test_refused_address_is_exit_code_two(run: Run, url: str) -> None:
    """Private and unreadable addresses are refused with the reason."""
    done = run("check", url)
    assert done.exit_code == 2
    assert done.stdout.strip() or done.stderr.strip()


def test_silence_is_exit_code_three(run: Run) -> None:
    """When nothing answers and nothing proves the bot's own connection, it cannot tell."""
    assert run("check", "shop.example.com", check_deadline_s="3").exit_code == 3
