"""Does `fiveohtwo watch` look until a site is back, and tell both people and scripts?"""

from __future__ import annotations

import json

import pytest

from e2e.bot_process import BAD_GATEWAY, FINE
from e2e.command import Command
from e2e.stage import Stage

pytestmark = pytest.mark.soak
QUICK = {
    "watch_first_s": "0.2",
    "watch_longest_s": "0.3",
    "watch_good_apart_s": "0.2",
    "watch_good_answers": "2",
}


def test_watch_ends_when_the_site_is_back(stage: Stage, command: Command) -> None:
    """Down at first, then up: two good answers in a row end it with exit code 0."""
    url = stage.site("shop", BAD_GATEWAY)
    process = command._start(("watch", url, "--json"), QUICK)
    assert process.stdout is not None
    first = process.stdout.readline()
    stage.answer("shop", FINE)
    rest, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    looks = [json.loads(line) for line in (first + rest).splitlines()]
    assert looks[0]["state"] == "down"
    assert [look["good"] for look in looks[-2:]] == [1, 2]
    assert [look["back"] for look in looks] == [False] * (len(looks) - 1) + [True]
    assert looks[-1]["next_in_s"] is None


def test_person_reads_when_it_is_back(stage: Stage, command: Command) -> None:
    """In a pipe each look is a line, and the last one says that the site is back."""
    done = command.run("watch", stage.site("shop", FINE), **QUICK)
    assert done.returncode == 0
    first, last = done.stdout.splitlines()
    assert "good answer 1 of 2" in first
    assert "It is back." in last


def test_watch_gives_up_after_its_time(stage: Stage, command: Command) -> None:
    """A site that stays down is given up with exit code 3 and a sentence."""
    done = command.run("watch", stage.site("shop", BAD_GATEWAY), "--hours", "0.0001", **QUICK)
    assert done.returncode == 3
    assert "not back" in done.stdout


def test_address_that_must_not_be_contacted_is_refused(command: Command) -> None:
    """A private address is refused with the reason; nothing is watched."""
    done = command.run("watch", "http://192.168.0.1/", **QUICK)
    assert done.returncode == 2
    assert "must not contact" in done.stdout
    assert json.loads(command.run("watch", "http://192.168.0.1/", "--json", **QUICK).stdout)["refusal"]
