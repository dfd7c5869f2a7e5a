"""Does the bot process tell which database it cannot use, and use it once it was mended, without a restart?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from databases import Server
from e2e.bot_process import desk
from e2e.stage import Stage

pytestmark = pytest.mark.soak


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a PostgreSQL server."""
    server = Server()
    yield server
    server.close()


async def _says(server: Server, statement: str) -> None:
    connection = await asyncpg.connect(server.url())
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


async def test_role_without_rights_is_told_and_served_once_it_has_them(
    server: Server, stage: Stage, tmp_path: Path
) -> None:
    """A role that may make no tables is named in the log in one line; after GRANT the bot answers who wrote meanwhile."""
    await server.empty_database()
    await _says(server, "CREATE ROLE plain LOGIN; GRANT USAGE ON SCHEMA public TO plain")
    async with desk(stage, tmp_path, database_url=server.url().replace("postgres@", "plain@")) as at:
        await at.bot.start()
        asking = asyncio.ensure_future(at.card(at.site()))
        await at.stand.record.until(lambda: at.bot.log.count("InsufficientPrivilegeError") > 1, "a word about it")
        await _says(server, "GRANT CREATE ON SCHEMA public TO plain")
        assert "Guide me" in (await asking).buttons
        assert "Traceback" not in at.bot.log, at.bot.log
