"""Are people who send a picture told that it cannot be read, wherever it is meant for the bot?"""

from __future__ import annotations

from typing import Any

import discord
import pytest

from surfaces.discord.discord_world import BAD_GATEWAY, World, choices, opened, panel, text

UNREAD = "cannot read pictures"
PICTURE = ("error.png", b"not really a png")


async def shown_in_direct_messages(world: World, content: str, name: str) -> list[discord.Message]:
    """Alice sends a file in direct messages; return what the bot says there from then on."""
    user = world.alice.user
    await user.send_dm("hello")
    await world.env.settle()
    before = len(world.ours(user.dm_channel))
    elsewhere = await world.alice.send(world.channel, "", attachments=[(name, PICTURE[1])])
    stored = world.env.backend.get_message(world.channel.id, elsewhere.id)
    await user.send_dm(content, attachments=list(stored.attachments))
    await world.env.settle()
    return world.ours(user.dm_channel)[before:]


@pytest.mark.parametrize("name", ["error.png", "error.pdf"])
async def test_picture_in_direct_messages_is_answered(world: World, name: str) -> None:
    """It is said that it cannot be read, and the form takes the text instead."""
    (told,) = await shown_in_direct_messages(world, "", name)
    assert UNREAD in text(told)
    form = await world.alice.user.click(told, custom_id=choices(told)["enter-paste"])
    await world.alice.user.submit_modal(form, {"paste": "502 Bad Gateway nginx/1.24.0"})
    await world.env.settle()
    said = [text(message) for message in world.ours(world.alice.user.dm_channel)]
    assert any("502 Bad Gateway from nginx" in each for each in said)


async def test_picture_beside_words_is_passed_over(world: World) -> None:
    """Where there are words, they are what counts."""
    (told,) = await shown_in_direct_messages(world, "502 Bad Gateway nginx/1.24.0", "error.png")
    assert "502 Bad Gateway from nginx" in text(told)
    assert UNREAD not in text(told)


async def test_picture_in_the_own_thread_is_answered(world: World) -> None:
    """Its person is told; what others show each other there is none of the bot's business."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    before = len(world.ours(thread))
    await _sends(world, world.bob, thread)
    assert len(world.ours(thread)) == before
    await _sends(world, world.alice, thread)
    assert len(world.ours(thread)) == before + 1
    assert UNREAD in text(panel(world, thread))
    form = await world.click(panel(world, thread), "enter-paste")
    await world.alice.submit_modal(form, {"paste": "504 Gateway Time-out\nnginx/1.24.0"})
    assert "504" in text(panel(world, thread))


async def test_call_with_a_picture_is_told_why_it_is_not_read(world: World) -> None:
    """Whoever calls by name over a picture is told that it cannot be read, not only how to call."""
    assert world.bot.user is not None
    await world.alice.send(world.channel, world.bot.user.mention, attachments=[PICTURE])
    await world.env.settle()
    assert UNREAD in text(world.card)
    assert "enter-paste" in choices(world.card)


async def test_picture_among_people_is_left_alone(world: World) -> None:
    """In a channel nobody asked the bot."""
    await _sends(world, world.alice, world.channel)
    assert world.ours() == []


async def _sends(world: World, who: Any, channel: Any) -> None:
    await who.send(channel, "", attachments=[PICTURE])
    await world.env.settle()
