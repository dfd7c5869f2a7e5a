"""Does a card that is to go do so, although Discord refused its deletion at first?"""

from __future__ import annotations

import time

import pytest

from surfaces.discord.discord_world import BAD_GATEWAY, World, until


async def test_card_whose_message_was_deleted_goes_though_discord_failed(world: World) -> None:
    """The message is gone and Discord refuses once to delete its card: it is tried again by itself."""
    source = await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    world.env.inject_error("DELETE", f"/channels/{world.channel.id}/messages/{world.card.id}", status=503, code=0)
    await world.alice.delete(source)
    await world.env.settle()
    assert len(world.ours()) == 1
    await until(lambda: not world.ours())


async def test_card_that_discord_never_lets_go_is_tried_more_and_more_rarely(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The bot may no longer see the channel: the pauses between its tries double, up to an hour."""
    source = await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    path = f"/channels/{world.channel.id}/messages/{world.card.id}"
    world.env.inject_error("DELETE", path, status=403, code=50001, times=None)
    await world.alice.delete(source)
    await world.env.settle()
    removing, tries, began = world.bot.following.removing, [], time.monotonic()
    before = len(world.env.http_requests)
    for minute in range(240):
        monkeypatch.setattr(removing, "_now", lambda minute=minute: began + 60.0 * (minute + 1))
        await removing.again()
        tries = [one for one in world.env.http_requests[before:] if one.method == "DELETE"]
    assert 8 <= len(tries) <= 16
    assert len(removing.standing) == 1


async def test_card_that_is_gone_already_is_not_tried_again(world: World) -> None:
    """Somebody was faster: Discord knows no such message, so nothing is left."""
    source = await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    path = f"/channels/{world.channel.id}/messages/{world.card.id}"
    world.env.inject_error("DELETE", path, status=404, code=10008)
    await world.alice.delete(source)
    await world.env.settle()
    assert world.bot.following.removing.standing == frozenset()
