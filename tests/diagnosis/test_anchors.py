"""Do the literals that a pattern demands really stand in every match?"""

from __future__ import annotations

import re

import pytest

from bot.diagnosis.anchors import best, demands
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
            literals = best(demands(source))
            pattern = re.compile(source, re.IGNORECASE)
            for text in (example.text for example in entry.examples):
                plain = normalise(text)
                for form in (plain.flat, plain.markup):
                    assert not pattern.search(form) or not literals or any(each in form.lower() for each in literals)
    assert seen
