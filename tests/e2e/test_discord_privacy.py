"""Does the unmodified bot process keep what PRIVACY.md promises: is what was deleted gone, and does it stay gone?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing

import pytest

from e2e.bot_process import Desk, pause
from e2e.command import Command
from e2e.stage import SILENCE

pytestmark = pytest.mark.soak
PASTE = "help, I get 502 Bad Gateway nginx/1.24.0"
OF_NOBODY = {"alembic_version", "outcomes", "duties", "applications"}


def rows(at: Desk) -> dict[str, int]:
    """Return how many rows each table of the bot's file has that may say something of people; empty ones left out."""
    return {table: count for table, count in _counts(at) if count and table not in OF_NOBODY}


def _counts(at: Desk) -> Iterator[tuple[str, int]]:
    (place,) = at.bot.home.rglob("*.sqlite3")
    with closing(sqlite3.connect(place)) as connection:
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            yield table, connection.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0]


async def test_data_deleted_during_a_look_stays_deleted(at: Desk) -> None:
    """The result of the look comes late: it brings neither a row nor the card back."""
    at.alice.writes(at.channel, f"{PASTE} at {at.site(SILENCE)}")
    await at.alice.until(at.channel, lambda one: "Looking at" in one.text, "a look")
    await at.alice.uses_slash(at.channel, "privacy", what="delete")
    await at.stand.record.until(lambda: not at.bob.sees(at.channel), "the card to go")
    await pause(8.0)  # the look takes five seconds at most
    assert rows(at) == {}
    assert at.bob.sees(at.channel) == []


async def test_data_deleted_by_the_operator_stays_deleted(at: Desk, command: Command) -> None:
    """`db forget` beside the running bot: pressing what is still there brings nothing back, and the card goes."""
    card = await at.card(at.site())
    thread, panel = await at.guided(card)
    await at.presses(panel, "I am visiting it", "Step 1")
    (place,) = at.bot.home.rglob("*.sqlite3")
    done = await asyncio.to_thread(command.run, "db", "forget", at.alice.id, database_url=f"sqlite:///{place}")
    assert "Deleted: 2 conversation(s)" in done.stdout
    assert not (await at.bob.clicks(card, "Guide me")).failed
    await at.stand.record.until(lambda: not at.bob.sees(at.channel), "the card to go")
    await at.stand.record.until(lambda: rows(at) == {}, f"nothing left: {rows(at)}")
    assert "was deleted" in at.alice.sees(thread)[-1].text
    assert not at.alice.sees(thread)[-1].buttons


async def test_server_that_removed_the_bot_meanwhile_is_forgotten(at: Desk) -> None:
    """Discord tells nothing of what happened while the bot was away: the server is just not there any more."""
    await at.mod.uses_slash(at.channel, "settings", mode="offer")
    await at.called(at.alice)
    await at.bot.restart()
    await at.stand.record.until(lambda: at.stand.gateway.online, "online again")
    await pause(2.0)
    assert {"preferences", "places", "conversations", "reports"} <= set(rows(at)), "a server that is there keeps all"
    await at.bot.kill()
    at.stand.world.guilds.clear()
    await at.bot.start()
    await at.stand.record.until(lambda: rows(at) == {}, "nothing left")


async def test_others_bring_nothing_of_a_thread_back(at: Desk) -> None:
    """Alice's thread is closed and its panel has no buttons any more; Bob's words in it are nobody's conversation."""
    thread, panel = await at.guided(await at.card(at.site()))
    await at.presses(panel, "I am visiting it", "Step 1")
    await at.alice.uses_slash(at.channel, "privacy", what="delete")
    await at.closed(thread, "down")
    assert not next(one for one in at.bob.sees(thread) if one.id == panel.id).buttons
    at.bob.writes(thread, "what happened here?")
    await pause(2.0)
    assert rows(at) == {}


async def test_data_deleted_while_a_thread_opens_stays_deleted(at: Desk) -> None:
    """Discord takes its time with the thread, and Alice deletes her data meanwhile: nothing begins in the thread."""
    card = await at.card(at.site())
    at.stand.faults.slow("/threads", 2.0)
    clicking = asyncio.ensure_future(at.alice.clicks(card, "Guide me"))
    await pause(0.7)
    await at.alice.uses_slash(at.channel, "privacy", what="delete")
    outcome = await clicking
    await at.stand.record.until(lambda: any("no longer know" in one.text for one in outcome.told), "a word")
    await pause(1.0)
    assert rows(at) == {}
    (thread,) = at.threads
    assert not any(one.buttons for one in at.alice.sees(thread))


async def test_watch_asked_for_before_the_deletion_is_over(at: Desk) -> None:
    """Alice deletes her data while the site is looked at: nobody keeps looking for her."""
    asking = asyncio.ensure_future(at.alice.uses_slash(at.channel, "watch", url=at.site(SILENCE)))
    await asyncio.to_thread(at.stage.wait_for_request, "shop")
    await at.alice.uses_slash(at.channel, "privacy", what="delete")
    outcome = await asking
    await at.stand.record.until(lambda: "was deleted" in outcome.answer.text, "an answer", 15.0)
    assert rows(at) == {}
