"""What do tests of storage share? One PostgreSQL server per worker, and a database of each kind for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.storage.address import Address
from bot.storage.book import SqlPlaceBook
from bot.storage.incidents import SqlIncidents
from bot.storage.memory import MemoryPlaceBook, MemoryPreferences, MemoryPrivacy, MemoryStore
from bot.storage.memory_incidents import MemoryIncidents
from bot.storage.memory_watches import MemoryWatches
from bot.storage.sql import Database, SqlPreferences, SqlPrivacy, SqlStore
from databases import Server, Storage, open_database, sqlite_address
from fakes import HandClock


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Storage]:
    """Return a storage of each kind in turn, empty."""
    if request.param == "memory":
        store, preferences, book = MemoryStore(), MemoryPreferences(), MemoryPlaceBook(HandClock())
        incidents = MemoryIncidents()
        privacy = MemoryPrivacy(store, book, preferences, MemoryWatches(), incidents)
        yield Storage(store, preferences, book, privacy, incidents)
        return
    if request.param == "sqlite":
        address = sqlite_address(tmp_path)
    else:
        server: Server = request.getfixturevalue("server")
        address = await server.empty_database()
    database = await open_database(address)
    book = SqlPlaceBook(database, "discord")
    privacy = SqlPrivacy(database, "discord")
    yield Storage(SqlStore(database), SqlPreferences(database), book, privacy, SqlIncidents(database))
    await book.aclose()
    await database.aclose()


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Return a running PostgreSQL server."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> Address:
    """Return the address of an empty database, of each kind in turn."""
    if request.param == "sqlite":
        return sqlite_address(tmp_path)
    server: Server = request.getfixturevalue("server")
    return await server.empty_database()


@pytest.fixture
async def database(address: Address) -> AsyncIterator[Database]:
    """Return an open database, of each kind in turn."""
    database = await open_database(address)
    yield database
    await database.aclose()
