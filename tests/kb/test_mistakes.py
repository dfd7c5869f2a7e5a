"""Is a mistake in a file explained to somebody who does not program?"""

from __future__ import annotations

import pytest

from conftest_names import FaultsAfter

MISTAKES = {
    "missing": ("errors/gateway.toml", 'title = "', 'titel = "', "is missing. Add a line `title = ...`."),
    "misspelt": ("errors/gateway.toml", 'title = "', 'titel = "', "is not a known key. Did you mean `title`."),
    "not-in-list": ("errors/gateway.toml", 'layer = "page"', 'layer = "paper"', "Write one of 'page'"),
    "not-a-text": ("errors/gateway.toml", 'source = "generic"', "source = 7", "is not a text. Put it in quotes"),
    "wrong-form": (
        "errors/gateway.toml",
        'source = "generic"',
        'source = "Gate Way"',
        "Use lower-case letters and digits",
    ),
    "too-large": ("causes/origin.toml", "rank = 10", "rank = 1000", "is too large. Write 999 or less."),
    "not-a-number": (
        "causes/origin.toml",
        "rank = 10",
        'rank = "ten"',
        "is not a whole number. Write the number without quotes.",
    ),
    "not-a-list": (
        "causes/origin.toml",
        "rank = 10",
        'rank = 10\nask = "other-sites"',
        "is not a list. Put it in square brackets",
    ),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_each_mistake_has_its_advice(faults_after: FaultsAfter, name: str) -> None:
    """Every usual mistake is told with what to write instead."""
    file, old, new, said = MISTAKES[name]
    assert any(said in fault and fault.startswith(file) for fault in faults_after(file, old, new))


def test_place_names_entries_by_their_id(faults_after: FaultsAfter) -> None:
    """In a list of entries the place is the entry's own name, not a number."""
    said = faults_after("guides/owner.toml", 'kind = "log"', 'kind = "logg"')
    assert any("guides/owner.toml: steps.log.kind: has a value that is not known here." in fault for fault in said)
