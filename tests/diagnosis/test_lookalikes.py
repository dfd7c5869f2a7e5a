"""Are look-alike letters made Latin in words, and never in the name of a host?"""

from __future__ import annotations

import pytest

from bot.diagnosis import lookalikes
from bot.diagnosis.identify import identify
from bot.diagnosis.normalise import normalise
from bot.diagnosis.targets import from_input
from bot.diagnosis.unreached import unreached
from bot.kb.load import load

KB = load()
A, SMALL_O, P = "\u0430", "\u043e", "\u0440"
HOSTS = [
    (f"{A}pple.com", "xn--pple-43d.com"),
    (f"sh{SMALL_O}p.example.com", "xn--shp-ted.example.com"),
    (f"a.b.{A}pple.com", "a.b.xn--pple-43d.com"),
    (f"{A}{P}{P}\u04cf\u0435.com", "xn--80ak6aa92e.com"),
    ("\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444", "\u043f\u0440\u0438\u043c\u0435\u0440.\u0440\u0444"),
    ("\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com", "\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.com"),
    ("\u06f1\u06f2.example", "\u06f1\u06f2.example"),
    ("b\u00fccher.example", "b\u00fccher.example"),
    ("shop.exam\u200bple.com", "shop.example.com"),
    ("\uff53hop.example.com", "shop.example.com"),
]


@pytest.mark.parametrize(("written", "host"), HOSTS)
def test_host_that_was_pasted_is_the_one_that_is_meant(written: str, host: str) -> None:
    """Another script makes another host: it is never read as the Latin one, and is told as DNS writes it."""
    found = identify(KB, f"help, I get 502 Bad Gateway nginx/1.24.0 at https://{written}/x")
    assert found.target is not None
    assert (found.target.url, found.target.host) == (f"https://{host}/x", host)


@pytest.mark.parametrize(("written", "host"), HOSTS[:-1])
def test_answer_is_read_like_a_pasted_text(written: str, host: str) -> None:
    """With an error beside it or without: an address means the same host."""
    given = from_input(f"https://{written}/x")
    assert given is not None
    assert given.host == host


@pytest.mark.parametrize(
    "text",
    [
        f"502 Bad Gateway nginx sh{SMALL_O}p.example.com",
        f"502 Bad Gateway nginx p{A}yp{A}l.\u0441{SMALL_O}m",
        f"www.{A}pple.com is down, 502 bad gateway",
        f"request to https://a.b.{A}pple.com/ failed, reason: 502 Bad Gateway",
        f'2024/01/01 10:00:00 [error] 1#1: *1 no live upstreams while connecting to upstream, host: "sh{SMALL_O}p.example.com"',
        f"curl: (6) Could not resolve host: www.{A}pple.com",
    ],
)
def test_no_part_of_such_a_name_is_taken(text: str) -> None:
    """Wherever it stands, neither the Latin name nor what is left of it beside the odd letter is looked at."""
    found = identify(KB, text).target
    assert found is None or "xn--" in found.host


def test_machine_that_was_not_reached_is_told_apart() -> None:
    """What an error names is told as DNS writes it, too."""
    assert unreached(f"curl: (6) Could not resolve host: www.{A}pple.com") == "www.xn--pple-43d.com"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (f"502 B{A}d G{A}teway", "502 Bad Gateway"),
        (f"B{A}d G{A}teway.\nTry again", "Bad Gateway.\nTry again"),
        (
            f"see https://sh{SMALL_O}p.example.com/x: B{A}d G{A}teway",
            f"see https://sh{SMALL_O}p.example.com/x: Bad Gateway",
        ),
        (f"b{A}ckend.conf", "backend.conf"),
        ("\u0442\u0435\u043a\u0441\u0442", "\u0442\u0435\u043a\u0441\u0442"),
    ],
)
def test_words_are_made_latin(text: str, plain: str) -> None:
    """Damaged words of a message are repaired, beside such a host, too; words in another script stay."""
    assert normalise(text).plain == plain


@pytest.mark.parametrize(
    ("word", "mixed"), [(f"B{A}d", True), ("Bad", False), ("\u0442\u0435\u043a\u0441\u0442", False)]
)
def test_mixed_word_is_told(word: str, mixed: bool) -> None:
    """Latin and letters that may look Latin stand in one word."""
    assert (lookalikes.is_mixed(word), lookalikes.mixes(f"a {word}")) == (mixed, mixed)
