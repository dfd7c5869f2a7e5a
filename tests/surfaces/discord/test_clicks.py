"""Does a click act on the step that it was meant for, whatever other processes did to the conversation meanwhile?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.conversation.events import Chose
from bot.engine.run import Engine
from bot.storage.address import Address
from bot.storage.sql import Database, SqlStore
from bot.surfaces.discord.custom_id import decode
from databases import open_database
from fakes import HandClock, ScriptedChecker, numbered_ids
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    World,
    choices,
    opened,
    panel,
    text,
    whispers,
)


@pytest.fixture
async def theirs(lasting: World, tmp_path: Path) -> AsyncIterator[Database]:
    """Return the same database as another process opens it."""
    assert lasting.bot.user is not None
    database = await open_database(Address("sqlite", path=tmp_path / "bot.sqlite3"))
    yield database
    await database.aclose()


async def at_the_first_step(world: World) -> tuple[object, str]:
    """Alice is guided to the first step; return the thread and the name of her conversation."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    click = decode(choices(panel(world, thread))["skip"])
    assert click is not None
    return thread, click.key


async def test_step_that_another_process_took_is_shown_and_not_passed(lasting: World, theirs: Database) -> None:
    """Another process went on to the second step: whoever then skips the first, on the old panel, sees the second."""
    thread, key = await at_the_first_step(lasting)
    kb, ids = lasting.bot.phrases.kb, iter(numbered_ids())
    engine = Engine(kb, SqlStore(theirs), ScriptedChecker(), HandClock(), lambda: next(ids))
    async for _ in engine.handle(key, Chose(choice="skip")):
        pass
    (told,) = whispers(await lasting.click(panel(lasting, thread), "skip"))
    assert "an earlier step" in text(told)
    assert "Step 2" in text(panel(lasting, thread))
    await lasting.click(panel(lasting, thread), "skip")
    assert "Step 3" in text(panel(lasting, thread))


async def test_conversation_that_another_process_deleted_is_told_as_forgotten(lasting: World, theirs: Database) -> None:
    """A click on what was deleted elsewhere a moment ago starts nothing new and says so."""
    thread, key = await at_the_first_step(lasting)
    await SqlStore(theirs).forget(key)
    await lasting.click(panel(lasting, thread), "skip")
    assert "I no longer know this conversation" in text(panel(lasting, thread))
    assert await SqlStore(theirs).load(key) is None
