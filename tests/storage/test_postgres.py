"""Does the one writer of a process share statements, keep order, and outlive a server that stops?"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
import trustme

from bot.conversation.replies import AskRole
from bot.conversation.state import State
from bot.ports import Commit, Line, StoreRefused, StoreUnavailable
from bot.storage.address import Address, parse
from bot.storage.jobs import Delete, DeletePlace, PutPlace, Read, StateRow, Tick, Write
from bot.storage.ours import NotOurs
from bot.storage.postgres import PostgresWriter, connect
from bot.storage.rows import rows_of
from bot.storage.sql import Database, examine
from databases import Server, open_database
from fakes import HandClock

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def write(key: str, expected: int = 0) -> Write:
    return Write(rows_of(Commit(key, expected, State(), AT, replies=(Line(f"{expected}:0", AskRole()),))))


@pytest.fixture
async def address(server: Server) -> Address:
    address = await server.empty_database()
    await (await open_database(address)).aclose()
    return address


@pytest.fixture
async def writer(address: Address) -> AsyncIterator[PostgresWriter]:
    writer = PostgresWriter(address.url)
    yield writer
    await writer.aclose()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """Return a server that this test alone may stop."""
    server = Server()
    yield server
    server.close()


async def rows(address: Address, query: str) -> list[Any]:
    connection = await asyncpg.connect(address.url)
    try:
        return [tuple(row) for row in await connection.fetch(query)]
    finally:
        await connection.close()


@pytest.fixture
async def plain(own_server: Server) -> Address:
    """Return the database as a role sees it that may make nothing in it, as every new role since PostgreSQL 15."""
    await own_server.empty_database()
    await rows(Address("postgresql", url=own_server.url()), "CREATE ROLE plain LOGIN")
    await rows(Address("postgresql", url=own_server.url()), "GRANT USAGE ON SCHEMA public TO plain")
    return Address("postgresql", url=own_server.url().replace("postgres@", "plain@"))


async def test_role_that_may_make_nothing_is_told_and_let_in_later(own_server: Server, plain: Address) -> None:
    """A role without the right to make tables is told so by name; once it was given the right, the next job is done."""
    database = Database(plain, HandClock())
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match="InsufficientPrivilegeError"):
            await database.submit(write("k"))
    await rows(Address("postgresql", url=own_server.url()), "GRANT CREATE ON SCHEMA public TO plain")
    assert await database.submit(write("k")) is True
    await database.aclose()


async def test_tables_of_somebody_else_are_told(own_server: Server) -> None:
    """A database in which another program made a table of the same name cannot be used, and is no fault of a job."""
    address = await own_server.empty_database()
    await rows(address, "CREATE TABLE places (name text)")
    database = Database(address, HandClock())
    with pytest.raises(NotOurs, match="'places' already, and nothing says that it is ours"):
        await database.submit(write("k"))
    await database.aclose()


@pytest.mark.parametrize("url", ["postgresql://me@/b?port=geheim", "postgresql://me@a,,geheim/b"])
async def test_address_that_the_driver_cannot_read_is_told_without_repeating_it(url: str) -> None:
    """Whatever the driver finds wrong with an address, the store cannot be used, and nothing of it is repeated."""
    writer, database = PostgresWriter(url), Database(Address("postgresql", url=url), HandClock())
    for asked in (writer, database):
        with pytest.raises(StoreUnavailable, match="cannot be read") as told:
            await asked.submit(write("k"))
        assert "geheim" not in str(told.value).removeprefix(database.address.place)
        await asked.aclose()


async def test_certificate_that_is_not_trusted_is_no_fault_of_the_address(tmp_path: Path) -> None:
    """A server that shows a certificate of somebody else is reported as such, not as a typing mistake."""
    theirs, ours = trustme.CA(), tmp_path / "ca.pem"
    trustme.CA().cert_pem.write_to_path(str(ours))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.issue_cert("127.0.0.1").configure_cert(context)

    def answer(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        connection.recv(8)  # SSLRequest
        connection.sendall(b"S")
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secured:
            secured.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        served = asyncio.create_task(asyncio.to_thread(answer, listening))
        port = listening.getsockname()[1]
        url = f"postgresql://me@127.0.0.1:{port}/b?sslmode=verify-full&sslrootcert={ours}"
        with pytest.raises(ssl.SSLCertVerificationError):
            await connect(url)
        await served


async def test_answer_comes_after_the_commit(address: Address, writer: PostgresWriter) -> None:
    """When a job is answered, every other connection sees it."""
    for number in range(5):
        assert await writer.submit(write(f"k{number}")) is True
        assert await rows(address, "SELECT count(*) FROM conversations") == [(number + 1,)]


async def test_many_who_wait_share_few_statements(writer: PostgresWriter, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand conversations that come together need a handful of round trips."""
    batches: list[int] = []
    together = writer._together
    monkeypatch.setattr(writer, "_together", lambda jobs: (batches.append(len(jobs)), together(jobs))[1])
    assert all(await asyncio.gather(*(writer.submit(write(f"k{number}")) for number in range(1000))))
    assert sum(batches) == 1000
    assert len(batches) < 10


