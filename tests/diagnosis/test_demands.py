"""Is what an expression demands, and begins with, read from it correctly?"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.demands import best, branches, demands, heads
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


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"Bad Gateway", {"bad gateway"}),
        (r"\b502\b", {"502"}),
        (r"(?<!x)\bnginx|caddy", {"nginx", "caddy"}),
        (r"(?:axios|fetch)Error", {"axios", "fetch"}),
        (r"(?P<what>axios|fetch) x", {"axios", "fetch"}),
        (r"(axios|axiosError)", {"axios"}),
        (r"(?:axios|fetch)?Error", set()),
        (r"(?:axios|\d+)Error", set()),
        (r"\[502\]", {"[502]"}),
        (r"[ab]c", set()),
        (r"a", set()),
        (r"(?=502)x", set()),
    ],
)
def test_beginnings_are_read(pattern: str, expected: set[str]) -> None:
    """Literals at the start of all alternatives are heads; where one of them begins otherwise, none is known."""
    assert set(heads(pattern)) == expected


@given(st.text(alphabet="aefhiosxtcr 502[]Error\n", max_size=80))
def test_nothing_matches_but_at_a_head(text: str) -> None:
    """Wherever an expression matches, one of its heads stands."""
    for pattern in (r"(?:axios|fetch)Error", r"\bError|(?<=x)\[502", r"(?:ax|xi|fe)[a-z]{0,3}\b"):
        for found in re.finditer(pattern, text, re.IGNORECASE):
            assert text[found.start() :].lower().startswith(heads(pattern))


def test_heads_hold_for_all_knowledge(kb: KnowledgeBase) -> None:
    """Every match of the knowledge's patterns in their own examples begins with one of their heads."""
    for entry in kb.errors.values():
        for source in entry.match.patterns:
            if known := heads(source):
                for example in entry.examples:
                    for found in re.finditer(source, example.text, re.IGNORECASE):
                        assert found[0].lower().startswith(known)
