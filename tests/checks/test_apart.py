"""Do checks in a thread of their own keep the promises of a checker?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest

from bent import PUBLIC, bent
from bot.checks.apart import Apart, _cancel_all
from bot.checks.runner import Runner
from bot.checks.vantage.api import Access
from bot.checks.vantage.globalping import Terms
from bot.checks.vantage.others import Wanted
from bot.diagnosis.findings import Finding
from globalping_standin import GlobalpingStandin, finished


async def test_look_runs_elsewhere_and_is_announced_here(lo: Any) -> None:
    """The work is done in another thread; findings and the report arrive on the caller's loop."""
    site = (await lo.serve(lo.reply())).url()
    threads: list[str] = []

    def make() -> Runner:
        threads.append(threading.current_thread().name)
        return Runner(lo.reach())

    apart = Apart(make)
    announced: list[tuple[str, bool]] = []

    def on_finding(finding: Finding) -> None:
        announced.append((finding.check, threading.current_thread() is threading.main_thread()))

    try:
        report = await apart.run(site, on_finding=on_finding)
        await asyncio.sleep(0)
    finally:
        apart.close()
    assert threads == ["checks"]
    assert report.local.finding("http") is not None
    assert ("http", True) in announced


async def test_cancelled_caller_ends_the_look(lo: Any) -> None:
    """Whoever stops waiting stops the look, too."""
    asked, over = asyncio.Event(), asyncio.Event()

    async def silent(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        over.set()

    site = (await lo.serve(silent)).url()
    apart = Apart(lambda: Runner(lo.reach()))
    try:
        look = asyncio.ensure_future(apart.run(site))
        await asyncio.wait_for(asked.wait(), 20)
        look.cancel()
        with pytest.raises(asyncio.CancelledError):
            await look
        await asyncio.wait_for(over.wait(), 5)
    finally:
        apart.close()


async def test_other_places_are_asked_from_there_too(lo: Any) -> None:
    """The wish to learn of other places is passed on; an end in the middle of it leaves no connection behind."""
    site = await lo.serve(lo.reply("502 Bad Gateway"))
    reach = bent(lo.reach({"shop.example.com": lo.answer(PUBLIC)}), site.host, site.port)
    with GlobalpingStandin().in_a_thread() as globalping:
        globalping.results = [finished(502)]
        apart = Apart(lambda: Runner(reach, others=Wanted(globalping=Terms(Access(globalping.url)))))
        try:
            report = await apart.run("http://shop.example.com/", elsewhere=True)
            globalping.looks_under_way = 10**6
            under_way = asyncio.ensure_future(apart.run("http://shop.example.com/x", elsewhere=True))
            while len(globalping.bodies) < 2:  # noqa: ASYNC110 - the stand-in is in another thread
                await asyncio.sleep(0.01)
        finally:
            await asyncio.to_thread(apart.close)
        with pytest.raises(asyncio.CancelledError):
            await under_way
    assert [vantage.name for vantage in report.vantages] == ["local", "globalping: Frankfurt, DE, AS3320"]


async def test_closing_twice_is_no_trouble(lo: Any) -> None:
    """A checker that was never used, or is closed already, closes quietly."""
    apart = Apart(lambda: Runner(lo.reach()))
    apart.close()
    apart.close()


async def test_end_lets_what_is_about_to_begin_take_its_first_step() -> None:
    """A task that was only just planned is cancelled after its first step: no coroutine in it is left unawaited."""
    steps: list[str] = []

    async def inner() -> None:
        steps.append("begun")
        await asyncio.sleep(60)

    async def wrapped(coroutine: Coroutine[Any, Any, None]) -> None:
        await coroutine

    async def main() -> bool:
        planned = asyncio.ensure_future(wrapped(inner()))
        await _cancel_all()
        return planned.cancelled()

    assert await asyncio.to_thread(asyncio.run, main())
    assert steps == ["begun"]
