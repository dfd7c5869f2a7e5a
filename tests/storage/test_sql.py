"""What does a database do beyond the contract: other processes, opening late, expiry, and being closed?"""

from __future__ import annotations

import asyncio
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.util.concurrency import await_only

from bot.conversation.effects import Wake
from bot.conversation.replies import AskRole
from bot.conversation.state import Phase, State
from bot.ports import Commit, Conflict, Due, KeptPlace, Line, Met, StoreUnavailable
from bot.storage.address import Address
from bot.storage.book import SqlPlaceBook
from bot.storage.incidents import SqlIncidents
from bot.storage.lifetimes import CONVERSATIONS_LIVE_S
from bot.storage.sql import Database, SqlPrivacy, SqlStore
from bot.storage.tables import acts, conversations, looks, reports
from databases import Server, open_database, sqlite_address
from fakes import HandClock, settle

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def commit(key: str = "k", expected: int = 0, phase: Phase = Phase.IDLE, at: datetime = AT) -> Commit:
    wake = Due(Wake(id=f"{expected}:wake", after_s=60), at)
    return Commit(key, expected, State(phase=phase), at, (wake,), (Line(f"{expected}:0", AskRole()),))


def everything_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def test_another_process_sees_what_was_acknowledged(address: Address) -> None:
    """What one process committed, the next one loads, without the first having closed anything."""
    first, second = await open_database(address), await open_database(address)
    await SqlStore(first).commit(commit(phase=Phase.STEP))
    stored = await SqlStore(second).load("k")
    assert stored is not None
    assert (stored.state.phase, stored.version) == (Phase.STEP, 1)
    (pending,) = await SqlStore(second).pending()
    assert (len(pending.effects), len(pending.replies)) == (1, 1)
    await first.aclose()
    await second.aclose()


async def test_remembered_state_never_hides_another_process(address: Address) -> None:
    """A process that remembers an older state is told at its commit, and then loads the newer one."""
    first, second = await open_database(address), await open_database(address)
    here, there = SqlStore(first), SqlStore(second)
    await here.commit(commit())
    await there.load("k")
    await there.commit(commit(expected=1, phase=Phase.STEP))
    with pytest.raises(Conflict):
        await here.commit(commit(expected=1, phase=Phase.ENDED))
    stored = await here.load("k")
    assert stored is not None
    assert (stored.state.phase, stored.version) == (Phase.STEP, 2)
    await first.aclose()
    await second.aclose()


async def test_what_another_process_did_is_certain_when_asked_for(address: Address) -> None:
    """A process that must be sure sees what another one committed, and that it deleted, though it remembers more."""
    first, second = await open_database(address), await open_database(address)
    here, there = SqlStore(first), SqlStore(second)
    await here.commit(commit(phase=Phase.STEP))
    await there.load("k")
    await there.commit(commit(expected=1, phase=Phase.ENDED))
    newest = await here.load("k", sure=True)
    assert newest is not None
    assert (newest.state.phase, newest.version) == (Phase.ENDED, 2)
    assert await here.load("k", sure=True) is newest
    await there.forget("k")
    assert await here.load("k") is newest
    assert await here.load("k", sure=True) is None
    assert await here.load("k") is None
    await first.aclose()
    await second.aclose()


