"""Is nobody's server looked at too often, by whatever names?"""

from __future__ import annotations

import asyncio
from ipaddress import ip_address, ip_network

import pytest

from bot.checks.places import NotNow
from bot.checks.policy import Policy
from bot.checks.turns import Tour, Turns, network_of

HERE = [ip_address("198.51.100.7")]
POLICY = Policy()


def test_turns_of_one_name_are_a_pause_apart() -> None:
    """Whoever asks early waits for theirs; after the pause, and for another name, there is no wait."""
    turns = Turns(2.0)
    assert [turns.take("a", now) for now in (10.0, 10.5, 11.0)] == [0.0, 1.5, 3.0]
    assert (turns.wait_s("a", 11.0), turns.wait_s("b", 11.0)) == (5.0, 0.0)
    assert turns.take("a", 30.0) == 0.0


def test_few_turns_come_at_once_and_then_as_slowly() -> None:
    """A burst is let pass; over time it is one a pause all the same."""
    turns = Turns(2.0, at_once=3)
    assert [turns.take("a", 10.0) for _ in range(5)] == [0.0, 0.0, 0.0, 2.0, 4.0]
    assert turns.take("a", 20.0) == 0.0
    assert [turns.take("a", 60.0) for _ in range(4)] == [0.0, 0.0, 0.0, 2.0]


@pytest.mark.parametrize(
    ("ip", "network"),
    [("198.51.100.7", "198.51.100.0/24"), ("2606:4700:0:1:2:3:4:5", "2606:4700:0:1::/64")],
)
def test_network_is_what_one_owner_has(ip: str, network: str) -> None:
    """Addresses of one /24, or one /64, are one target."""
    assert network_of(ip_address(ip)) == network


async def test_look_has_one_turn_in_each_network() -> None:
    """However many addresses and redirects lead there; the next look has its own."""
    turns = Turns(60.0)
    tour = Tour(turns, POLICY)
    assert await tour.enter([*HERE, ip_address("198.51.100.9")], 10.0) == 0.0
    assert await tour.enter(HERE, 10.0) == 0.0
    with pytest.raises(NotNow):
        await Tour(turns, POLICY).enter([ip_address("203.0.113.1"), *HERE], 11.0)
    assert turns.wait_s("203.0.113.0/24", 11.0) == 0.0  # who is turned away has taken nothing


async def test_near_turn_is_waited_for() -> None:
    """A look begins when all of its networks may be contacted."""
    turns, loop = Turns(0.1), asyncio.get_running_loop()
    await Tour(turns, POLICY).enter(HERE, 10.0)
    began = loop.time()
    assert await Tour(turns, POLICY).enter(HERE, 10.0) == pytest.approx(0.1)
    assert loop.time() - began >= 0.09


async def test_network_that_the_operator_opened_is_theirs() -> None:
    """Nobody else is to be spared there."""
    turns, policy = Turns(60.0), Policy(allow_networks=(ip_network("10.0.0.0/8"),))
    for _ in range(3):
        assert await Tour(turns, policy).enter([ip_address("10.1.2.3")], 10.0) == 0.0
