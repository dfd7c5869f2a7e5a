"""Do many waiters share one run, and can none of them spoil it?"""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime

import pytest

from bot.diagnosis.findings import Finding, Outcome, Report, Vantage
from bot.engine.flight import Flight, Flights, OnFinding

DNS = Finding(check="dns", outcome=Outcome.OK)
HTTP = Finding(check="http", outcome=Outcome.OK)


class Run:
    """A run that stops at a gate between its two findings."""

    def __init__(self) -> None:
        self.gate = asyncio.Event()
        self.begun = asyncio.Event()
        self.cancelled = False

    async def __call__(self, announce: OnFinding) -> Report:
        try:
            announce(DNS)
            self.begun.set()
            await self.gate.wait()
            announce(HTTP)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return Report(
            url="u",
            host="h",
            checked_at=datetime.now(UTC),
            elapsed_ms=0,
            vantages=(Vantage(name="local", findings=()),),
        )


async def test_late_joiner_hears_everything_once() -> None:
    """Whoever joins later gets what was found before, then the rest; each finding once."""
    run = Run()
    flight = Flight(run)
    early: list[Finding] = []
    late: list[Finding] = []
    first = asyncio.ensure_future(flight.join(early.append))
    await run.begun.wait()
    second = asyncio.ensure_future(flight.join(late.append))
    await asyncio.sleep(0)
    assert late == [DNS]
    run.gate.set()
    assert await first is await second
    assert early == late == [DNS, HTTP]


async def test_one_waiter_leaving_does_not_stop_the_others() -> None:
    """A cancelled waiter is gone; the run goes on for the one who stays."""
    run = Run()
    flight = Flight(run)
    leaving = asyncio.ensure_future(flight.join())
    staying = asyncio.ensure_future(flight.join())
    await run.begun.wait()
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert not flight.abandoned
    run.gate.set()
    assert (await staying).host == "h"
    assert not run.cancelled


async def test_last_waiter_leaving_cancels_the_run() -> None:
    """When nobody waits any more, the run ends, and it has ended when the waiter is told so."""
    run = Run()
    flight = Flight(run)
    waiters = [asyncio.ensure_future(flight.join()) for _ in range(3)]
    await run.begun.wait()
    for waiter in waiters:
        waiter.cancel()
    await asyncio.gather(*waiters, return_exceptions=True)
    assert (run.cancelled, flight.abandoned) == (True, True)


async def test_failing_listener_harms_nobody(caplog: pytest.LogCaptureFixture) -> None:
    """A listener that raises is logged; the run and the other listeners do not notice."""
    run = Run()
    flight = Flight(run)
    heard: list[Finding] = []

    def broken(finding: Finding) -> None:
        raise RuntimeError("surface is gone")

    both = asyncio.gather(flight.join(broken), flight.join(heard.append))
    run.gate.set()
    with caplog.at_level(logging.ERROR):
        await both
    assert heard == [DNS, HTTP]
    assert len(caplog.records) == 2


async def test_same_question_joins_the_run_under_way() -> None:
    """While a run is under way its key leads to it, other keys do not; when it is over the next one begins anew."""
    flights, run = Flights[str](), Run()
    flight = flights.join_or_start("a", run)
    assert flights.join_or_start("a", Run()) is flight
    assert flights.join_or_start("b", run) is not flight
    assert "a" in flights
    run.gate.set()
    await flight.join()
    assert "a" not in flights
    assert flights.join_or_start("a", run) is not flight
    await flights.join_or_start("a", run).join()


async def test_run_that_all_have_left_is_not_joined() -> None:
    """Whoever asks while an abandoned run comes to its end begins a new one, which that end does not take away."""
    flights, run, parting = Flights[str](), Run(), asyncio.Event()

    async def slow_to_part(announce: OnFinding) -> Report:
        try:
            return await run(announce)
        finally:
            await parting.wait()

    waiter = asyncio.ensure_future(flights.join_or_start("a", slow_to_part).join())
    await run.begun.wait()
    waiter.cancel()
    await asyncio.sleep(0)
    after = Run()
    flight = flights.join_or_start("a", after)
    parting.set()
    await asyncio.gather(waiter, return_exceptions=True)
    assert "a" in flights
    assert flights.join_or_start("a", run) is flight
    after.gate.set()
    await flight.join()
    assert after.cancelled is False


async def test_failed_run_leaves_its_place() -> None:
    """A run that ends by an error is not joined by whoever asks next."""
    flights = Flights[str]()

    async def broken(announce: OnFinding) -> Report:
        raise ConnectionError

    with pytest.raises(ConnectionError):
        await flights.join_or_start("a", broken).join()
    assert "a" not in flights
