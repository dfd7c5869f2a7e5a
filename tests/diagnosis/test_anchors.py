"""Do the literals that a pattern demands really stand in every match?"""

from __future__ import annotations

import re

import pytest

from bot.diagnosis.anchors import Guarded, best, demands
from bot.diagnosis.normalise import normalise
from bot.kb.model import KnowledgeBase


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("Bad Gateway", [{"bad gateway"}]),
        (r"\b502\b", [{"502"}]),
        (r"ba[dt] gate-?ways?", [{"ba"}, {" gate"}, {"way"}]),
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


def test_demands_hold_for_all_knowledge(kb: KnowledgeBase) -> None:
    """Wherever a pattern of the knowledge matches an example, one of its literals stands in it."""
    texts = [normalise(example.text) for entry in kb.errors.values() for example in entry.examples]
    seen = {text.flat for text in texts} | {text.markup for text in texts}
    for entry in kb.errors.values():
        for source in entry.match.patterns:
            guarded, pattern = Guarded(source), re.compile(source, re.IGNORECASE)
            for text in (example.text for example in entry.examples):
                plain = normalise(text)
                for form in (plain.flat, plain.markup):
                    assert not pattern.search(form) or guarded.admits(form.lower())
    assert seen


def test_guarded_expression_is_tried_only_where_it_can_match() -> None:
    """Without all that it demands the expression is not even compiled; without demands it is always tried."""
    guarded = Guarded(r"bad gate\w+ (?:from|by) nginx")
    assert guarded.search("all is well", "all is well") is None
    assert list(guarded.finditer("Bad Gateway by someone", "bad gateway by someone")) == []
    assert "pattern" not in vars(guarded)
    assert guarded.search("Bad Gateway by nginx", "bad gateway by nginx")
    assert len(list(guarded.finditer("bad gates by NGINX", "bad gates by nginx"))) == 1
    assert Guarded(r"\d+").search("502", "502")
