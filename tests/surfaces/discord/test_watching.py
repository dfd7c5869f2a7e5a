"""Can people wait for a site in Discord, and are they, and they alone, told when it is back?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import discord
import pytest

from bot.ports import News, Watch
from bot.surfaces.discord.watching import page_of
from e2e.stage import Stage
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    World,
    choices,
    discord_world,
    labels,
    text,
    until,
    whispers,
)

QUICK = {"watch_first_s": "0.1", "watch_longest_s": "0.2", "watch_good_apart_s": "0.1", "watch_good_answers": "2"}


@pytest.fixture
async def world(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Return a server where watches look ten times a second."""
    async with discord_world(stage, monkeypatch, **QUICK) as world:
        yield world


def news(world: World, channel: discord.abc.Messageable | None = None) -> list[discord.Message]:
    return [message for message in world.ours(channel) if "back" in text(message) and "<@" in text(message)]


async def told(world: World, count: int = 1) -> list[discord.Message]:
    await until(lambda: len(news(world)) >= count)
    return news(world)


async def test_card_tells_who_asked_when_the_site_is_back(world: World) -> None:
    """Bob presses the button on alice's card: he alone is called, once, where he pressed it."""
    url = world.site("shop", BAD_GATEWAY)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")
    pressed = await world.click(world.card, "watch", world.bob)
    assert "call you here" in text(whispers(pressed)[0])
    world.site("shop", FINE)
    (message,) = await told(world)
    assert [user.id for user in message.mentions] == [world.bob.id]
    assert "shop.example.com" in text(message)
    await world.env.settle()
    assert len(news(world)) == 1


async def test_link_that_is_good_once_is_not_used_up(world: World) -> None:
    """Neither a card that nobody asked for, nor a click on it, nor looks of watches send what may be good only once."""
    url, before = world.site("shop", BAD_GATEWAY), len(world.stage.paths)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}reset/a1b2c3d4e5f6?user=bob")
    await world.click(world.card, "recheck")
    await world.click(world.card, "watch")
    await world.alice.slash(world.channel, "watch", url=f"{url}login?magic=a1b2c3d4e5f6")
    assert set(world.stage.paths[before:]) == {"/", "/login"}
    watches = await (await world.bot.parts.keeping()).watches.of("discord", str(world.alice.id))
    assert {watch.url for watch in watches} == {url, f"{url}login"}


async def test_two_who_wait_are_told_each(world: World) -> None:
    """Everybody who asked gets a call of their own."""
    url = world.site("shop", BAD_GATEWAY)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")
    for person in (world.alice, world.bob):
        await world.click(world.card, "watch", person)
    world.site("shop", FINE)
    called = await told(world, 2)
    assert {user.id for message in called for user in message.mentions} == {world.alice.id, world.bob.id}


async def test_card_of_a_site_that_works_offers_no_wait(world: World) -> None:
    """There is nothing to wait for."""
    url = world.site("shop", FINE)
    await world.alice.slash(world.channel, "check", url=url, share=True)
    assert "watch" not in choices(world.card)


async def test_watch_command_looks_first(world: World) -> None:
    """/watch of a site that works says so; of one that must not be contacted, why; of a broken one, it waits."""
    fine = await world.alice.slash(world.channel, "watch", url=world.site("fine", FINE))
    assert "nothing to wait for" in text(fine.response)
    refused = await world.alice.slash(world.channel, "watch", url="http://192.168.0.1/")
    assert "must not contact" in text(refused.response)
    waiting = await world.alice.slash(world.channel, "watch", url=world.site("shop", BAD_GATEWAY))
    assert waiting.ephemeral
    assert "call you here" in text(waiting.response)
    world.site("shop", FINE)
    await told(world)


async def test_scheme_that_nobody_gave_stays_open_while_one_waits(world: World) -> None:
    """Whoever gave only the name waits for https or http to come back, by command as by the card's button."""
    ip, _, port = world.stage.dead.partition(":")
    site = f"{world.stage.name('closed', ip)}:{port}"
    await world.alice.slash(world.channel, "watch", url=site)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {site}/cart")
    await world.click(world.card, "watch", world.bob)
    for person, url in ((world.alice, f"//{site}/"), (world.bob, f"//{site}/cart")):
        (watch,) = await (await world.bot.parts.keeping()).watches.of("discord", str(person.id))
        assert watch.url == url


async def test_watches_are_listed_and_ended(world: World) -> None:
    """/watches shows what one waits for; its button ends it, and nobody is called."""
    empty = await world.alice.slash(world.channel, "watches")
    assert "wait for no site" in text(empty.response)
    url = world.site("shop", BAD_GATEWAY)
    await world.alice.slash(world.channel, "watch", url=url)
    listed = await world.alice.slash(world.channel, "watches")
    assert "shop.example.com" in text(listed.response)
    assert labels(listed.response) == [f"Stop: {urlsplit(url).netloc}"]
    (stop,) = choices(listed.response)
    ended = await world.click(listed.response, stop)
    assert ended.acknowledged
    again = await world.alice.slash(world.channel, "watches")
    assert "wait for no site" in text(again.response)


