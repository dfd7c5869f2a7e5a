"""Are gaps in texts found, and near-gaps told apart?"""

from __future__ import annotations

import pytest

from bot.kb.placeholders import almost_gaps, gaps


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{host} and {http.status}", {"host", "http.status"}),
        ("none", set()),
        ("%{http_code}", {"http_code"}),
        ("{}", set()),
    ],
)
def test_gaps_are_names_in_braces(text: str, names: set[str]) -> None:
    """Every name in braces is a gap, wherever it stands."""
    assert gaps(text) == names


@pytest.mark.parametrize(
    ("text", "found"), [("{ host }", ["{ host }"]), ("{Host}", ["{Host}"]), ("{host}", []), ("{{x}}", [])]
)
def test_near_gaps_are_told(text: str, found: list[str]) -> None:
    """What an author meant as a gap and would never be filled is found."""
    assert almost_gaps(text) == found
