"""What do tests of storage share? One PostgreSQL server a worker, and a database of each kind for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.storage.address import Address
from bot.storage.sql import Database
from databases import Server, open_database, sqlite_address


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
