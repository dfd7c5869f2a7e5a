"""Is a conversation the same one, whether it lives in memory or in a database that forgets nothing and no more?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.conversation.events import Cancelled, Checked, Chose, Event, Pasted, Woke
from bot.conversation.replies import CHOICES
from bot.conversation.state import State
from bot.diagnosis.findings import Failure
from bot.engine.outbox import Outbox, awaited
from bot.kb.model import KnowledgeBase
from bot.storage import schema
from bot.storage.sql import Database, SqlStore
from databases import Server, sqlite_address
from fakes import HandClock
from playbook import AT, NGINX_502, NGINX_502_NO_ADDRESS, Playbook, report, seen
from storage.test_schema import RELEASED, ask

TEXTS = (
    NGINX_502,
    NGINX_502_NO_ADDRESS,
    "shop.example.com",
    "lorem ipsum",
    "Error 0x80244021",
    "works now",
    "\0",
    "502",
)
REPORTS = (
    seen(200), seen(502), seen(503, writer="gateway"), seen(failure=("dns", Failure.NXDOMAIN)),
    report(refusal="loopback-v4"),
)  # fmt: skip
ACTIONS = st.one_of(
    st.tuples(st.just("text"), st.sampled_from(TEXTS)),
    st.tuples(st.just("pick"), st.integers(0, 11)),
    st.tuples(st.just("pick"), st.integers(0, 11)),
    st.tuples(st.just("choice"), st.sampled_from(sorted(CHOICES))),
    st.tuples(st.just("look"), st.sampled_from(range(len(REPORTS)))),
    st.tuples(st.just("stale"), st.just(0)),
    st.tuples(st.just("silence"), st.just(0)),
    st.tuples(st.just("again"), st.just(0)),
    st.tuples(st.just("leave"), st.just(0)),
)


@pytest.fixture(params=["sqlite", "postgresql"])
def runner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """Return a loop, and an address on it: an empty database of each kind in turn."""
    with asyncio.Runner() as runner:
        if request.param == "sqlite":
            yield runner, sqlite_address(tmp_path)
        else:
            server: Server = request.getfixturevalue("server")
            yield runner, runner.run(server.empty_database())


def event_of(book: Playbook, action: tuple[str, Any], name: str, before: Event) -> Event | None:
    match action:
        case ("text", text):
            return Pasted(id=name, at=AT, text=text)
        case ("pick", number):
            offered = book.offered
            return Chose(id=name, at=AT, choice=offered[number % len(offered)]) if offered else None
        case ("choice", choice):
            return Chose(id=name, at=AT, choice=choice)
        case ("look", number):
            return Checked(id=name, at=AT, effect=book.state.waiting_for or "nobody", report=REPORTS[number])
        case ("stale", _):
            return Woke(id=name, at=AT, effect="long ago")
        case ("silence", _):
            return Woke(id=name, at=AT, effect=book.state.wake or "never")
        case ("again", _):
            return before
        case _:
            return Cancelled(id=name, at=AT)


@pytest.mark.parametrize("revision", RELEASED)
def test_database_and_memory_agree_after_every_event(kb: KnowledgeBase, runner: Any, revision: str) -> None:
    """Loaded from the database before every event, as after a restart, a conversation takes any events as in memory.

    What is pending is what the state waits for, no more and no less, and every reply waits until it was shown.
    """
    loop, address = runner
    loop.run(ask(address, lambda connection: schema.upgrade(connection, revision)))
    database = Database(address, HandClock())
    loop.run(database.open())
    conversations = iter(range(1 << 30))

    async def one_event(key: str, event: Event, book: Playbook, came: set[str], *, thoroughly: bool) -> None:
        store = SqlStore(database)
        decided = await Outbox(kb, store).decide(key, event)
        stored = await SqlStore(database).load(key)
        assert stored is not None
        assert stored.state == decided.state == book.state
        assert tuple(line.reply for line in decided.lines) == book.replies
        if isinstance(event, Checked | Woke):
            came.add(event.effect)
        if thoroughly:
            pending = await store.pending(key)
            assert {due.effect.id for entry in pending for due in entry.effects} == awaited(book.state) - came
            assert tuple(line for entry in pending for line in entry.replies) == decided.lines
        if decided.lines:
            await store.shown(key, decided.lines[-1].id)

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(script=st.lists(ACTIONS, max_size=12))
    def any_script(script: list[tuple[str, Any]]) -> None:
        book, key = Playbook(kb, State()), f"k{next(conversations)}"
        came: set[str] = set()
        event: Event = Chose(id=f"{key}-start", at=AT, choice="restart")
        for number, action in enumerate([("first", 0), *script]):
            following = event if number == 0 else event_of(book, action, f"{key}-{number}", event)
            if following is None:
                continue
            event = following
            book.feed(event)
            thoroughly = address.kind == "sqlite" or number == len(script)
            loop.run(one_event(key, event, book, came, thoroughly=thoroughly))
        loop.run(SqlStore(database).forget(key))

    any_script()
    loop.run(database.aclose())
