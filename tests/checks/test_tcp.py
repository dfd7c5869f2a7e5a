"""Which addresses accept, which do not, and which were never tried?"""

from __future__ import annotations

import asyncio
import errno
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.limits import MAX_TCP_ADDRESSES
from bot.checks.tcp import Attempt, Knocks, choose, finding
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome

V4 = ip_address("127.0.0.2")
V6 = ip_address("::1")
PUBLIC_V6 = ip_address("2606:4700::1")


async def knock(reach: Any, port: int, *ips: Any, within: float = 5.0) -> tuple[Finding, tuple[Any, ...]]:
    until = asyncio.get_running_loop().time() + within
    async with asyncio.TaskGroup() as group:
        knocks = Knocks(group, ips, port, reach)
        opened = await knocks.opened()
        return await knocks.finding(until), opened


def refuses(*silent: Any) -> Any:
    """Return a connect that refuses, and is silent for some addresses."""

    async def connect(ip: Any, port: int, seconds: float) -> Any:
        if ip in silent:
            raise httpcore.ConnectTimeout
        raise httpcore.ConnectError from OSError(errno.ECONNREFUSED, "refused")

    return connect


async def test_both_families_accept(lo: Any) -> None:
    """Each family is tried by itself, and both are open."""
    server, _ = await lo.pair(lo.reply(), lo.reply())
    found, opened = await knock(lo.reach(), server.port, V4, V6)
    assert (found.outcome, found.facts["v4"], found.facts["v6"]) == (Outcome.OK, "ok", "ok")
    assert opened == (V4, V6)
    assert (found.facts["tried"], found.facts["dead"], found.facts["port"]) == (2, 0, server.port)
    assert set(found.facts) <= set(CHECKS["tcp"])


async def test_one_family_fails(lo: Any) -> None:
    """A site that accepts over IPv4 and refuses over IPv6 is open, and says so for each."""
    server = await lo.serve(lo.reply())
    found, opened = await knock(lo.reach(), server.port, V4, V6)
    assert (found.outcome, found.facts["v4"], found.facts["v6"]) == (Outcome.OK, "ok", "fail")
    assert opened == (V4,)
    assert found.facts["dead"] == 1


async def test_some_addresses_of_a_family_fail(lo: Any) -> None:
    """One dead address among living ones makes its family mixed."""
    server = await lo.serve(lo.reply())
    found, _ = await knock(lo.reach(), server.port, V4, ip_address("127.0.0.9"))
    assert (found.outcome, found.facts["v4"], found.facts["v6"]) == (Outcome.OK, "mixed", "none")


async def test_closed_port_is_tried_twice(lo: Any, closed_port: int) -> None:
    """When everything refuses, everything is tried once more before it is called down."""
    found, opened = await knock(lo.reach(), closed_port, V4)
    assert (found.outcome, found.failure, opened) == (Outcome.FAIL, Failure.REFUSED, ())
    assert len(found.facts["attempts"]) == 2  # type: ignore[arg-type]
    assert (found.facts["tried"], found.facts["dead"]) == (1, 1)


async def test_service_that_comes_back_is_open(lo: Any) -> None:
    """A first refusal and a second acceptance: open, and mixed."""
    server = await lo.serve(lo.reply())
    reach = lo.reach()
    tries: list[Any] = []

    async def connect(ip: Any, port: int, seconds: float) -> Any:
        tries.append(ip)
        return await (refuses() if len(tries) == 1 else reach.connect)(ip, port, seconds)

    found, opened = await knock(replace(reach, connect=connect), server.port, V4)
    assert (found.outcome, found.facts["v4"], opened) == (Outcome.OK, "mixed", (V4,))


async def test_refusing_address_alone_is_asked_again(lo: Any) -> None:
    """One address that refuses beside one that accepts is tried a second time; the other one is left alone."""
    server = await lo.serve(lo.reply())
    dead = ip_address("127.0.0.9")
    found, opened = await knock(lo.reach(), server.port, V4, dead)
    tried = [one["address"] for one in found.facts["attempts"]]  # type: ignore[index, union-attr]
    assert (sorted(tried), opened) == ([str(V4), str(dead), str(dead)], (V4,))
    assert found.facts["dead"] == 1


async def test_address_that_refuses_for_a_moment_is_not_dead(lo: Any) -> None:
    """An address that accepts the second knock counts as living, and holds nobody up."""
    server = await lo.serve(lo.reply())
    reach, other = lo.reach(confirm_pause=0.05), ip_address("127.0.0.9")
    tries: list[Any] = []

    async def connect(ip: Any, port: int, seconds: float) -> Any:
        tries.append(ip)
        if ip != other:
            return await reach.connect(ip, port, seconds)
        return await (refuses()(ip, port, seconds) if tries.count(other) == 1 else reach.connect(V4, port, seconds))

    found, _ = await knock(replace(reach, connect=connect), server.port, V4, other)
    assert (found.outcome, found.facts["tried"], found.facts["dead"]) == (Outcome.OK, 2, 0)


