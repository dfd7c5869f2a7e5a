"""Do the literals that a pattern demands really stand in every match?"""

from __future__ import annotations

import re

import pytest

from bot.diagnosis.anchors import Guarded, Lookup, Shelf, best, branches, demands
from bot.diagnosis.normalise import normalise
from bot.kb.model import KnowledgeBase


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Bad Gateway", [{"bad gateway"}]),
        (r"\b502\b", [{"502"}]),
        (r"ba[dt] gate-?ways?", [{"bad gateway", "bad gate-way", "bat gateway", "bat gate-way"}]),
        (r"colou?rs*x", [{"color", "colour"}, {"x"}]),
        (r"[abcde]?x[abcd]?y", [{"x"}, {"y"}]),
        (r"[a-c]x[\d]y", [{"x"}, {"y"}]),
        (r"a?[bc]?[de]?f", [{"f"}]),
        (r"ab+c", [{"ab"}, {"c"}]),
        (r"a*b{0,2}c{2}", [{"c"}]),
        (r"(?:502|bad gateway) from", [{"502", "bad gateway"}, {" from"}]),
        (r"(?P<status>502)?x", [{"x"}]),
        (r"(?:502|\d+)x", [{"x"}]),
        (r"(?<!a)(?<=b)(?!c)(?=d)e", [{"e"}]),
        (r"one|two words", [{"one", "two words"}]),
        (r"[\]a\]]x[^]]y", [{"x"}, {"y"}]),
        (r"\(x\)\.", [{"(x)."}]),
        (r"(a(b)c)+?d", [{"a"}, {"b"}, {"c"}, {"d"}]),
        (r".*", []),
    ],
)
def test_demands_are_read(pattern: str, expected: list[set[str]]) -> None:
    """Runs of letters and groups of alternatives are demanded; optional parts and looks around are not."""
    found = demands(pattern)
    assert sorted(map(sorted, found)) == sorted(map(sorted, expected))


def test_best_demand_is_telling() -> None:
    """Long literals come before short ones, few before many, and nothing demands nothing."""
    assert best([frozenset({"ab"}), frozenset({"abcd", "abcde"}), frozenset({"abcd"})]) == {"abcd"}
    assert best([]) == frozenset()


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"bad\s+gate\s*way", [{"bad gateway", "bad gate way"}]),
        (r"502[\s_]bad", [{"502 bad", "502_bad"}]),
        (r"a\sb{2}\dc", [{"a b"}, {"c"}]),
    ],
)
def test_white_space_is_one_space(pattern: str, expected: list[set[str]]) -> None:
    """In a text with single spaces any white space that a pattern demands is one."""
    assert sorted(map(sorted, demands(pattern, spaced=True))) == sorted(map(sorted, expected))


def test_branches_are_split() -> None:
    """Only the outermost alternatives count."""
    assert branches(r"a(?:b|c)[|]|\|d|e") == ["a(?:b|c)[|]", r"\|d", "e"]


def test_demands_hold_for_all_knowledge(kb: KnowledgeBase) -> None:
    """Wherever a pattern of the knowledge matches an example, all that it demands stands in it."""
    for entry in kb.errors.values():
        for source in entry.match.patterns:
            guarded, pattern = Guarded(source), re.compile(source, re.IGNORECASE)
            lookup = Lookup.of([guarded])
            for text in (example.text for example in entry.examples):
                plain = normalise(text)
                for form in (plain.flat, plain.markup):
                    assert not pattern.search(form) or (
                        guarded.fits(lookup.present(form.lower())) and guarded.admits(form.lower())
                    )


def test_guarded_expression_is_tried_only_where_it_can_match() -> None:
    """Without all that it demands the expression is not even compiled; where nobody looked it is tried."""
    guarded = Guarded(r"bad gate\w+ (?:from|by) nginx")
    lookup = Lookup.of([guarded])
    assert guarded.search("all is well", lookup.present("all is well")) is None
    assert list(guarded.finditer("Bad Gateway by someone", lookup.present("bad gateway by someone"))) == []
    assert not guarded.admits("bad gateway by someone")
    assert "pattern" not in vars(guarded)
    assert guarded.search("Bad Gateway by nginx", lookup.present("bad gateway by nginx"))
    assert len(list(guarded.finditer("bad gates by NGINX"))) == 1
    assert Guarded(r"\d+").search("502", frozenset())


def test_shelf_gives_what_is_likely() -> None:
    """A literal leads to the expressions that demand it; all are likely where nobody looked."""
    shelf = Shelf.of([Guarded("bad gateway"), Guarded("bad gateway.*nginx"), Guarded("teapot"), Guarded(r"\d")])
    lookup = Lookup.of(shelf.expressions)
    assert shelf.likely(lookup.present("a bad gateway")) == [0, 3]
    assert shelf.likely(lookup.present("a bad gateway of nginx")) == [0, 1, 3]
    assert shelf.likely(None) == [0, 1, 2, 3]


def test_half_a_character_pair_hides_nothing() -> None:
    """A text that no output can hold is looked through all the same."""
    lookup = Lookup.of([Guarded("bad gateway")])
    assert lookup.present("\ud800 bad gateway \udfff") == {"bad gateway"}