async def test_what_is_remembered_does_while_the_store_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is turned away for being unsure: an event waits for the store in any case."""
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)
    address = sqlite_address(tmp_path)
    database = await open_database(address)
    store = SqlStore(database)
    await store.commit(commit(phase=Phase.STEP))

    async def away(_job: object) -> None:
        raise StoreUnavailable("away")

    monkeypatch.setattr(database, "submit", away)
    known = await store.load("k", sure=True)
    assert known is not None
    assert known.state.phase is Phase.STEP
    with pytest.raises(StoreUnavailable):
        await store.load("other", sure=True)
    monkeypatch.undo()
    await database.aclose()


async def test_database_opens_at_the_first_need(address: Address) -> None:
    """Nobody needs to open it: the first job does, and jobs that came meanwhile keep their order."""
    database = Database(address, HandClock())
    store, book = SqlStore(database), SqlPlaceBook(database, "discord")
    book.put(KeptPlace("k", "7", "{}"))
    await asyncio.gather(store.commit(commit("k")), store.commit(commit("other")))
    assert [place.key for place in await book.all()] == ["k"]
    await database.aclose()


async def test_database_that_was_away_opens_later(tmp_path: Path) -> None:
    """A database that cannot be opened fails the jobs that want it, and is opened by a later one."""
    (tmp_path / "folder").write_text("in the way")
    database = Database(Address("sqlite", path=tmp_path / "folder/kept.sqlite3"), HandClock())
    store = SqlStore(database)
    with pytest.raises(StoreUnavailable):
        await store.commit(commit())
    with pytest.raises(StoreUnavailable):
        await store.pending()
    await asyncio.to_thread((tmp_path / "folder").unlink)
    assert await store.commit(commit()) == 1
    await database.aclose()


async def test_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Others on the machine can read neither the file nor its folder."""
    database = await open_database(Address("sqlite", path=tmp_path / "data/kept.sqlite3"))
    await SqlStore(database).commit(commit())
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in (tmp_path / "data").iterdir()} == {0o600}
    await database.aclose()


async def test_everything_expires_by_itself(address: Address) -> None:
    """A conversation goes 30 days after its last event, with all that is pending and its place; younger ones stay."""
    clock = HandClock(AT)
    database = await open_database(address, clock)
    store, book = SqlStore(database), SqlPlaceBook(database, "discord")
    for key in ("old", "young"):
        book.put(KeptPlace(key, "7", "{}"))
        await store.commit(commit(key))
    await clock.pass_time(CONVERSATIONS_LIVE_S - 60)
    await store.commit(commit("young", 1, at=clock.now()))
    await clock.pass_time(3600)
    for _ in range(100):
        await asyncio.sleep(0.02)
        await clock.pass_time(1800)
        if await SqlStore(database).load("old") is None:
            break
    assert await SqlStore(database).load("old") is None
    assert [pending.key for pending in await store.pending()] == ["young"]
    assert [place.key for place in await book.all()] == ["young"]
    assert await SqlStore(database).load("young") is not None
    await database.aclose()


async def test_many_rows_expire_in_small_transactions(database: Database) -> None:
    """More rows than one transaction deletes go as well, and nothing is left of them."""
    store = SqlStore(database)
    long_ago = AT - timedelta(days=60)
    await asyncio.gather(*(store.commit(commit(f"k{number}", at=long_ago)) for number in range(1200)))
    await database.expire()
    assert await store.pending() == ()
    assert await SqlStore(database).load("k7") is None
    assert await database.expire() == 0


async def test_nothing_that_expired_stays_in_the_files(tmp_path: Path) -> None:
    """What is over is overwritten where it stood, although the file's log had long been written back into it."""
    address = sqlite_address(tmp_path)
    clock = HandClock(AT)
    database = await open_database(address, clock)
    store = SqlStore(database)
    for number in range(30):
        await store.commit(Commit(f"k{number}", 0, State(host=f"unmistakable-{number}.example.com"), AT))
    await database.settle()
    assert b"unmistakable" in address.path.read_bytes()
    clock.jump(CONVERSATIONS_LIVE_S + 60)
    assert await database.expire() == 30
    assert b"unmistakable" not in everything_in(tmp_path)
    await database.aclose()


