"""Are trials refused that lead nowhere, and cures that nobody gets?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

TRIAL = 'browsers = ["chrome", "safari"]\nsystems = ["windows", "macos"]'
RELOAD = 'title = "Reload the page"'
BROKEN = {
    "trial-without-a-clue": (
        TRIAL, f'{TRIAL}\ntold_by = {{ private-window = ["works"] }}',
        "guides/visitor.toml: steps.clear.clue: is missing: `told_by` says that this step tries another place. "
        "Say what it means when the page opens only there.",
    ),
    "clue-without-an-end": (
        TRIAL, f"{TRIAL}\nclue = {{}}",
        "guides/visitor.toml: steps.clear.clue: leads nowhere. Name the answer that it `tells`, or its `cures`.",
    ),
    "cure-unknown": (
        TRIAL, f'{TRIAL}\nclue = {{ cures = ["relaod"] }}',
        'guides/visitor.toml: steps.clear.clue.cures: this guide has no step "relaod". Write one of clear, reload.',
    ),
    "cure-that-no-clue-names": (
        RELOAD, f"{RELOAD}\ncure = true",
        "guides/visitor.toml: steps.reload.cure: never offered: no `clue` of this guide names this cure. "
        "Name it in one's `cures`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_clue_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each break of a trial is reported once, with file, place and remedy, and nothing else is."""
    old, new, fault = BROKEN[name]
    assert faults_after("guides/visitor.toml", old, new) == [fault]


@pytest.mark.parametrize("clue", ['cures = ["reload"]', 'tells = { mobile-data = "works" }'])
def test_clue_that_leads_on_is_sound(clue: str, faults_after: Callable[..., list[str]]) -> None:
    """A cure of the guide, or an answer that is judged again, is enough."""
    assert faults_after("guides/visitor.toml", TRIAL, f"{TRIAL}\nclue = {{ {clue} }}") == []
