"""Are addresses told apart from what only looks like one?"""

from __future__ import annotations

import pytest

from bot.diagnosis.addresses import BARE, URL, Address, address, is_lone, is_named, is_site, refang, whole


@pytest.mark.parametrize(
    ("defanged", "plain"),
    [
        ("hxxps://shop[.]example[.]com", "https://shop.example.com"),
        ("hxxp[:]//shop(.)example {dot} com", "http://shop.example.com"),
        ("hXXps[://]shop[dot]example(dot)com", "https://shop.example.com"),
        ("h**p://a.example", "http://a.example"),
    ],
)
def test_defanged_address_is_restored(defanged: str, plain: str) -> None:
    """All usual ways to defuse an address are undone."""
    assert refang(defanged) == plain


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("https://Shop.Example.com/a?b=c).", "https://shop.example.com/a?b=c", "shop.example.com"),
        ("https://en.example.org/wiki/Gate_(device)", "https://en.example.org/wiki/Gate_(device)", "en.example.org"),
        ("wss://chat.example.com/ws", "https://chat.example.com/ws", "chat.example.com"),
        ("ws://192.168.1.114/ws", "http://192.168.1.114/ws", "192.168.1.114"),
        ("http://[2001:db8::1]:8080/x", "http://[2001:db8::1]:8080/x", "2001:db8::1"),
        ("https://shop.example.com打不开", "https://shop.example.com", "shop.example.com"),
        ("http://user@server/git", "http://server/git", "server"),
    ],
)
def test_address_is_read(text: str, url: str, host: str) -> None:
    """Marks around an address, foreign letters after it and user information are no part of it."""
    found = URL.search(text)
    assert found is not None
    assert address(found) == Address(url, host)


@pytest.mark.parametrize(
    "text",
    [
        "http://*(my/",
        "http://-bad-.example/",
        "http://999.1.1.1/",
        "http://[::zz]/",
        "http://a.example:0/",
        "http://a.example:99999/",
        "http://" + "a" * 70 + ".example/",
    ],
)
def test_wrong_address_is_refused(text: str) -> None:
    """Placeholders, impossible names, numbers and ports are no addresses."""
    found = URL.search(text)
    assert found is None or address(found) is None


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("shop.example.com", "https://shop.example.com"),
        ("localhost:3000", "https://localhost:3000"),
        ("http://intranet/x", "http://intranet/x"),
        ("hello", None),
        ("two words.com", None),
        ("", None),
        ("://", None),
    ],
)
def test_whole_answer_is_one_address(given: str, url: str | None) -> None:
    """An answer without a scheme needs a dot, a port on one's own machine, or a colon in its host."""
    found = whole(given)
    assert (found.url if found else None) == url


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("shop.example.com", True),
        ("x.com", True),
        ("allegro.pl", True),
        ("main.py", False),
        ("self.id", False),
        ("res.constructor.id", False),
        ("fly.io", False),
        ("events.js", False),
        ("Microsoft.NetCore.App", False),
        ("balancer.go:99", False),
        ("__init__.py:158", False),
        ("foo.rs:8080", True),
        ("get.rs/install", True),
    ],
)
def test_site_is_told_from_file(text: str, expected: bool) -> None:
    """Files, modules and makers are no sites; a port, a path or a real name makes one."""
    found = BARE.search(text)
    assert (found is not None and is_site(found)) is expected


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("https://blog.example.dev/nginx-502-bad-gateway", True),
        ("<https://blog.example.dev/502>", True),
        ("https://blog.example.dev/502-bad-gateway:", True),
        ("github.com/owner/name/issues/502", True),
        ("b\u00fccher.example/502-bad-gateway", True),
        ("93.184.216.34/502", True),
        ("shop.example.com", True),
        ("requests.exceptions.ConnectionError", False),
        ("httpx.HTTPStatusError", False),
        ("nginx/1.24.0", False),
        ("user@example.com", False),
        ("502.3", False),
        ("https://shop.example.com/\u6253\u4e0d\u5f00502", False),
        ('{"url":"https://shop.example.com/","status":502}', False),
    ],
)
def test_word_is_an_address_or_holds_more(word: str, expected: bool) -> None:
    """A link in brackets is one; a type, a version, a mail address, or words that follow without a space are none."""
    assert is_lone(word) is expected


def test_named_hosts() -> None:
    """A dot, a colon or "localhost" make a host without a scheme."""
    assert [is_named(host) for host in ("a.b", "::1", "LOCALHOST", "server")] == [True, True, True, False]