async def test_silence_is_not_asked_twice(lo: Any) -> None:
    """A silent address has been asked several times by the kernel already."""
    found, _ = await knock(replace(lo.reach(), connect=refuses(V4)), 80, V4)
    assert (found.failure, len(found.facts["attempts"])) == (Failure.TIMEOUT, 1)  # type: ignore[arg-type]


async def test_missing_route_is_untested_not_failed(lo: Any) -> None:
    """A bot without IPv6 says so; the site is not blamed, and an IPv6-only site is skipped."""
    server = await lo.serve(lo.reply())
    reach = replace(lo.reach(), has_route=lambda ip: ip.version == 4)
    found, _ = await knock(reach, server.port, V4, V6)
    assert (found.outcome, found.facts["v6"], found.facts["tried"]) == (Outcome.OK, "untested", 1)
    found, opened = await knock(reach, server.port, V6)
    assert (found.outcome, found.failure, opened) == (Outcome.SKIP, None, ())


async def test_silent_ipv6_proves_nothing_until_somebody_answered(lo: Any) -> None:
    """Silence over IPv6 counts only after IPv6 has worked for this process; a refusal always counts."""
    reach = replace(lo.reach(), connect=refuses(PUBLIC_V6), has_route=lambda _: True)
    found, _ = await knock(reach, 443, V4, PUBLIC_V6)
    assert found.facts["v6"] == "untested"
    reach.note_answer(6)
    found, _ = await knock(reach, 443, V4, PUBLIC_V6)
    assert found.facts["v6"] == "fail"
    other = replace(lo.reach(), connect=refuses(), has_route=lambda _: True)
    found, _ = await knock(other, 443, PUBLIC_V6)
    assert (found.facts["v6"], other.has_answered(6)) == ("fail", True)


async def test_open_addresses_are_known_before_silent_ones_give_up(lo: Any) -> None:
    """The next checks go on with what accepted; a silent address does not hold them up."""
    server = await lo.serve(lo.reply())
    reach = lo.reach()
    hang = asyncio.Event()

    async def connect(ip: Any, port: int, seconds: float) -> Any:
        if ip == V6:
            await hang.wait()
            raise httpcore.ConnectTimeout
        return await reach.connect(ip, port, seconds)

    async with asyncio.TaskGroup() as group:
        knocks = Knocks(group, (V4, V6), server.port, replace(reach, connect=connect))
        assert await asyncio.wait_for(knocks.opened(), 5) == (V4,)
        hang.set()
        found = await knocks.finding(asyncio.get_running_loop().time() + 5)
    assert (found.facts["v4"], found.facts["v6"]) == ("ok", "fail")


async def test_deadline_ends_all_attempts(lo: Any) -> None:
    """What has not accepted at the deadline is called `deadline`, and nothing goes on behind it."""

    async def never(ip: Any, port: int, seconds: float) -> Any:
        await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        knocks = Knocks(group, (V4,), 80, replace(lo.reach(), connect=never))
        found = await knocks.finding(asyncio.get_running_loop().time() + 0.05)
    assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.DEADLINE)


@given(st.integers(0, 40), st.integers(0, 40))
def test_at_most_eight_addresses_of_both_families(v4: int, v6: int) -> None:
    """Eight are tried at most, all when there are fewer, and both families where both are."""
    ips = [ip_address(f"192.0.2.{n}") for n in range(v4)] + [ip_address(f"2001:db8::{n:x}") for n in range(v6)]
    chosen = choose(ips)
    assert len(chosen) == min(v4 + v6, MAX_TCP_ADDRESSES)
    assert {ip.version for ip in chosen} == {ip.version for ip in ips}
    assert len(set(chosen)) == len(chosen)


def test_most_frequent_failure_names_the_finding() -> None:
    """Among several failures the most frequent one stands for all."""
    attempts = [Attempt(V4, Failure.TIMEOUT, 1.0), Attempt(V6, Failure.REFUSED, 1.0), Attempt(V6, Failure.REFUSED, 1.0)]
    assert finding(attempts, 443, 1.0).failure is Failure.REFUSED


@pytest.mark.parametrize("version", [4, 6])
def test_no_address_of_a_family_is_none(version: int) -> None:
    """A family without addresses is neither good nor bad."""
    ip = V6 if version == 4 else V4
    assert finding([Attempt(ip, None, 1.0)], 443, 1.0).facts[f"v{version}"] == "none"
