"""Are known wordings found in damaged texts, and only there?"""

from __future__ import annotations

import random

import pytest

from bot.diagnosis.identify import index_of
from bot.diagnosis.index import Index, compile_index
from bot.diagnosis.normalise import normalise
from bot.diagnosis.phrases import find, place
from bot.kb.model import Guide, GuideOf, KnowledgeBase, KnownError, Match

LONG = "The proxy server received an invalid response from an upstream server."
OTHER = "The web server reported a bad gateway error."
TIMEOUT = "The web server reported a gateway time-out error."


def entry(name: str, *phrases: str) -> KnownError:
    return KnownError.model_validate(
        {
            "id": name, "title": name, "meaning": name, "family": "bad-gateway", "source": "generic", "layer": "page",
            "guide": GuideOf(visitor="visitor", owner="owner"), "certainty": "seen", "sources": ("x",),
            "match": Match(phrases=phrases), "examples": ({"text": "x"},),
        }
    )  # fmt: skip


@pytest.fixture(scope="module")
def index() -> Index:
    errors = [
        entry("apache", LONG),
        entry("cloudflare", OTHER, "Bad Gateway"),
        entry("late", TIMEOUT),
        entry("n", "Error 502 happened here"),
    ]
    guides: dict[str, Guide] = {}
    return compile_index(
        KnowledgeBase(
            errors={each.id: each for each in errors}, causes={}, guides=guides, services=(), products=(), locales={}
        )
    )


def found(index: Index, text: str) -> set[str]:
    return {error for hit in find(index, normalise(text)) for error in hit.wording.strong}


@pytest.mark.parametrize(
    "text",
    [
        LONG,
        LONG.upper(),
        LONG.replace(" ", "\n"),
        LONG.replace(" ", ""),
        "The proxy servr recieved an invalid respnse from an upstraem server",
        "Tne prоxy server received an lnvalid response frorn an upstream server",
        f"hello\n\n> **{LONG}**\n\nwhat now?",
        LONG[:48],
    ],
)
def test_damage_does_not_hide_a_wording(index: Index, text: str) -> None:
    """Case, wraps, lost spaces, typing errors, scanned letters, markup and a cut end are survived."""
    assert "apache" in found(index, text)


@pytest.mark.parametrize(
    "text",
    [
        "The server received your parcel and an invalid invoice from upstairs.",
        "the proxy vote was invalid",
        "bad gateways lead nowhere",
        "The proxy",
        "",
    ],
)
def test_ordinary_words_are_no_wording(index: Index, text: str) -> None:
    """Some shared words are not enough."""
    assert found(index, text) == set()


def test_the_more_alike_of_two_wordings_wins(index: Index) -> None:
    """Two wordings that share most of their words do not both match."""
    assert found(index, OTHER) == {"cloudflare"}
    assert found(index, TIMEOUT) == {"late"}


def test_numbers_are_never_fuzzy(index: Index) -> None:
    """One digit makes another error."""
    assert found(index, "Error 502 happened here") == {"n"}
    assert found(index, "Error 503 happened here") == set()


def test_number_is_no_part_of_a_longer_one(index: Index) -> None:
    """The figures of a wording must be a number of the text; scanned ones count."""
    assert found(index, "Eror 502 happened here") == {"n"}
    assert found(index, "Eror S0z happened here") == set()
    assert found(index, "Eror 5O2 happened here") == {"n"}
    assert found(index, "Eror 1502 happened here") == set()
    assert found(index, "Error 5027 happened here") == set()


def test_short_wording_needs_whole_words(index: Index) -> None:
    """Short wordings are found with any white space, but not inside other words."""
    assert "cloudflare" in found(index, "it is a bad\ngateway")
    assert found(index, "abad gatewayz") == set()


def test_many_random_typing_errors_are_survived(index: Index) -> None:
    """One letter in twenty may be wrong."""
    dice = random.Random(7)
    for _ in range(20):
        letters = list(LONG)
        for at in range(len(letters)):
            if dice.random() < 0.05:
                letters[at] = dice.choice("abcdefghijklmnop")
        assert "apache" in found(index, "".join(letters))


def test_place_is_where_the_wording_stands(index: Index) -> None:
    """A hit's letters are those of the readable text."""
    text = normalise(f"Well: {OTHER} Bye.")
    hit = next(hit for hit in find(index, text) if hit.wording.text == OTHER)
    start, end = place(hit, text.letters)
    assert text.plain[start:end] == OTHER.rstrip(".")


def test_wording_inside_an_undamaged_one_is_not_sought(kb: KnowledgeBase) -> None:
    """A bare "Access Denied" is not taken for the rest of a proxy's longer sentence."""
    found = find(compile_index(kb), normalise("Access Denied"))
    assert [hit.wording.text for hit in found] == ["Access Denied"]


def test_long_text_is_compared_in_places(kb: KnowledgeBase) -> None:
    """A damaged wording is found in a page of other words, where a brief text would be compared as a whole."""
    talk = "We walked along the river and bought bread. " * 12
    found = find(compile_index(kb), normalise(f"{talk}The web server reporteda bad gatway eror. {talk}"))
    assert "The web server reported a bad gateway error." in {hit.wording.text for hit in found}


def test_undamaged_wording_stands_for_its_damaged_twins(index: Index) -> None:
    """A text that holds a long wording undamaged is not searched for damaged ones beside it: it was copied."""
    damaged = "The web server reported a gatewey time-out errer."
    assert found(index, damaged) == {"late"}
    assert found(index, f"{LONG}\n{damaged}") == {"apache"}


@pytest.mark.parametrize(
    ("whole", "searched"),
    [
        ("HTTP Error 502, then Bad Gateway", False),
        ("HTTP Error 502", True),
        ("Bad Gateway, then Bad Gateway", True),
    ],
)
def test_several_undamaged_wordings_are_enough_together(kb: KnowledgeBase, whole: str, searched: bool) -> None:
    """Where whole wordings have twenty letters together nothing damaged is sought; what they share counts once."""
    hits = find(index_of(kb), normalise(f"{whole}, the webstie could not be reached"))
    assert any(hit.likeness < 100 for hit in hits) == searched
