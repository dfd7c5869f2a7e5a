"""Is what somebody deleted beside the running bot gone from its memory and its channels, and does it stay gone?"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from bot.cli.compose import SystemClock
from bot.storage.address import Address
from bot.storage.sql import Database, SqlPrivacy
from e2e.stage import Stage
from surfaces.discord.discord_world import BAD_GATEWAY, World, discord_world, opened, panel, text, until, whispers

OF_NOBODY = {"alembic_version", "applications", "outcomes"}


@pytest.fixture
async def lasting(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[World]:
    """Return a server whose bot keeps its conversations in a file, and learns of others' deletions when it must."""
    monkeypatch.setattr("bot.surfaces.discord.forgetting.EVERY_S", 3600.0)
    async with discord_world(stage, monkeypatch, database_url=f"sqlite:///{tmp_path}/bot.sqlite3") as world:
        yield world


def rows(folder: Path) -> dict[str, int]:
    """Return how many rows of people there are; empty tables are left out."""
    with closing(sqlite3.connect(folder / "bot.sqlite3")) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        counts = {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for (name,) in tables}
    return {name: count for name, count in counts.items() if count and name not in OF_NOBODY}


async def forget_beside(folder: Path, person: Any) -> None:
    """Delete a person's data as `fiveohtwo db forget` does."""
    database = Database(Address("sqlite", path=folder / "bot.sqlite3"), SystemClock())
    await SqlPrivacy(database, "discord").forget(str(person.id), tell=True)
    await database.aclose()


async def carded(world: World) -> Any:
    """Alice pastes an error; return the card."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    return world.card


@pytest.mark.parametrize("choice", ["guide", "recheck", "why", "watch"])
async def test_card_of_a_deleted_conversation_brings_nothing_back(lasting: World, tmp_path: Path, choice: str) -> None:
    """Pressing a button on a card that is still there has no effect, and the card goes."""
    card = await carded(lasting)
    await forget_beside(tmp_path, lasting.alice)
    assert set(rows(tmp_path)) == {"forgotten"}
    await lasting.click(card, choice, lasting.bob)
    await lasting.env.settle()
    await lasting.bot.forgetting.hear()
    assert rows(tmp_path) == {}
    assert lasting.ours() == []
    assert lasting.threads == []


async def test_hint_of_a_deleted_conversation_is_not_taken(lasting: World, tmp_path: Path) -> None:
    """A message is not read again for somebody who wanted to be forgotten."""
    await lasting.bot.modes.set(lasting.guild.id, 0, "offer")
    hint = await carded(lasting)
    await until(lambda: "places" in rows(tmp_path))  # nothing else is kept of a hint, and it is written beside
    await forget_beside(tmp_path, lasting.alice)
    result = await lasting.click(hint, "look", lasting.alice)
    assert "cannot read that message" in text(whispers(result)[0])
    assert set(rows(tmp_path)) == {"preferences"}
    assert lasting.ours() == []


async def test_step_of_a_deleted_conversation_leaves_no_row(lasting: World, tmp_path: Path) -> None:
    """A button in the thread says that nothing is known any more; all that is kept of it is where it was pressed."""
    _, thread = await opened(lasting, "shop", BAD_GATEWAY)
    await lasting.click(panel(lasting, thread), "visitor")
    standing = panel(lasting, thread)
    await forget_beside(tmp_path, lasting.alice)
    await lasting.click(standing, "works")
    assert "no longer know this conversation" in text(panel(lasting, thread))
    assert set(rows(tmp_path)) <= {"places"}
    await forget_beside(tmp_path, lasting.alice)
    await lasting.bot.forgetting.hear()
    assert rows(tmp_path) == {}


async def test_words_after_the_deletion_begin_anew(lasting: World, tmp_path: Path) -> None:
    """What the person says from then on is a conversation that they can find and delete, like any other."""
    _, thread = await opened(lasting, "shop", BAD_GATEWAY)
    await forget_beside(tmp_path, lasting.alice)
    await lasting.paste(f"502 Bad Gateway nginx/1.24.0 at {lasting.site('other', BAD_GATEWAY)}", channel=thread)
    await lasting.bot.forgetting.hear()
    assert rows(tmp_path)["conversations"] == rows(tmp_path)["places"] == 1
    (kept,) = [entry for entry in await lasting.bot.data_of(lasting.alice.id) if "conversation" in entry]
    assert kept["state"]["host"] == "other.example.com"
    await forget_beside(tmp_path, lasting.alice)
    await lasting.bot.forgetting.hear()
    assert rows(tmp_path) == {}


async def test_bot_hears_of_it_by_itself(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody presses anything: the card goes, and nothing is remembered."""
    monkeypatch.setattr("bot.surfaces.discord.forgetting.EVERY_S", 0.05)
    async with discord_world(stage, monkeypatch, database_url=f"sqlite:///{tmp_path}/bot.sqlite3") as world:
        await carded(world)
        await forget_beside(tmp_path, world.alice)
        await until(lambda: not world.ours() and not rows(tmp_path))
        assert (await world.bot.loaded()).places.of_owner(world.alice.id) == []


