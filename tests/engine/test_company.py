"""Does a look learn of others on the server, end an incident, and go on when nobody can tell?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.conversation.events import Joined, Pasted
from bot.conversation.state import State
from bot.diagnosis.incidents import Others
from bot.engine import company
from bot.engine.company import Company, Whose
from bot.engine.run import Engine
from bot.kb.model import KnowledgeBase
from bot.ports import Met, StoreUnavailable
from bot.storage.memory import MemoryStore
from bot.storage.memory_incidents import MemoryIncidents
from fakes import HandClock, ScriptedChecker, numbered_ids
from playbook import HOST, NGINX_502, Playbook, seen

ALICE, BOB, ELSEWHERE = Whose("9", "alice"), Whose("9", "bob"), Whose("5", "carol")
PEOPLE = {"alice": ALICE, "bob": BOB, "carol": ELSEWHERE}


class Away:
    """Incidents that nobody can be asked about: they fail, or never answer."""

    def __init__(self, *, silent: bool) -> None:
        self._silent = silent

    async def note(self, met: Met) -> None:
        await self._fail()

    async def others(self, met: Met) -> Others | None:
        await self._fail()
        return None

    async def withdraw(self, met: Met) -> None:
        await self._fail()

    async def over(self, site: str, seen_at: datetime) -> None:
        await self._fail()

    async def _fail(self) -> None:
        if self._silent:
            await asyncio.Event().wait()
        raise StoreUnavailable("away")


class Bench:
    """An engine whose people are known, and a site that changes."""

    def __init__(self, kb: KnowledgeBase, *statuses: int) -> None:
        ids = iter(numbered_ids())
        self.clock, self.incidents = HandClock(), MemoryIncidents()
        checker = ScriptedChecker(*(seen(status) for status in statuses))
        self.engine = Engine(kb, MemoryStore(), checker, self.clock, lambda: next(ids))
        self.company = self.engine.company = Company(self.incidents, self.clock)
        self.company.whose = PEOPLE.get

    async def pastes(self, name: str) -> Others | None:
        """Somebody meets the error and pastes it; return the others of their verdict."""
        await self.company.met(PEOPLE[name], HOST)
        async for _ in self.engine.handle(name, Pasted(text=NGINX_502, brief=True)):
            pass
        return (await self.engine.state(name)).others


@pytest.fixture
async def bench(kb: KnowledgeBase) -> AsyncIterator[Bench]:
    bench = Bench(kb, 502)
    yield bench
    await bench.engine.aclose()


async def test_second_person_hears_of_the_first(bench: Bench) -> None:
    """The first learns of nobody, the second of one since then, and on another server nobody is known."""
    start = bench.clock.now()
    assert await bench.pastes("alice") is None
    await bench.clock.pass_time(60)
    assert await bench.pastes("bob") == Others(count=1, since=start)
    assert await bench.pastes("carol") is None


async def test_hosts_of_one_site_are_one_incident(bench: Bench) -> None:
    """Two hosts below one registered name are met together; a stranger's are not."""
    await bench.company.met(ALICE, "www.example.com")
    await bench.company.met(BOB, HOST)
    assert await bench.company.others(ALICE, "api.example.com") is not None
    assert await bench.company.others(ALICE, "example.org") is None


async def test_report_can_be_taken_back(bench: Bench) -> None:
    """Whoever took it back is no witness any more; where nothing is known, nothing is taken back."""
    for whose in (ALICE, BOB):
        await bench.company.met(whose, HOST)
    await bench.company.withdraw(None, HOST)
    await bench.company.withdraw(BOB, None)
    assert await bench.company.others(ALICE, HOST) is not None
    await bench.company.withdraw(BOB, HOST)
    assert await bench.company.others(ALICE, HOST) is None


async def test_conversation_of_nobody_has_no_others(bench: Bench) -> None:
    """In direct messages and in a terminal there is no server to ask about."""
    assert await bench.company.others(None, HOST) is None
    without = Company(None, bench.clock)
    await without.met(ALICE, HOST)
    assert without.whose("alice") is None
    assert await without.others(BOB, HOST) is None


async def test_site_that_is_seen_up_ends_the_incident_everywhere(kb: KnowledgeBase) -> None:
    """Carol's look, on another server, finds the page: nobody's earlier trouble counts any more."""
    bench = Bench(kb, 502, 502, 200)
    await bench.pastes("alice")
    assert await bench.pastes("bob") is not None
    await bench.pastes("carol")
    assert await bench.company.others(ALICE, HOST) is None
    assert bench.incidents.export("alice") == []


async def test_look_that_counted_for_nothing_ends_nothing(kb: KnowledgeBase) -> None:
    """A broken site, a result that nobody took, and a remembered look from before leave the incident alone."""
    bench = Bench(kb, 502)
    down = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(502)).state
    up = Playbook(kb).says(NGINX_502).picks("visitor").looked(seen(200)).state
    old = seen(200).model_copy(update={"checked_at": bench.clock.now() - timedelta(seconds=5)})
    for whose in (ALICE, BOB):
        await bench.company.met(whose, HOST)
    await bench.company.looked(down, seen(502))
    await bench.company.looked(up, seen(502))
    await bench.company.looked(State(), seen(200))
    await bench.company.looked(up.model_copy(update={"report": old}), old)
    assert await bench.company.others(ALICE, HOST) is not None
    await bench.company.looked(up, seen(200))
    assert await bench.company.others(ALICE, HOST) is None


@pytest.mark.parametrize("silent", [True, False])
async def test_store_that_is_away_disturbs_nobody(
    kb: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, *, silent: bool
) -> None:
    """Nothing is known of others, the verdict comes all the same, and what never answers is given up at the end."""
    monkeypatch.setattr(company, "PATIENCE_S", 0.01)
    bench = Bench(kb, 200)
    bench.company = bench.engine.company = Company(Away(silent=silent), bench.clock)
    bench.company.whose = PEOPLE.get
    with caplog.at_level(logging.WARNING):
        assert await bench.pastes("alice") is None
    assert (await bench.engine.state("alice")).verdict is not None
    assert ("others are not known: StoreUnavailable" in caplog.text) is not silent
    await bench.engine.aclose()


async def test_others_wait_for_no_store(kb: KnowledgeBase) -> None:
    """Somebody joins while the store is away: nothing is said on the card, and nothing is waited for."""

    class Gone(MemoryStore):
        async def load(self, key: str) -> None:
            raise StoreUnavailable(key)

    engine = Engine(kb, Gone(), ScriptedChecker(seen(502)), HandClock(), lambda: "e")
    joined = Joined(others=Others(count=1, since=HandClock().now()))
    assert [output async for output in engine.handle("alice", joined)] == []
