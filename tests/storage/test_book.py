"""Are places safe although nobody waits for them, even while the database is away?"""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.ports import KeptPlace
from bot.storage.book import SqlPlaceBook
from bot.storage.jobs import Read
from bot.storage.sql import Database
from databases import open_database, sqlite_address
from fakes import HandClock, settle


async def test_surfaces_do_not_meet(database: Database) -> None:
    """Two surfaces may name their conversations alike."""
    one, other = SqlPlaceBook(database, "one"), SqlPlaceBook(database, "other")
    one.put(KeptPlace("k", "7", '{"a":1}'))
    other.put(KeptPlace("k", "8", '{"a":2}'))
    await database.submit(Read("k"))
    assert [place.owner for place in await one.all()] == ["7"]
    assert [place.owner for place in await other.all()] == ["8"]


async def test_newest_place_is_written_when_the_database_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What changed while the file was locked is written afterwards: the newest of each place, once."""
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)
    address, clock = sqlite_address(tmp_path), HandClock()
    database = await open_database(address, clock)
    book = SqlPlaceBook(database, "discord")
    locking = sqlite3.connect(address.path, isolation_level=None)
    locking.execute("BEGIN IMMEDIATE")
    for number in range(3):
        book.put(KeptPlace("k", "7", f'{{"n":{number}}}'))
    await settle_for(0.3)
    locking.execute("COMMIT")
    locking.close()
    await clock.pass_time(2)
    await settle_for(0.2)
    assert [place.body for place in await book.all()] == ['{"n":2}']
    assert book._newest == {}
    await book.aclose()
    await database.aclose()


async def settle_for(seconds: float) -> None:
    await asyncio.sleep(seconds)
    await settle()
