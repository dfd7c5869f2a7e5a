"""Does a sentence say what happened to the address in it?"""

from __future__ import annotations

import pytest

from bot.diagnosis.told_of import FAILING, FETCHED, MEANT, WORKING


@pytest.mark.parametrize(
    "after",
    [
        " does not work", " won't load", " is still not reachable", " stopped working", " is down", " returns a 502",
        " не открывается", " funktioniert nicht", " no carga", " ne répond plus", "打不开", " açılmıyor", " nie działa",
    ],
)  # fmt: skip
def test_address_that_fails_is_seen(after: str) -> None:
    """Whoever says in one of many languages that an address does not open means this one."""
    assert FAILING.match(after)
    assert not WORKING.match(after)


@pytest.mark.parametrize("after", [" works fine", " opens.", " is up", " funktioniert", " работает", " funciona"])
def test_address_that_works_is_another_one(after: str) -> None:
    """What works did not fail."""
    assert WORKING.match(after)
    assert not FAILING.match(after)


@pytest.mark.parametrize("before", ["I opened ", "access to ", "打开", "seite "])
def test_address_that_somebody_opened_is_meant(before: str) -> None:
    """Words of opening come before it."""
    assert MEANT.search(before)


def test_command_asks_its_address() -> None:
    """The address of a command is what was asked for."""
    assert FETCHED.search("$ curl -sS ")
    assert not FETCHED.search("the curly bracket ")