async def test_bot_that_was_not_running_hears_of_it_at_its_start(lasting: World, tmp_path: Path) -> None:
    """The next process knows nothing of the card, and takes it away all the same."""
    await carded(lasting)
    await forget_beside(tmp_path, lasting.alice)
    await lasting.restart()
    await lasting.bot.loaded()
    await until(lambda: not lasting.ours() and not rows(tmp_path))


async def test_others_keep_theirs(lasting: World, tmp_path: Path) -> None:
    """Of nobody else anything is forgotten, and no card of theirs goes."""
    await carded(lasting)
    site = lasting.site("bobs", BAD_GATEWAY)
    await lasting.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {site}", lasting.bob)
    await forget_beside(tmp_path, lasting.alice)
    assert len(await lasting.bot.forgetting.hear()) == 1
    assert await lasting.bot.forgetting.hear() == frozenset()
    (card,) = lasting.ours()
    assert "bobs.example.com" in text(card)
    assert rows(tmp_path)["conversations"] == 1


async def test_word_for_other_shards_is_left_to_their_process(
    lasting: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that does not answer for the server leaves the word to the one that holds the conversation."""
    await carded(lasting)
    await forget_beside(tmp_path, lasting.alice)
    monkeypatch.setattr(lasting.bot.forgetting._recall, "shards", frozenset)
    assert await lasting.bot.forgetting.hear() == frozenset()
    assert rows(tmp_path) == {"forgotten": 1}
    monkeypatch.undo()
    assert len(await lasting.bot.forgetting.hear()) == 1


@pytest.mark.parametrize("choice", ["recheck", "watch", "guide"])
async def test_card_that_discord_did_not_delete_brings_nothing_back(
    lasting: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, choice: str
) -> None:
    """Alice deletes her data, and Discord fails once: Bob is told that it is forgotten, and the card goes later."""
    card = await carded(lasting)
    lasting.env.inject_error("DELETE", f"/channels/{lasting.channel.id}/messages/*", status=503, code=0)
    await lasting.alice.slash(lasting.channel, "privacy", what="delete")
    await lasting.env.settle()
    assert rows(tmp_path) == {"forgotten": 1}
    (told,) = whispers(await lasting.click(card, choice, lasting.bob))
    assert "no longer know" in text(told)
    assert rows(tmp_path) == {"forgotten": 1}
    monkeypatch.setattr(lasting.bot.following.removing, "_now", lambda: time.monotonic() + 60.0)
    assert len(await lasting.bot.forgetting.hear()) == 1
    assert lasting.ours() == []
    assert rows(tmp_path) == {}


async def test_word_of_a_card_that_stands_outlives_a_restart(lasting: World, tmp_path: Path) -> None:
    """The process ends before it could take the card away: the next one does."""
    await carded(lasting)
    lasting.env.inject_error("DELETE", f"/channels/{lasting.channel.id}/messages/*", status=503, code=0)
    await lasting.alice.slash(lasting.channel, "privacy", what="delete")
    await lasting.env.settle()
    await lasting.restart()
    await lasting.bot.loaded()
    await until(lambda: not lasting.ours() and not rows(tmp_path))