async def test_pages_of_one_host_are_told_apart(world: World) -> None:
    """Whoever waits for two pages of a site sees which is which, and in the channel only the host is named."""
    url = world.site("shop", BAD_GATEWAY)
    for page in ("cart?token=abcd1234", "admin/orders"):
        begun = await world.alice.slash(world.channel, "watch", url=url + page)
        assert page.partition("?")[0] in text(begun.response)
    listed = await world.alice.slash(world.channel, "watches")
    at = urlsplit(url).netloc
    assert labels(listed.response) == [f"Stop: {at}/cart", f"Stop: {at}/admin/orders"]
    assert f"`{at}/admin/orders`" in text(listed.response)
    assert "abcd1234" not in text(listed.response)
    world.site("shop", FINE)
    assert not any("orders" in text(message) for message in await told(world, 2))


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://shop.example.com/", "shop.example.com"),
        ("https://shop.example.com/a/", "shop.example.com/a"),
        ("https://shop.example.com:8443/a?b=c", "shop.example.com:8443/a?…"),
        ("https://shop.example.com/\u202eevil\u0007", "shop.example.com/evil"),
    ],
)
def test_page_is_named_without_what_all_share(url: str, page: str) -> None:
    """Scheme and a closing slash tell nothing apart; nothing invisible is left, and nothing of a query."""
    assert page_of(url) == page


def test_long_page_keeps_both_ends() -> None:
    """Pages that differ at their end are told apart on a button, too."""
    one, other = (page_of(f"https://shop.example.com/{'a' * 300}/{name}") for name in ("first", "second"))
    assert len(one) == len(other) == 60
    assert one.startswith("shop.example.com/")
    assert (one[-6:], other[-7:]) == ("/first", "/second")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://192.168.0.1/", "a private or special network"),
        ("ftp://shop.example.com/", "only take http and https"),
        ("http://shop.example.com:22/", "usual web ports"),
        ("no idea", "cannot read an address in that"),
    ],
)
async def test_refusal_to_watch_is_told_in_words(world: World, url: str, reason: str) -> None:
    """/watch says why there is nothing to wait for, as /check does, without the names that the guard uses."""
    refused = text((await world.alice.slash(world.channel, "watch", url=url)).response)
    assert reason in refused
    assert "private-v4" not in refused
    assert "control-or-space" not in refused
    listed = await world.alice.slash(world.channel, "watches")
    assert "wait for no site" in text(listed.response)


async def test_watch_tells_what_was_seen(world: World) -> None:
    """Whoever mistyped the name reads that it does not exist before they wait for it."""
    begun = await world.alice.slash(world.channel, "watch", url="http://typo-of-shop.example.com/")
    said = text(begun.response)
    assert "does not exist" in said
    assert said.index("does not exist") < said.index("I keep looking")


async def test_watches_of_one_person_are_limited(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits for too much is told how to end something."""
    monkeypatch.setattr("bot.surfaces.discord.watching.MOST_USER", 1)
    await world.alice.slash(world.channel, "watch", url=world.site("shop", BAD_GATEWAY))
    refused = await world.alice.slash(world.channel, "watch", url=world.site("blog", BAD_GATEWAY))
    assert "`/watches`" in text(refused.response)


async def waited_for(world: World) -> Watch:
    """Alice waits for a site; return her watch."""
    await world.alice.slash(world.channel, "watch", url=world.site("shop", BAD_GATEWAY))
    (watch,) = await (await world.bot.parts.keeping()).watches.of("discord", str(world.alice.id))
    return watch


async def test_who_cannot_be_told_in_the_channel_gets_a_direct_message(world: World) -> None:
    """The channel is gone: the call comes as a direct message."""
    gone = replace(await waited_for(world), body='{"channel": 1}')
    assert await world.bot.watching.tell(News(gone, "back", gone.asked_at))
    assert "is back" in text(world.alice.user.dm_channel.last_message)


async def test_site_that_is_back_in_part_is_told_as_that(world: World) -> None:
    """A site that opens on some of its addresses is not called back, and everybody is told to try it."""
    waits = await waited_for(world)
    assert await world.bot.watching.tell(News(waits, "partly", waits.asked_at))
    said = text(world.ours(world.channel)[-1])
    assert "not on all of its addresses" in said
    assert "Try it now" in said


async def test_site_behind_a_check_is_told_as_what_it_is(world: World) -> None:
    """It answers again, and turns programs away: nobody is told that it is back, and everybody to try it."""
    waits = await waited_for(world)
    assert await world.bot.watching.tell(News(waits, "guarded", waits.asked_at))
    said = text(world.ours(world.channel)[-1])
    assert "turns machines away" in said
    assert "is back" not in said


async def test_who_asks_again_elsewhere_is_called_there(world: World) -> None:
    """Bob waits for one site in two channels: he is called in the one where he was promised it last."""
    other = world.guild.create_text_channel("other")
    url = world.site("shop", BAD_GATEWAY)
    for channel in (world.channel, other):
        begun = await world.bob.slash(channel, "watch", url=url)
        assert "call you here" in text(begun.response)
    world.site("shop", FINE)
    await until(lambda: news(world, other))
    await world.env.settle()
    assert news(world) == []
