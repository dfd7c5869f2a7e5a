"""Does a running bot learn what was deleted beside it, but not whose it was?"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from bot.ports import KeptPlace
from bot.storage.address import Address
from bot.storage.book import SqlPlaceBook
from bot.storage.lifetimes import FORGOTTEN_LIVE_S
from bot.storage.sql import Database, SqlPrivacy
from databases import open_database
from fakes import HandClock

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
BODY = json.dumps({"owner": 77007, "channel": 1, "message": 2})


@pytest.fixture
def clock() -> HandClock:
    """Return the clock of the database."""
    return HandClock(AT)


async def filled(address: Address, clock: HandClock) -> tuple[Database, SqlPrivacy]:
    """Open a database in which two people have a place each."""
    database = await open_database(address, clock)
    book = SqlPlaceBook(database, "discord")
    for key, owner in (("a", "77007"), ("b", "8")):
        book.put(KeptPlace(key, owner, BODY, "9"))
    while len(await book.all()) < 2:
        pass
    return database, SqlPrivacy(database, "discord")


async def test_word_is_left_until_it_is_heard(address: Address, clock: HandClock) -> None:
    """Where the conversations stood is told, without the person's id, until the bot has heard it."""
    database, privacy = await filled(address, clock)
    assert await privacy.forget("77007", tell=True) == ("a",)
    (word,) = await privacy.forgotten()
    assert (word.key, word.server, json.loads(word.body)) == ("a", "9", {"owner": 0, "channel": 1, "message": 2})
    assert await privacy.export("77007") == []
    assert "9" in await privacy.servers()
    await privacy.heard(["a", "unheard-of"])
    assert await privacy.forgotten() == ()
    await database.aclose()


@pytest.mark.parametrize("body", ["{", "[]", ""])
async def test_note_that_nobody_can_read_is_deleted_all_the_same(address: Address, body: str) -> None:
    """What another release wrote, or was damaged, keeps nothing from being deleted."""
    database = await open_database(address)
    book = SqlPlaceBook(database, "discord")
    book.put(KeptPlace("a", "77007", body, "9"))
    while not await book.all():
        pass
    privacy = SqlPrivacy(database, "discord")
    assert await privacy.forget("77007", tell=True) == ("a",)
    assert await privacy.forgotten() == ()
    assert await book.all() == ()
    await database.aclose()


async def test_nobody_is_told_of_what_a_process_deletes_alone(address: Address, clock: HandClock) -> None:
    """Where there is nobody to tell, no word is left."""
    database, privacy = await filled(address, clock)
    await privacy.forget("77007")
    assert await privacy.forgotten() == ()
    await database.aclose()


async def test_same_conversation_is_told_again(address: Address, clock: HandClock) -> None:
    """What was started again, and deleted again before the bot heard of the first time, is one note."""
    database, privacy = await filled(address, clock)
    book = SqlPlaceBook(database, "discord")
    await privacy.forget("77007", tell=True)
    book.put(KeptPlace("a", "77007", BODY, "5"))
    while len(await book.all()) < 2:
        pass
    await privacy.forget("77007", tell=True)
    assert [word.server for word in await privacy.forgotten()] == ["5"]
    await database.aclose()


async def test_word_that_nobody_hears_goes(address: Address, clock: HandClock) -> None:
    """A bot that is off for a week no longer learns of it; a server that removes the bot takes its notes along."""
    database, privacy = await filled(address, clock)
    await privacy.forget("77007", tell=True)
    await privacy.forget("8", tell=True)
    clock.jump(FORGOTTEN_LIVE_S - 10)
    await database.expire()
    assert len(await privacy.forgotten()) == 2
    await privacy.forget_server("9")
    assert await privacy.forgotten() == ()
    await database.aclose()


async def test_word_expires(address: Address, clock: HandClock) -> None:
    """After its time the word is deleted."""
    database, privacy = await filled(address, clock)
    await privacy.forget("77007", tell=True)
    clock.jump(FORGOTTEN_LIVE_S + 10)
    await database.expire()
    assert await privacy.forgotten() == ()
    await database.aclose()
