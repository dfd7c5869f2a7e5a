"""Does a database belong to one bot, and is none of it lost to another one?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from bot.ports import KeptPlace
from bot.storage import whose
from bot.storage.address import Address
from bot.storage.book import SqlPlaceBook
from bot.storage.ours import AnotherBots, Bot
from bot.storage.sql import Database, SqlPreferences, SqlPrivacy
from bot.storage.whose import JUDGED_EVERY_S, SETTLES_WITHIN_S
from databases import open_database
from fakes import HandClock

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)
OURS, THEIRS = Bot("discord", "5"), Bot("discord", "6")


async def opened(address: Address, bot: Bot | None, clock: HandClock | None = None) -> Database:
    """Open a database as a bot does."""
    database = Database(address, clock or HandClock(AT), bot=bot)
    await database.open()
    return database


async def test_first_bot_makes_it_its_own(address: Address) -> None:
    """A new database is its first bot's, which may forget servers from the beginning, at every start."""
    for _ in range(2):
        database = await opened(address, OURS)
        assert await SqlPrivacy(database, "discord").is_settled()
        await database.aclose()


async def test_another_bot_is_refused_with_the_way_out(address: Address) -> None:
    """Another bot is told whose it is and what to do; refusals are announced, at each use again."""
    await (await opened(address, OURS)).aclose()
    heard: list[Exception] = []
    database = Database(address, HandClock(AT), bot=THEIRS, refused=heard.append)
    for _ in range(2):
        with pytest.raises(AnotherBots, match=r"application 5; the token is of 6.*fiveohtwo db release"):
            await SqlPreferences(database).all("discord-mode")
    assert len(heard) == 2
    await database.aclose()


async def test_operator_needs_no_bot(address: Address) -> None:
    """Commands and the watcher open every bot's database, and make none their own."""
    await (await opened(address, OURS)).aclose()
    database = await opened(address, None)
    assert await database.ask(lambda connection: whose.release(connection, "discord")) == "5"
    assert await database.ask(lambda connection: whose.release(connection, "discord")) is None
    assert not await SqlPrivacy(database, "discord").is_settled()
    await database.aclose()


async def test_running_bot_is_told_when_another_takes_over(address: Address) -> None:
    """Released, a database stays in use; once another bot has made it its own, the first one is refused, in a minute."""
    clock, heard = HandClock(AT), list[Exception]()
    ours = Database(address, clock, bot=OURS, refused=heard.append)
    await ours.open()
    await ours.ask(lambda connection: whose.release(connection, "discord"))
    await minutes_pass(clock, heard, 1)
    assert heard == []
    theirs = await opened(address, THEIRS)
    await minutes_pass(clock, heard, 2)
    (refusal,) = heard
    assert isinstance(refusal, AnotherBots)
    assert "application 6; the token is of 5" in str(refusal)
    await theirs.aclose()
    await ours.aclose()


async def minutes_pass(clock: HandClock, heard: list[Exception], count: int) -> None:
    """Let time pass until something is heard, for at most this many minutes; the database answers in its own time."""
    for _ in range(count):
        await clock.pass_time(JUDGED_EVERY_S)
        for _ in range(50):
            if heard:
                return
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("kept", ["place", "preference"])
async def test_filled_database_is_left_whole_for_a_day(address: Address, kept: str) -> None:
    """A bot that takes over existing data, perhaps the wrong bot, does not know for a day which servers are gone."""
    database = await open_database(address)
    if kept == "place":
        book = SqlPlaceBook(database, "discord")
        book.put(KeptPlace("k", "7", "{}", "9"))
        await book.aclose()
    else:
        await SqlPreferences(database).put("discord-mode", "9", "0", "off")
    await database.aclose()
    clock = HandClock(AT)
    for seconds, settled in ((0, False), (SETTLES_WITHIN_S - 10, False), (20, True)):
        clock.jump(seconds)
        database = await opened(address, OURS, clock)
        assert await SqlPrivacy(database, "discord").is_settled() is settled
        await database.aclose()
