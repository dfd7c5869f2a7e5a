"""Where does Guide me lead the card's person, when something is in the way of their thread?"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import discord
import pytest

from e2e.stage import Stage
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    World,
    all_of,
    choices,
    discord_world,
    opened,
    panel,
    text,
    whispers,
)

HAS_THREAD = discord.MessageFlags(has_thread=True).value


async def test_locked_thread_is_no_way_on_from_the_card(world: World) -> None:
    """Where a moderator locked the thread, Guide me does not lead into it: it guides the person alone."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True, "archived": True})
    await world.env.settle()
    result = await world.click(world.card, "guide")
    assert "cannot open a thread here" in text(whispers(result)[0])
    assert "Are you visiting" in text(whispers(result)[0])
    assert len(world.threads) == 1


async def test_thread_without_a_conversation_is_begun_in(world: World) -> None:
    """The process ended when it had opened the thread and said nothing: the next Guide me begins there."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    card, me = world.card.id, world.bot.user
    assert me is not None
    world.env.backend.create_thread(world.channel.id, "shop", me.id, message_id=card)
    world.env.backend.get_message(world.channel.id, card).flags |= HAS_THREAD
    await world.env.settle()
    result = await world.click(world.card, "guide")
    (thread,) = world.threads
    assert thread.id == card
    assert thread.mention in text(whispers(result)[0])
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))


async def test_thread_that_people_opened_at_the_card_stays_theirs(world: World) -> None:
    """Somebody opened a thread at the card to talk about it: its person is guided alone."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    card = world.card.id
    world.env.backend.create_thread(world.channel.id, "what is this?", world.bob.id, message_id=card)
    world.env.backend.get_message(world.channel.id, card).flags |= HAS_THREAD
    await world.env.settle()
    result = await world.click(world.card, "guide")
    assert "Are you visiting" in text(whispers(result)[0])
    assert world.ours(world.threads[0]) == []


async def test_thread_is_opened_for_a_conversation_that_is_kept(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The store takes nothing: no thread is opened in vain; when it is back, Guide me leads on."""
    monkeypatch.setattr("bot.storage.sqlite.LOCKED_FOR_S", 0.05)
    async with discord_world(stage, monkeypatch, database_url=f"sqlite:///{tmp_path}/bot.sqlite3") as world:
        await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
        locking = sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None)
        locking.execute("BEGIN IMMEDIATE")
        result = await world.click(world.card, "guide")
        assert "wrong on my side" in text(whispers(result)[0])
        assert world.threads == []
        locking.execute("ROLLBACK")
        locking.close()
        await world.click(world.card, "guide")
        assert "Are you visiting" in text(panel(world, world.threads[0]))


@pytest.mark.parametrize("end", ["stop", "works", "restart"])
async def test_thread_that_is_over_is_begun_in_again(world: World, end: str) -> None:
    """The conversation in the card's thread has ended, and the site fails again: the same thread leads on from there."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.click(panel(world, thread), "stop" if end == "restart" else end)
    over = panel(world, thread).id
    if end == "restart":
        await world.click(panel(world, thread), "restart")
    await world.click(world.card, "recheck")
    result = await world.click(world.card, "guide")
    assert "Let us go on here" in text(whispers(result)[0])
    assert [one.id for one in world.threads] == [thread.id]
    assert not world.env.backend.channels[thread.id].thread_metadata.archived
    assert "is down" in all_of(world.ours(thread)[-2:])
    assert "Are you visiting" in text(panel(world, thread))
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))
    (old,) = [message for message in world.ours(thread) if message.id == over]
    assert choices(old) == {}
    again = await world.click(world.card, "guide")
    assert "already at it" in text(whispers(again)[0])


async def test_thread_that_is_over_is_begun_in_after_a_restart(world: World) -> None:
    """A new process finds out by itself that the thread's conversation has ended."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "stop")
    world.env.backend.get_message(world.channel.id, world.card.id).flags |= HAS_THREAD
    await world.restart()
    await world.click(world.card, "recheck")
    result = await world.click(world.card, "guide")
    assert "Let us go on here" in text(whispers(result)[0])
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))


async def test_thread_that_is_over_and_locked_is_left(world: World) -> None:
    """Where a moderator locked what has ended, Guide me guides the person alone."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "stop")
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True, "archived": True})
    await world.env.settle()
    result = await world.click(world.card, "guide")
    assert "Are you visiting" in text(whispers(result)[0])
    assert "Are you visiting" not in text(panel(world, thread))
