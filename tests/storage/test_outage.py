"""Does a conversation outlast a database that is gone for a while: told once, nothing lost, on by itself?"""

from __future__ import annotations

import asyncio
import resource
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bot.cli.compose import SystemClock
from bot.conversation.effects import RunChecks
from bot.conversation.events import Chose, Pasted
from bot.conversation.state import Phase
from bot.engine.run import Engine
from bot.kb.model import KnowledgeBase
from bot.storage.address import Address
from bot.storage.sql import SqlStore
from bot.wording import Message
from databases import Server, open_database, sqlite_address
from fakes import ScriptedChecker, numbered_ids
from playbook import NGINX_502, seen

pytestmark = pytest.mark.soak
Outage = Callable[[Address], AbstractContextManager[None]]


@contextmanager
def locked(address: Address) -> Iterator[None]:
    connection = sqlite3.connect(address.path, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")
    connection.close()


@contextmanager
def full(_: Address) -> Iterator[None]:
    """Let this process write nothing behind the first page of any file."""
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limit[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)


@pytest.fixture(params=["sqlite-locked", "sqlite-full", "postgresql-stopped"])
def failing(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Address, Outage]]:
    """Return a database and the way in which it goes away."""
    if request.param.startswith("sqlite"):
        yield sqlite_address(tmp_path), locked if request.param == "sqlite-locked" else full
        return
    server = Server()

    @contextmanager
    def stopped(_: Address) -> Iterator[None]:
        server.stop()
        yield
        server.start()

    yield asyncio.run(server.empty_database()), stopped
    server.close()


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)
    monkeypatch.setattr("bot.engine.run.FIRST_PAUSE_S", 0.05)
    monkeypatch.setattr("bot.engine.run.LONGEST_PAUSE_S", 0.2)


class Person:
    """Somebody in one of several conversations, and what they heard."""

    def __init__(self, engine: Engine, key: str) -> None:
        self.engine = engine
        self.key = key
        self.heard: list[str] = []

    async def does(self, event: Pasted | Chose) -> None:
        outputs: AsyncIterator[object] = self.engine.handle(self.key, event)
        async for output in outputs:
            if isinstance(output, Message):
                self.heard.append(output.key)


async def test_conversations_outlast_an_outage(kb: KnowledgeBase, failing: tuple[Address, Outage]) -> None:
    """People who write during it are told once and answered afterwards; a look that ends during it is not lost."""
    address, outage = failing
    database = await open_database(address, SystemClock())
    checker, ids = ScriptedChecker(seen(502)), iter(numbered_ids())
    checker.gate = asyncio.Event()
    engine = Engine(kb, SqlStore(database), checker, SystemClock(), lambda: next(ids))
    writing, looking = Person(engine, "writing"), Person(engine, "looking")
    await writing.does(Pasted(text=NGINX_502))
    await looking.does(Pasted(text=NGINX_502))
    look = asyncio.ensure_future(looking.does(Chose(choice="visitor")))
    async with asyncio.timeout(20):
        while not checker.asked:  # noqa: ASYNC110 - a checker wakes nobody when it is asked
            await asyncio.sleep(0.01)
    with outage(address):
        checker.gate.set()
        answer = asyncio.ensure_future(writing.does(Chose(choice="visitor")))
        await asyncio.sleep(1.5)
        assert not answer.done()
        assert not look.done()
        assert (writing.heard[-1], looking.heard[-1]) == ("store-away", "result-waits")
    await asyncio.wait_for(asyncio.gather(answer, look), 20)
    assert writing.heard == ["recognised", "ask-role", "store-away", "checking", "verdict"]
    assert looking.heard == ["recognised", "ask-role", "checking", "result-waits", "verdict"]
    assert len(checker.asked) == 2
    for person in (writing, looking):
        stored = await SqlStore(database).load(person.key)
        assert stored is not None
        assert stored.state.phase is Phase.VERDICT
    pending = await SqlStore(database).pending()
    assert not [due for entry in pending for due in entry.effects if isinstance(due.effect, RunChecks)]
    await engine.aclose()
    await database.aclose()
