"""Are looks for others bounded, for each host and for all together?"""

from __future__ import annotations

from bot.checks.vantage.peers.turns import HELLOS_A_MINUTE, HOST_A_MINUTE, HOST_AN_HOUR, MINUTE_MS, Turns, now_ms


class Clock:
    def __init__(self) -> None:
        self.ms = 1_000_000

    def __call__(self) -> int:
        return self.ms


def test_one_host_is_looked_at_only_so_often() -> None:
    """Over the limit of a minute it waits for the next one; another host is not affected."""
    clock = Clock()
    turns = Turns(100_000, clock)
    assert [turns.may_look("x") for _ in range(HOST_A_MINUTE + 1)] == [True] * HOST_A_MINUTE + [False]
    assert turns.may_look("y")
    clock.ms += MINUTE_MS + 1
    assert turns.may_look("x")


def test_one_host_is_looked_at_only_so_often_in_an_hour() -> None:
    """Whoever spreads the looks over minutes meets the limit of the hour."""
    clock = Clock()
    turns, taken = Turns(100_000, clock), 0
    for _ in range(55):
        taken += sum(turns.may_look("x") for _ in range(HOST_A_MINUTE))
        clock.ms += MINUTE_MS + 1
    assert taken == HOST_AN_HOUR


def test_all_hosts_together_are_bounded() -> None:
    """Ever new hosts do not help: a tenth of the hour's looks is what a minute gives, and an hour no more than all."""
    clock = Clock()
    turns = Turns(50, clock)
    assert sum(turns.may_look(f"h{number}") for number in range(100)) == 5
    taken = 5
    for minute in range(58):
        clock.ms += MINUTE_MS + 1
        taken += sum(turns.may_look(f"{minute}-{number}") for number in range(10))
    assert taken == 50


def test_hellos_are_bounded() -> None:
    """To say that one is there costs little, and not nothing."""
    turns = Turns(10, Clock())
    assert sum(turns.may_answer() for _ in range(100)) == HELLOS_A_MINUTE
    assert turns.may_look("x")


def test_time_never_goes_back() -> None:
    """The clock is not the one that people set."""
    assert now_ms() <= now_ms()
