"""Are all regular expressions of the knowledge found, and unusable ones reported?"""

from __future__ import annotations

import pytest

from bot.kb.model import KnowledgeBase
from bot.kb.patterns import broken, patterns_of


def test_every_kind_of_file_with_patterns_is_looked_at(kb: KnowledgeBase) -> None:
    """Errors, products and names hold regular expressions; each is named by its file and place."""
    found = list(patterns_of(kb))
    assert {file.partition("/")[0] for file, _, _ in found} == {"errors", "products.toml", "names.toml"}
    assert {place.partition(" ")[0] for file, place, _ in found if file.startswith("errors/")} >= {
        "match.patterns", "match.unless",
    }  # fmt: skip
    assert [place for _, place, pattern in found if broken(pattern)] == []


@pytest.mark.parametrize(
    ("pattern", "problem"),
    [
        ("Acmegate could (not", "is no regular expression (missing ), unterminated subpattern at position 15)"),
        ("(?i)acmegate", "sets flags for more than itself"),
    ],
)
def test_pattern_that_cannot_be_matched_with_is_told(pattern: str, problem: str) -> None:
    """A pattern that does not compile, alone or as a part of others, comes back with its problem and a remedy."""
    told = broken(pattern)
    assert told is not None
    assert told[0] == problem
    assert broken("acmegate") is None
