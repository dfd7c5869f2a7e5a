"""Are people who ask too often held back, and nobody else?"""

from __future__ import annotations

from collections.abc import Sequence

from bot.ports import Act, Rate, StoreUnavailable
from bot.surfaces.discord.limits import RATES, Limits, now_ms


def test_window_slides() -> None:
    """A window allows a number of acts, not the next one, and time brings them back."""
    clock = [0]
    limits = Limits({"card": [Rate(2, 1.0)]}, lambda: clock[0])
    assert [limits.allows("card", "alice") for _ in range(3)] == [True, True, False]
    clock[0] = 900
    assert not limits.allows("card", "alice")
    clock[0] = 1500
    assert limits.allows("card", "alice")


def test_subjects_do_not_share() -> None:
    """What one person used up, another one still has."""
    limits = Limits({"card": [Rate(1, 1.0)]}, lambda: 0)
    assert limits.allows("card", "alice")
    assert limits.allows("card", "bob")
    assert not limits.allows("card", "alice")


def test_nobody_in_particular_is_not_counted() -> None:
    """A direct message has no server to count."""
    limits = Limits({"guild": [Rate(1, 1.0)]}, lambda: 0)
    assert all(limits.allows("guild", None) for _ in range(5))


def test_released_subject_begins_anew() -> None:
    """What was counted for something that is gone is forgotten, for that subject and kind alone."""
    limits = Limits({"host": [Rate(1, 1.0)], "card": [Rate(1, 1.0)]}, lambda: 0)
    assert all(limits.allows(kind, who) for kind in ("host", "card") for who in ("a", "b"))
    for who in ("a", "unheard of"):
        limits.release("host", who)
    assert limits.allows("host", "a")
    assert not any(limits.allows(kind, who) for kind, who in (("host", "b"), ("card", "a")))


MOST = RATES["check-user"][0].most


async def test_checks_count_for_person_and_server() -> None:
    """A look at somebody's server counts twice: for who asked, and for where."""
    limits = Limits(now=lambda: 0)
    assert all([await limits.may_check(1, 9) for _ in range(MOST)])
    assert not await limits.may_check(1, 9)
    assert await limits.may_check(2, 9)
    assert await limits.may_check(None, None)


async def test_choices_that_look_are_counted() -> None:
    """Looking again is limited; following the guide counts for the server, and other choices for nobody."""
    limits = Limits(now=lambda: 0)
    assert [await limits.may_choose("recheck", 1, 9) for _ in range(MOST + 1)] == [True] * MOST + [False]
    assert not await limits.may_choose("site:github", 1, 9)
    assert all([await limits.may_choose(choice, 1, 9) for choice in ("why", "still-broken", None)])
    of_server = RATES["check-guild"][0].most
    left = [await limits.may_choose("still-broken", 2, 9) for _ in range(of_server)]
    assert left.count(True) == of_server - MOST - 1


class Elsewhere:
    """What all processes have counted together."""

    def __init__(self, *, allows: bool = True) -> None:
        self.asked: list[tuple[Act, tuple[Rate, ...], tuple[Rate, ...]]] = []
        self.away = False
        self._allows = allows

    async def allows(self, act: Act, of_owner: Sequence[Rate], of_server: Sequence[Rate]) -> bool:
        self.asked.append((act, tuple(of_owner), tuple(of_server)))
        if self.away:
            raise StoreUnavailable("gone")
        return self._allows


async def test_looks_are_counted_by_all_processes() -> None:
    """Others' counts refuse a look that this process would allow; the rates are the same ones."""
    limits, others = Limits(now=lambda: 0), Elsewhere(allows=False)
    limits.share(others)
    assert not await limits.may_check(1, 9)
    assert not await limits.may_check(None, 9)
    of_owner = (Rate(5, 60.0), Rate(30, 3600.0))
    of_server = (Rate(20, 60.0), Rate(200, 3600.0))
    assert others.asked == [(Act("check", owner, "9"), of_owner, of_server) for owner in ("1", None)]


async def test_what_is_too_much_here_is_asked_of_nobody() -> None:
    """Whoever floods one process costs the database nothing, and neither does what belongs to nobody."""
    limits, others = Limits(now=lambda: 0), Elsewhere()
    limits.share(others)
    assert [await limits.may_check(1, 9) for _ in range(MOST + 20)] == [True] * MOST + [False] * 20
    assert await limits.may_check(None, None)
    assert len(others.asked) == MOST


async def test_without_the_store_each_process_counts_alone() -> None:
    """Nobody is refused because the database is away, and nobody gets more than this process allows."""
    limits, others = Limits(now=lambda: 0), Elsewhere(allows=False)
    limits.share(others)
    others.away = True
    assert [await limits.may_check(1, 9) for _ in range(MOST + 1)] == [True] * MOST + [False]
    assert len(others.asked) == 1


def test_clock_never_goes_back() -> None:
    """Windows are measured by a clock that nobody can set."""
    assert now_ms() <= now_ms()
