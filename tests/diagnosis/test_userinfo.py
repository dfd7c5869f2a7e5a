"""Is a name or a password in an address never taken for its host?"""

from __future__ import annotations

import pytest

from bot.diagnosis import userinfo
from bot.diagnosis.redact import redact
from bot.diagnosis.targets import find_target, from_input
from bot.kb.lint.backtracking import danger

READ = [
    "https://bob:p@ssw0rd@shop.example.com/x",
    "https://bob:p@Sommer.example@shop.example.com/x",
    "https://me@corp.example@shop.example.com/x",
    "https://bob:a:b@shop.example.com/x",
]
UNREAD = [
    "https://bob:hun/ter2@shop.example.com/x",
    "https://bob.smith:hun#ter2@shop.example.com/x",
    "https://bob.smith:hun?ter2@shop.example.com/x",
    "https://bob:p(w)d@shop.example.com/x",
    "https://bob:pa ss@shop.example.com/x",
]
NONE = [
    "https://shop.example.com:8443/@vite/client",
    "https://shop.example.com/@bob",
    "http://shop.example.com:${PORT}/@vite/client",
    "https://shop.example.com: mail bob@corp.example",
    "https://shop.example.com:443 bob@corp.example",
    "https://shop.example.com/?next=https%3A%2F%2Fb.example%3A8443%2F%40bob",
]


@pytest.mark.parametrize("url", READ)
def test_host_stands_after_the_last_at_sign(url: str) -> None:
    """A password with an @ is left out whole, in what is looked at and in what remains of the text."""
    found = find_target(f"502 Bad Gateway nginx {url}", [0], loose=True)
    given = from_input(url)
    assert found is not None
    assert given is not None
    assert found.url == given.url == "https://shop.example.com/x"
    assert redact(url)[0] in ("https://<password>@shop.example.com/x", "https://<user>@shop.example.com/x")


@pytest.mark.parametrize("url", UNREAD)
def test_password_that_breaks_its_address_leaves_no_host(url: str) -> None:
    """Neither the name nor the tail of the password is looked at, and nothing of it remains in the text."""
    assert find_target(f"502 Bad Gateway nginx {url}", [0], loose=True) is None
    assert from_input(url) is None
    assert redact(url) == ("https://<password>@shop.example.com/x", ("password-in-url",))


def test_name_without_scheme_is_no_host() -> None:
    """An answer that leaves its scheme out is read the same way."""
    given = from_input("bob:p@ssw0rd@shop.example.com/x")
    assert given is not None
    assert given.host == "shop.example.com"
    assert from_input("bob.smith:hun/ter2@shop.example.com/x") is None


@pytest.mark.parametrize("text", NONE)
def test_at_sign_elsewhere_is_no_password(text: str) -> None:
    """Ports, paths, mail addresses beside an address, and places for a port are left alone."""
    assert redact(text) == (text, ())
    assert userinfo.without(text) == text


def test_address_inside_a_query_loses_its_password() -> None:
    """A password in an encoded address is taken out, however often it was encoded."""
    for colon, slash, at in (("%3A", "%2F", "%40"), ("%253A", "%252F", "%2540")):
        url = f"https://a.example/?next=https{colon}{slash}{slash}bob{colon}hunter2{at}b.example"
        assert redact(url) == (url.replace(f"bob{colon}hunter2", "<password>"), ("password-in-url",))


@pytest.mark.parametrize(
    "source",
    [
        *(getattr(userinfo, name).source for name in ("PASSWORD", "NAME", "UNREAD", "SPACED", "ENCODED")),
        userinfo._BEFORE_HOST,
        *userinfo._WITHOUT_HOST,
    ],
)
def test_no_text_makes_it_slow(source: str) -> None:
    """Each expression stays within the knowledge's own bound."""
    assert danger(source) is None