async def test_everything_that_is_over_goes_at_once(database: Database) -> None:
    """However many acts and looks are over, one run deletes them all."""
    over = AT.timestamp() - 400 * 86400
    act = {"owner": "7", "server": None, "kind": "check", "at": over, "expires_at": over}
    look = {"rules": "", "host": "x", "began_at": over, "held_until": 0.0, "fresh_until": 0.0, "expires_at": over}

    def fill(connection: Connection) -> None:
        connection.execute(insert(acts), [act | {"id": str(number)} for number in range(1000)])
        connection.execute(insert(looks), [look | {"url": f"http://{number}/"} for number in range(1000)])

    def left(connection: Connection) -> int:
        counts = (select(func.count()).select_from(table) for table in (acts, looks))
        return sum(connection.execute(count).scalar_one() for count in counts)

    await database.ask(fill)
    await database.expire()
    assert await database.ask(left) == 0


async def test_expiry_waits_for_nobody(server: Server) -> None:
    """Rows that somebody is just deleting are skipped: two that wait for each other would both be lost."""
    address = await server.empty_database()
    database, other = await open_database(address), await open_database(address)
    long_ago = AT - timedelta(days=60)
    for key in ("held", "free"):
        await SqlStore(database).commit(commit(key, at=long_ago))
        await SqlIncidents(database).note(Met("9", f"{key}.example.com", "7", long_ago))
    holding, go_on = asyncio.Event(), asyncio.Event()

    def hold(connection: Connection) -> None:
        for table, column in ((conversations, conversations.c.key), (reports, reports.c.site)):
            connection.execute(select(table).where(column.startswith("held")).with_for_update())
        holding.set()
        await_only(go_on.wait())

    held = asyncio.ensure_future(other.ask(hold))
    await holding.wait()
    assert await asyncio.wait_for(database.expire(), 5) == 2
    go_on.set()
    await held
    assert await database.expire() == 2
    await database.aclose()
    await other.aclose()


async def test_expiry_goes_on_after_a_failure(server: Server) -> None:
    """A run that fails, for whatever reason, is logged and not the last one; closing closes everything all the same."""
    clock = HandClock(AT)
    address = await server.empty_database()
    database = await open_database(address, clock)
    await SqlStore(database).commit(commit("old", at=AT - timedelta(days=60)))
    await database.ask(lambda connection: connection.execute(text("ALTER TABLE places RENAME TO elsewhere")))
    with pytest.raises(DBAPIError):
        await database.expire()
    await _run_of_expiry(clock)
    await database.ask(lambda connection: connection.execute(text("ALTER TABLE elsewhere RENAME TO places")))
    await _run_of_expiry(clock)
    assert await SqlStore(database).load("old") is None
    await database.aclose()


async def _run_of_expiry(clock: HandClock) -> None:
    """Let the hour pass, and wait until the task rests again."""
    await clock.pass_time(3601)
    async with asyncio.timeout(5):
        while not clock.asleep:  # noqa: ASYNC110 - the task tells nobody
            await asyncio.sleep(0.02)


async def test_nothing_of_a_forgotten_person_stays_in_the_files(tmp_path: Path) -> None:
    """After somebody was forgotten, no byte of their conversation is in the file or its log."""
    address = sqlite_address(tmp_path)
    database = await open_database(address)
    store, book, privacy = SqlStore(database), SqlPlaceBook(database, "discord"), SqlPrivacy(database, "discord")
    for number in range(30):
        book.put(KeptPlace(f"k{number}", "7", "{}"))
        state = State(host=f"unmistakable-{number}.example.com")
        await store.commit(Commit(f"k{number}", 0, state, AT))
    assert len(await privacy.forget("7")) == 30
    await settle()
    assert b"unmistakable" not in everything_in(tmp_path)
    await database.aclose()


async def test_closing_finishes_what_was_asked(address: Address) -> None:
    """Jobs that were queued when the database is closed are still committed."""
    database = await open_database(address)
    store = SqlStore(database)
    jobs = [asyncio.ensure_future(store.commit(commit(f"k{number}"))) for number in range(50)]
    await asyncio.sleep(0)
    await database.aclose()
    assert await asyncio.gather(*jobs) == [1] * 50
