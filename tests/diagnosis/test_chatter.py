"""Is the list of common runs what the gate expects?"""

from __future__ import annotations

from bot.diagnosis.chatter import COMMON
from bot.diagnosis.gate import SIZE
from bot.diagnosis.normalise import squash


def test_runs_are_squashed_and_of_one_size() -> None:
    """Each run is in the form in which texts are compared."""
    assert COMMON
    assert all(len(run) == SIZE and squash(run) == run for run in COMMON)
