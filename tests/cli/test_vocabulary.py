"""Does the vocabulary that is handed to the linter hold what the code really uses?"""

from __future__ import annotations

from bot.cli.vocabulary import vocabulary
from bot.diagnosis.findings import Failure


def test_failures_and_outcomes_are_closed_lists() -> None:
    """Conditions on failures and outcomes may name only those that checks can give."""
    names = vocabulary()
    assert names.values["http.failure"] == {failure.value for failure in Failure}
    assert names.values["canary.outcome"] == {"ok", "fail", "skip"}


def test_default_guides_are_named() -> None:
    """Guides that are used when nothing names one are never called unreachable."""
    assert {"visitor", "owner-generic"} <= vocabulary().guides
