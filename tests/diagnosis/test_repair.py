"""Are damaged words read as they were meant, and others left alone?"""

from __future__ import annotations

import pytest

from bot.diagnosis.normalise import normalise
from bot.diagnosis.repair import Speller, repaired

SPELLER = Speller.of(
    [
        "The upstream server is unavailable, modern times",
        "ERR_TIMED_OUT",
        "ERR_CONNECTION_RESET",
        "ERR_CONNECTION_CLOSED",
    ],
    [r"\bba[dt] gateways?\b", r"(?P<status>502) responded?\w{0,3}", r"[a-z]+ temporarily\s{1,3}", "headers"],
)


def read(text: str) -> str:
    said = repaired(normalise(text), SPELLER)
    return said.plain if said else text


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("bad gatewya", "bad gateway"),
        ("bad gatway", "bad gateway"),
        ("Bad Gateqay", "Bad Gateway"),
        ("BAD GATEEWAY", "BAD GATEWAY"),
        ("tempoarily unaviailable", "temporarily unavailable"),
        ("tempoaraly", "temporarily"),
        ("upstrearn servcr", "upstream server"),
        ("bcadcrs", "headers"),
        ("rnodern upstream", "modern upstream"),
        ("it says ERR_TIMED_", "it says ERR_TIMED_OUT"),
        ("it says ERR_CONNECTION_R", "it says ERR_CONNECTION_RESET"),
        ("5O2 Bad Gateway", "502 Bad Gateway"),
        ("HTTP S02, 50Z and S0l", "HTTP 502, 502 and 501"),
        ("one\n\ngatewya\n> two", "one\n\ngateway\ntwo"),
    ],
)
def test_damaged_word_is_read_as_meant(text: str, meant: str) -> None:
    """One slip, or two in long words, and the confusions of scanners are undone; letter case and lines stay."""
    assert read(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "gateway server",
        "gatewyas-1 x.gatewya.org/gatewya?gatewya=1 gatewya@x $gatewya gatewya_2 ./gatewya",
        "502 12345 80244O21 S.O.S SOS",
        "ERR_CONNECTION_",
        "ERR_TIM",
        "ERR_TIMED_OUT",
        "ERR_CONNECTION_R is cut",
        "ERR_SOMETHING",
        "ERR_NGROK_80",
        "gate getaways something completely different",
        "12gat34",
        "save serve",
        "",
        "gatewya " * 200,
    ],
)
def test_other_words_stay(text: str) -> None:
    """Known words, addresses, names of files and settings, numbers, other words and long texts are left alone."""
    assert read(text) == text


def test_word_of_another_length_is_found_among_those_of_this_one() -> None:
    """A letter that is missing or too many: words of the token's own length do not stand in the way."""
    speller = Speller.of(["glory galaxy gateway"], ())
    assert [speller.meant(each) for each in ("gatway", "gatewayy", "gzzzzy")] == ["gateway", "gateway", None]


def test_tags_stay() -> None:
    """A page keeps its markup beside the readable text."""
    said = repaired(normalise("<h1>502 Bad Gatewya</h1>"), SPELLER)
    assert said is not None
    assert (said.flat, said.markup) == ("502 Bad Gateway", "<h1>502 Bad Gateway</h1>")
