"""Is who asks too often held back, and everybody else not?"""

from __future__ import annotations

from pyrate_limiter import Rate

from bot.surfaces.discord.limits import RATES, Limits, now_ms


def test_window_slides() -> None:
    """So many acts pass within a window, the next one does not, and time brings them back."""
    clock = [0]
    limits = Limits({"card": [Rate(2, 1000)]}, lambda: clock[0])
    assert [limits.allows("card", "alice") for _ in range(3)] == [True, True, False]
    clock[0] = 1500
    assert limits.allows("card", "alice")


def test_subjects_do_not_share() -> None:
    """What one person used up, another one still has."""
    limits = Limits({"card": [Rate(1, 1000)]}, lambda: 0)
    assert limits.allows("card", "alice")
    assert limits.allows("card", "bob")
    assert not limits.allows("card", "alice")


def test_nobody_in_particular_is_not_counted() -> None:
    """A direct message has no server to count."""
    limits = Limits({"guild": [Rate(1, 1000)]}, lambda: 0)
    assert all(limits.allows("guild", None) for _ in range(5))


def test_checks_count_for_person_and_server() -> None:
    """A look at somebody's server counts twice: for who asked, and for where."""
    limits = Limits(now=lambda: 0)
    most = RATES["check-user"][0].limit
    assert all(limits.may_check(1, 9) for _ in range(most))
    assert not limits.may_check(1, 9)
    assert limits.may_check(2, 9)


def test_clock_never_goes_back() -> None:
    """Windows are measured by a clock that nobody can set."""
    assert now_ms() <= now_ms()
