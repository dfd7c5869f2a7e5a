"""Does a turn show what belongs to it, and nothing over what came after it?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from bot.conversation.events import Chose
from bot.ports import Asker
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


async def test_looks_are_made_on_the_account_of_who_asks(hurried: World) -> None:
    """Whoever hands out places hears whose conversation it is, and on which server."""
    await opened(hurried, "shop", BAD_GATEWAY)
    talk = await hurried.bot.loaded()
    (card, *_) = talk.places.of_owner(hurried.alice.id)
    assert talk.engine.asker(card.key) == Asker(str(hurried.alice.id), str(card.guild))


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


async def begun_a_look(world: World) -> Any:
    """Alice sends a silent site's address in direct messages; return the channel once its panel stands."""
    user = world.alice.user
    world.site("shop", SILENCE)
    await user.send_dm("hello?")
    await world.env.settle()
    asked = asyncio.ensure_future(user.send_dm(f"http://shop.example.com:{world.stage.port}/"))
    await until(lambda: "Looking at" in text(panel(world, user.dm_channel)))
    await asked
    return user.dm_channel


async def test_word_during_a_look_is_followed_by_its_result(hurried: World) -> None:
    """The panel below the newest word counts: it gets the verdict, and the one above loses its buttons at once."""
    direct = await begun_a_look(hurried)
    look = panel(hurried, direct).id
    await hurried.alice.user.send_dm("are you there?")
    await until(lambda: panel(hurried, direct).id != look)
    before = next(one for one in hurried.ours(direct) if one.id == look)
    await until(lambda: "goes on below" in text(before))
    await hurried.env.settle()
    assert "Looking at" not in text(panel(hurried, direct))
    assert "shop.example.com" in text(panel(hurried, direct))
    assert "guide" in choices(panel(hurried, direct))
    assert [one.id for one in hurried.ours(direct) if choices(one)] == [panel(hurried, direct).id]


async def test_second_address_during_a_look_takes_its_place(hurried: World) -> None:
    """Whoever meant another site gets its verdict, and no panel of the first one stays to be pressed."""
    direct = await begun_a_look(hurried)
    await hurried.alice.user.send_dm(f"no, I meant {hurried.site('quick', BAD_GATEWAY)}")
    await hurried.env.settle()
    assert "quick.example.com" in text(panel(hurried, direct))
    assert [one.id for one in hurried.ours(direct) if choices(one)] == [panel(hurried, direct).id]
    assert not any("Looking at" in text(one) for one in hurried.ours(direct))


async def test_result_of_a_pressed_look_follows_to_the_newest_panel(hurried: World) -> None:
    """Alice presses "still broken" in her thread and writes while the bot looks: the next step is below her words."""
    _, thread = await opened(hurried, "shop", BAD_GATEWAY)
    await hurried.click(panel(hurried, thread), "visitor")
    pressed = panel(hurried, thread)
    hurried.stage.answer("shop", SILENCE)
    talk = await hurried.bot.loaded()
    place = talk.places.of_thread(thread.id)
    assert place is not None
    look = asyncio.ensure_future(talk.take(place, Chose(choice="still-broken"), talk.screen_of(place)))
    await until(lambda: "Looking at" in text(panel(hurried, thread)))
    await hurried.alice.send(thread, "are you there?")
    await look
    await hurried.env.settle()
    newest = panel(hurried, thread)
    assert newest.id != pressed.id
    assert "Looking at" not in text(newest)
    assert "goes on below" in text(next(one for one in hurried.ours(thread) if one.id == pressed.id))
    assert [one.id for one in hurried.ours(thread) if choices(one)] == [newest.id]
