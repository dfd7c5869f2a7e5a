"""Is a service that is free for all asked rarely enough, and not at all when it has said so?"""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.checks.vantage.ration import HOUR_S, LONGEST_PAUSE_S, UNNAMED_PAUSE_S, Ration


class Clock:
    def __init__(self) -> None:
        self.at = 0.0

    def __call__(self) -> float:
        return self.at


def test_no_more_than_so_many_in_any_hour() -> None:
    """What was taken comes back an hour later, one by one."""
    clock = Clock()
    ration = Ration(2, clock)
    assert [ration.take(), ration.take(), ration.take()] == [True, True, False]
    clock.at = HOUR_S - 1
    assert not ration.take()
    clock.at = HOUR_S
    assert [ration.take(), ration.take(), ration.take()] == [True, True, False]


def test_silence_lasts_as_long_as_was_said() -> None:
    """After a refusal nothing is asked until the time that it named; a shorter one does not end a longer one."""
    clock = Clock()
    ration = Ration(9, clock)
    ration.refused(30)
    ration.refused(10)
    clock.at = 29.9
    assert ration.silent
    assert not ration.take()
    clock.at = 30
    assert not ration.silent
    assert ration.take()


def test_spent_lets_go_on_what_is_under_way() -> None:
    """When too few tests are left nothing new begins, but nobody said that nothing may be asked."""
    clock = Clock()
    ration = Ration(9, clock)
    ration.spent(30)
    assert not ration.silent
    assert not ration.take()
    clock.at = 30
    assert ration.take()


def test_refusal_without_a_time_is_a_minute() -> None:
    """No time is no reason to ask at once."""
    clock = Clock()
    ration = Ration(9, clock)
    ration.refused(None)
    clock.at = UNNAMED_PAUSE_S - 1
    assert ration.silent
    clock.at = UNNAMED_PAUSE_S
    assert not ration.silent


@given(seconds=st.floats(0, 1e12))
def test_no_word_silences_for_ever(seconds: float) -> None:
    """Whatever time is named: it is a second at least, and a day at most."""
    clock = Clock()
    ration = Ration(9, clock)
    ration.refused(seconds)
    assert ration.silent
    clock.at = LONGEST_PAUSE_S
    assert not ration.silent