async def test_jobs_on_one_thing_keep_their_order(address: Address, writer: PostgresWriter) -> None:
    """Jobs that touch the same conversation or place take effect one after another, as they were asked for."""
    place = PutPlace("discord", "p", "7", None, "{}", 0, 0)
    jobs = [
        write("k"), Read("k"), Tick("k", "0:0"), write("k", 1), write("k", 1), Read("k"), Delete("k"), write("k"),
        place, DeletePlace("discord", "p"), PutPlace("discord", "p", "8", None, "{}", 0, 0),
    ]  # fmt: skip
    outcomes = await asyncio.gather(*(writer.submit(job) for job in jobs))
    versions = [outcome.version for outcome in outcomes if isinstance(outcome, StateRow)]
    assert versions == [1, 2]
    assert [outcomes[0], outcomes[3], outcomes[4], outcomes[7]] == [True, True, False, True]
    assert await rows(address, "SELECT id FROM replies") == [("0:0",)]
    assert await rows(address, "SELECT owner FROM places") == [("8",)]


async def test_processes_in_each_others_way_lose_nothing(address: Address) -> None:
    """Writers that commit the same conversations in different orders settle it: each version is won by exactly one."""
    writers = [PostgresWriter(address.url) for _ in range(4)]
    keys = [f"k{number}" for number in range(40)]
    for version in range(5):
        orders = [keys, keys[::-1], keys[20:] + keys[:20], keys]
        outcomes = await asyncio.gather(
            *(
                asyncio.gather(*(writer.submit(write(key, version)) for key in order))
                for writer, order in zip(writers, orders, strict=True)
            )
        )
        won = [
            key
            for order, row in zip(orders, outcomes, strict=True)
            for key, ours in zip(order, row, strict=True)
            if ours
        ]
        assert sorted(won) == sorted(keys)
    assert await rows(address, "SELECT DISTINCT version FROM conversations") == [(5,)]
    for writer in writers:
        await writer.aclose()


async def test_server_that_stops_is_unavailable_until_it_is_back(own_server: Server) -> None:
    """While the server is away jobs are told so at once; when it is back all goes on by itself, and nothing is lost."""
    address = await own_server.empty_database()
    await (await open_database(address)).aclose()
    writer = PostgresWriter(address.url)
    assert await writer.submit(write("k")) is True
    await asyncio.to_thread(own_server.stop)
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await writer.submit(write("k", 1))
    await asyncio.to_thread(own_server.start)
    assert await writer.submit(write("k", 1)) is True
    row = await writer.submit(Read("k"))
    assert isinstance(row, StateRow)
    assert row.version == 2
    await writer.aclose()


async def test_server_that_hangs_is_unavailable(own_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """A statement that gets no answer ends after some seconds; nobody waits forever."""
    monkeypatch.setattr("bot.storage.postgres.PATIENCE_S", 0.3)
    address = await own_server.empty_database()
    await (await open_database(address)).aclose()
    writer, blocker = PostgresWriter(address.url), await asyncpg.connect(address.url)
    assert await writer.submit(write("k")) is True
    transaction = blocker.transaction()
    await transaction.start()
    await blocker.execute("LOCK TABLE conversations")
    with pytest.raises(StoreUnavailable):
        await asyncio.wait_for(writer.submit(write("k", 1)), 5)
    await transaction.rollback()
    assert await writer.submit(write("k", 1)) is True
    await blocker.close()
    await writer.aclose()


async def test_idle_writer_runs_no_task(writer: PostgresWriter) -> None:
    """Between jobs nothing waits in the loop."""
    before = len(asyncio.all_tasks())
    await writer.submit(write("k"))
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before


async def test_faulty_job_fails_alone(writer: PostgresWriter) -> None:
    """A job that no server takes fails by itself; those around it are committed."""
    jobs = [writer.submit(job) for job in (write("a"), write("nul\0"), write("b"))]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    assert outcomes[0] is outcomes[2] is True
    assert isinstance(outcomes[1], asyncpg.CharacterNotInRepertoireError)


async def test_setting_that_the_server_does_not_take_is_named(server: Server) -> None:
    """A parameter that means nothing to anybody is told by its name; its value, and all else, is not."""
    address = await server.empty_database()
    for query, name in (("foo=geheim", "foo"), ("application_name=x&work_mem=geheim", "work_mem")):
        wrong = parse(f"{address.url}&{query}")
        database = Database(wrong, HandClock())
        with pytest.raises(StoreRefused, match=f"does not take: {name}. Correct it in FIVEOHTWO_DATABASE_URL") as told:
            await database.open()
        assert "geheim" not in str(told.value)
        await database.aclose()
        with pytest.raises(StoreRefused, match=name):
            await examine(wrong)


async def test_parameters_of_libpq_are_no_obstacle(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """An address as hosters write it opens; what nobody understands is named in the log."""
    address = await server.empty_database()
    database = Database(parse(f"{address.url}&channel_binding=require&connect_timeout=10"), HandClock())
    assert await database.submit(write("k")) is True
    assert "channel_binding, connect_timeout" in caplog.text
    await database.aclose()
