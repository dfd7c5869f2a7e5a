"""Does a turn show what belongs to it, and nothing over what came after it?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.conversation.events import Chose
from bot.surfaces.discord.places import Place
from e2e.stage import SILENCE, Stage
from surfaces.discord.discord_world import BAD_GATEWAY, World, choices, discord_world, opened, panel, text, until


@pytest.fixture
async def hurried(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Return a server whose bot tells every bit of progress at once, and soon gives a silent site up."""
    monkeypatch.setattr("bot.surfaces.discord.talk.EDIT_EVERY_S", 0.0)
    async with discord_world(stage, monkeypatch, check_deadline_s="1.5") as world:
        yield world


async def stop_a_look(world: World, where: Any, author: Any, place: Place | None, choice: str) -> None:
    """Somebody begins a look, stops it when its panel stands, and it runs to its end all the same."""
    talk = await world.bot.loaded()
    assert place is not None
    world.stage.answer("shop", SILENCE)
    look = asyncio.ensure_future(talk.take(place, Chose(choice=choice), talk.screen_of(place)))
    await until(lambda: "Looking at" in text(panel(world, where)))
    await world.click(panel(world, where), "stop", author)
    assert "Looking at" not in text(panel(world, where))
    assert not look.done()
    await look
    await world.env.settle()


async def test_stopped_look_is_not_drawn_again_in_direct_messages(hurried: World) -> None:
    """Progress of a look that somebody stopped is not shown over the word that it is stopped."""
    user = hurried.alice.user
    await user.send_dm(f"502 Bad Gateway nginx/1.24.0 at {hurried.site('shop', BAD_GATEWAY)}")
    await user.send_dm("just visiting")
    await hurried.env.settle()
    talk = await hurried.bot.loaded()
    (place,) = talk.places.of_owner(hurried.alice.id)
    await stop_a_look(hurried, user.dm_channel, user, place, "recheck")
    assert list(choices(panel(hurried, user.dm_channel))) == ["restart"]


async def test_stopped_look_is_not_drawn_again_in_a_thread(hurried: World) -> None:
    """The thread was closed with the word that it is stopped, and both stay."""
    _, thread = await opened(hurried, "shop", BAD_GATEWAY)
    await hurried.click(panel(hurried, thread), "visitor")
    talk = await hurried.bot.loaded()
    await stop_a_look(hurried, thread, hurried.alice, talk.places.of_thread(thread.id), "still-broken")
    assert list(choices(panel(hurried, thread))) == ["restart"]
    assert hurried.env.backend.get_channel(thread.id).thread_metadata.archived
