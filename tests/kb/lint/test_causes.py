"""Are causes refused that contradict themselves, or that leave findings without a verdict?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

BROKEN = {
    "pointless-without-reason": (
        "causes/origin.toml", 'because = "The server itself fails."', "",
        "causes/origin.toml: because: is missing: steps are left out without a reason. Write why, in one line.",
    ),
    "reason-without-pointless": (
        "causes/unknown.toml", "[[when]]", 'because = "Nothing helps."\n\n[[when]]',
        "causes/unknown.toml: because: is never said: no steps are left out. Remove it, or write `pointless`.",
    ),
    "pointless-and-first": (
        "causes/origin.toml", 'first = ["reload"]', 'first = ["kind:browser"]',
        'causes/origin.toml: first: "kind:browser" is pointless and first at once. Remove it from one of them.',
    ),
    "no-cause-holds-always": (
        "causes/unknown.toml", "[[when]]", '[[when]]\nhost = "a.example"',
        "causes/: no cause holds always, so some findings would have no verdict. "
        "Write one with the highest rank and an empty [[when]].",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_contradicting_cause_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each contradiction is reported once, with file, place and remedy, and nothing else is."""
    *change, fault = BROKEN[name]
    assert faults_after(*change) == [fault]
