"""Are sites watched until they are back, and are the people who wait told once?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.diagnosis.findings import Finding, Outcome, Report
from bot.diagnosis.recovery import Pace
from bot.engine.watcher import LEASE_S, POLL_S, Teller, Watcher, promised_s
from bot.kb.load import load
from bot.ports import WATCHES, Claim, Claimed, Met, News, StoreUnavailable, Watch
from bot.storage.memory_incidents import MemoryIncidents
from bot.storage.memory_watches import MemoryWatches
from fakes import HandClock, ScriptedChecker, settle
from playbook import report, seen

KB = load()
SHOP = "https://shop.example.com/"
PACE = Pace(first_s=60, longest_s=240, good_apart_s=30, good_answers=2)
FINE, BROKEN = seen(200), seen(502, product="nginx")


class Setting:
    """A watcher, a teller, and what was told."""

    def __init__(self, *reports: Report, watches: MemoryWatches | None = None) -> None:
        self.clock = HandClock()
        self.watches = watches or MemoryWatches()
        self.checker = ScriptedChecker(*reports)
        self.told: list[News] = []
        self.incidents = MemoryIncidents()
        self.reachable = True

    async def tell(self, news: News) -> bool:
        if self.reachable:
            self.told.append(news)
        return self.reachable

    async def ask(self, name: str = "a", owner: str = "7", url: str = SHOP, hours: float = 48) -> None:
        now = self.clock.now()
        watch = Watch(name, url, "discord", owner, "{}", now, now + timedelta(hours=hours))
        await self.watches.add(watch, most_user=9, most_server=9)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        watcher = Watcher(KB, self.watches, self.checker, self.clock, "me", PACE, lambda: 0.5, incidents=self.incidents)
        teller = Teller(self.watches, self.clock, "discord", self.tell, "me")
        tasks = [asyncio.ensure_future(watcher.run()), asyncio.ensure_future(teller.run())]
        await settle()
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def wait(self, seconds: float) -> None:
        """Let time pass; the wait on the store runs on real time, so it is woken as another process would do it."""
        await self.clock.pass_time(seconds)
        self.watches._bell.ring()
        await settle()


async def test_people_are_told_when_the_site_is_back() -> None:
    """Down, up, up: both who wait are told once, and the site is looked at no more."""
    at = Setting(BROKEN, FINE)
    await at.ask("a")
    await at.ask("b", owner="8")
    async with at.running():
        assert len(at.checker.asked) == 1
        await at.wait(60)
        assert at.told == []
        await at.wait(30)
        assert sorted(news.watch.owner for news in at.told) == ["7", "8"]
        await at.wait(3600)
        assert len(at.checker.asked) == 3
        assert len(at.told) == 2


async def test_site_that_is_back_ends_its_incident() -> None:
    """What people reported of a site is forgotten once its watch found it back, and no earlier."""
    at = Setting(BROKEN, FINE)
    for person in ("7", "8", "9"):
        await at.incidents.note(Met("1", "example.com", person, at.clock.now()))
    await at.ask()
    async with at.running():
        await at.wait(60)
        assert at.incidents.export("7")
        await at.wait(30)
        assert not at.incidents.export("7")


async def test_site_that_turns_machines_away_ends_no_incident() -> None:
    """Whoever waits is told what can be seen; what people reported stays, since nobody saw the site work."""
    at = Setting(BROKEN, seen(403))
    for person in ("7", "8", "9"):
        await at.incidents.note(Met("1", "example.com", person, at.clock.now()))
    await at.ask()
    async with at.running():
        await at.wait(60)
        await at.wait(30)
        await at.wait(30)
        assert [news.what for news in at.told] == ["guarded"]
        assert at.incidents.export("7")


async def test_site_that_opens_in_part_is_told_and_ends_no_incident() -> None:
    """IPv4 serves the page and IPv6 is dead: whoever waits is told, and what people reported stays."""
    at = Setting(BROKEN, seen(200, tcp={"v4": "ok", "v6": "fail"}))
    for person in ("7", "8", "9"):
        await at.incidents.note(Met("1", "example.com", person, at.clock.now()))
    await at.ask()
    async with at.running():
        await at.wait(60)
        await at.wait(30)
        assert [news.what for news in at.told] == ["partly"]
        assert at.incidents.export("7")


async def test_every_look_is_a_new_one() -> None:
    """A watch never judges by what was seen before."""
    at = Setting(BROKEN)
    await at.ask()
    async with at.running():
        await at.wait(60)
    assert at.checker.asked == [(SHOP, True)] * 2
    assert at.checker.elsewhere == [False] * 2
    assert at.checker.askers == [WATCHES] * 2


async def test_watch_that_began_while_others_wait_is_looked_at_at_once() -> None:
    """Nobody waits for somebody else's pause."""
    at = Setting(BROKEN)
    async with at.running():
        assert at.checker.asked == []
        await at.ask()
        await settle()
        assert len(at.checker.asked) == 1


async def test_long_wait_ends_with_a_word() -> None:
    """Whoever waited for as long as the bot waits is told so."""
    at = Setting(BROKEN)
    await at.ask(hours=1)
    async with at.running():
        await at.wait(3600)
        assert [news.what for news in at.told] == ["expired"]


async def test_person_who_cannot_be_reached_now_is_told_later() -> None:
    """Discord is down: the news is kept, and told when its time comes again."""
    at = Setting(FINE)
    at.reachable = False
    await at.ask()
    async with at.running():
        await at.wait(30)
        assert at.told == []
        at.reachable = True
        await at.wait(LEASE_S)
        assert len(at.told) == 1


async def test_fault_in_one_look_or_word_ends_nothing() -> None:
    """A checker and a surface that raise are logged; the address is taken on again after the lease."""
    at = Setting(FINE)
    reports, at.checker._reports = at.checker._reports, type(at.checker._reports)()
    await at.ask()
    async with at.running():
        await at.wait(POLL_S)
        at.checker._reports = reports
        await at.wait(LEASE_S)
        await at.wait(30)
        assert len(at.told) == 1


@pytest.mark.parametrize("fault", [StoreUnavailable, ValueError])
async def test_store_that_fails_comes_back_without_a_loss(fault: type[Exception]) -> None:
    """While the store is away, or answers nonsense, nothing happens; then everything goes on."""

    class Flaky(MemoryWatches):
        away = True

        async def claim(self, claim: Claim) -> Claimed:
            if self.away:
                raise fault
            return await super().claim(claim)

        async def claim_news(self, surface: str, claim: Claim) -> tuple[News, ...]:
            if self.away:
                raise fault
            return await super().claim_news(surface, claim)

    flaky = Flaky()
    at = Setting(FINE, watches=flaky)
    await at.ask()
    async with at.running():
        await at.wait(5)
        assert at.checker.asked == []
        flaky.away = False
        await at.wait(5)
        await at.wait(30)
        assert len(at.told) == 1


async def test_own_dead_connection_tells_nobody_anything() -> None:
    """Without a working control neither back nor down is believed."""
    at = Setting(report(Finding(check="canary", outcome=Outcome.FAIL), Finding(check="dns", outcome=Outcome.FAIL)))
    await at.ask()
    async with at.running():
        for _ in range(5):
            await at.wait(60)
    assert at.told == []
    assert at.watches._addresses[SHOP].course.good == 0


def test_site_may_ask_to_wait() -> None:
    """Retry-After of the last answer is known; a report of nothing asks for nothing."""
    assert promised_s(seen(503, retry_after_s=900)) == 900.0
    assert promised_s(BROKEN) is None
