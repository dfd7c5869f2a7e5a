"""Do reports of one host gather on one card, which says how many there are and which later reports lead to?"""

from __future__ import annotations

import asyncio
import re
from typing import Any

import discord
import pytest

from bot.ports import Rate, StoreUnavailable
from bot.surfaces.discord.custom_id import short
from bot.surfaces.discord.limits import MINUTE, RATES
from surfaces.discord.discord_world import BAD_GATEWAY, FINE, GENEROUS, World, choices, text, whispers

PLEA = "help, I get 502 Bad Gateway nginx/1.24.0 at {url}"
ONCE_EACH = GENEROUS | {"joined-user": RATES["joined-user"]}


def cards(world: World, channel: Any = None) -> list[discord.Message]:
    """Return the bot's messages with buttons."""
    return [message for message in world.ours(channel) if choices(message)]


def pointers(world: World, channel: Any = None) -> list[discord.Message]:
    """Return the bot's lines that lead to a card."""
    return [message for message in world.ours(channel) if not choices(message)]


def person(world: World, name: str) -> Any:
    """Return one more member of the server."""
    return world.guild.add_member(world.env.create_user(name))


async def met_by(world: World, *people: Any, name: str = "shop") -> str:
    """Each of these people pastes the error of a site that is down."""
    world.bot.limits._rates = ONCE_EACH
    url = world.site(name, BAD_GATEWAY)
    for one in people:
        await world.paste(PLEA.format(url=url), one)
    return url


async def test_three_people_share_one_card(world: World) -> None:
    """Alice gets the card; Bob and Carol are counted on it and pointed to it, and the site is looked at once."""
    url = await met_by(world, world.alice)
    (card,) = cards(world)
    assert "met an error" not in text(card)
    asked = world.stage.asked["shop.example.com"]
    await world.paste(PLEA.format(url=url), world.bob)
    (card,) = cards(world)
    assert re.search(r"-# One other person here met an error of it since \d\d:\d\d UTC\.", text(card))
    await world.paste(PLEA.format(url=url), person(world, "carol"))
    (card,) = cards(world)
    assert "2 others here met an error of it since" in text(card)
    assert "is down" in text(card)
    assert world.stage.asked["shop.example.com"] == asked


async def test_newcomer_is_pointed_to_the_card_in_one_line(world: World) -> None:
    """The line answers the newcomer's message, links the card, pings nobody, and comes once to each person."""
    await met_by(world, world.alice, world.bob, world.bob)
    (card,), (line,) = cards(world), pointers(world)
    assert line.content.endswith(card.jump_url)
    assert "\n" not in line.content
    assert line.reference is not None
    assert line.mentions == []
    bodies = [request.json for request in world.env.http_requests if isinstance(request.json, dict)]
    sent = [body for body in bodies if card.jump_url in str(body.get("content"))]
    assert [body["allowed_mentions"] for body in sent] == [{"parse": [], "replied_user": False}]


async def test_one_person_counts_once(world: World) -> None:
    """Alice pastes three times and Bob twice: the card knows of one other person, and Alice is told nothing new."""
    await met_by(world, world.alice, world.alice, world.bob, world.alice, world.bob)
    (card,) = cards(world)
    assert "One other person here" in text(card)
    assert len(pointers(world)) == 1


async def test_newcomer_is_guided_from_the_card(world: World) -> None:
    """Bob presses "Guide me" on Alice's card and gets a conversation of his own, which knows of the others."""
    await met_by(world, world.alice, world.bob)
    result = await world.click(world.ours()[0], "guide", world.bob)
    assert "Are you visiting" in text(whispers(result)[0])
    result = await world.click(world.ours()[0], "why", world.bob)
    assert "One other person here" in text(whispers(result)[0])


async def test_www_is_the_same_host_and_another_host_is_not(world: World) -> None:
    """A site is pasted with `www.` or without; another host of the site has its own trouble, and is counted with it."""
    url = await met_by(world, world.alice)
    await world.paste(PLEA.format(url=url.replace("http://", "http://www.")), world.bob)
    assert len(cards(world)) == 1
    await met_by(world, person(world, "carol"), name="wiki")
    assert len(cards(world)) == 2
    assert "2 others here" in text(cards(world)[1])


async def test_other_channel_gets_its_own_card(world: World) -> None:
    """A card in another channel may be out of sight; its person is one of the others all the same."""
    url = await met_by(world, world.alice)
    other = world.guild.create_text_channel("errors")
    await world.paste(PLEA.format(url=url), world.bob, other)
    assert "One other person here" in text(cards(world, other)[0])
    assert pointers(world, other) == []


async def test_other_server_knows_nothing_of_it(world: World) -> None:
    """What people of one server met is not told on another."""
    url = await met_by(world, world.alice, world.bob)
    other = world.env.create_guild("Elsewhere")
    channel = other.create_text_channel("help")
    await world.paste(PLEA.format(url=url), other.add_member(world.env.create_user("carol")), channel)
    assert "met an error of it" not in text(cards(world, channel)[0])


async def test_card_that_somebody_shared_is_joined(world: World) -> None:
    """Alice shows everybody her /check: Bob, who pastes the same host, is pointed to it."""
    url = world.site("shop", BAD_GATEWAY)
    await world.alice.slash(world.channel, "check", url=url, share=True)
    await met_by(world, world.bob)
    (card,), (line,) = cards(world), pointers(world)
    assert line.content.endswith(card.jump_url)


async def test_old_card_is_joined_no_more(world: World) -> None:
    """After ten minutes the card has scrolled away: whoever comes gets a new one, which counts the others."""
    url = await met_by(world, world.alice)
    await world.env.advance_time(9 * 60)
    await world.paste(PLEA.format(url=url), world.bob)
    assert len(cards(world)) == 1
    await world.env.advance_time(2 * 60)
    await world.paste(PLEA.format(url=url), person(world, "carol"))
    assert len(cards(world)) == 2
    assert "2 others here" in text(cards(world)[1])


async def test_site_that_is_back_ends_the_incident(world: World) -> None:
    """Anybody's look that finds the page ends it: the card counts the others no more at the look after that."""
    await met_by(world, world.alice, world.bob)
    world.stage.answer("shop", FINE)
    await world.click(world.ours()[0], "recheck", world.mod)
    assert "you are not the only one" in text(world.ours()[0])
    await world.click(world.ours()[0], "recheck", world.mod)
    assert "others" not in text(world.ours()[0])
    assert not [one for one in await world.bot.data_of(world.bob.id) if "reports" in one]


async def test_look_elsewhere_ends_the_incident_here(world: World) -> None:
    """A /check on another server finds the site up: nobody here counts any more."""
    url = await met_by(world, world.alice, world.bob)
    world.stage.answer("shop", FINE)
    other = world.env.create_guild("Elsewhere")
    carol = other.add_member(world.env.create_user("carol"))
    await carol.slash(other.create_text_channel("help"), "check", url=f"{url}other-page")
    assert not [one for one in await world.bot.data_of(world.alice.id) if "reports" in one]


async def test_card_that_is_solved_is_joined_no_more(world: World) -> None:
    """Alice has taken her card away: Bob gets one of his own, and Alice is no witness of his."""
    world.bot.limits._rates = ONCE_EACH | {"host-channel": RATES["host-channel"]}
    url = world.site("shop", BAD_GATEWAY)
    await world.paste(PLEA.format(url=url))
    await world.click(world.card, "dismiss")
    await world.paste(PLEA.format(url=url), world.bob)
    (card,) = cards(world)
    assert "met an error of it" not in text(card)


async def test_who_calls_by_name_gets_an_answer(world: World) -> None:
    """Bob asks on purpose: he gets a look and a card of his own, which knows of Alice; hers counts him later."""
    url = await met_by(world, world.alice)
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} {PLEA.format(url=url)}", world.bob)
    assert pointers(world) == []
    hers, his = cards(world)
    assert "One other person here" in text(his)
    await world.click(hers, "recheck")
    assert "One other person here" in text(cards(world)[0])


async def test_error_that_is_handed_in_by_form_counts(world: World) -> None:
    """Bob fills in the form, which nobody else sees: he learns of Alice, and her card's next look of him."""
    url = await met_by(world, world.alice)
    form = await world.bob.slash(world.channel, "diagnose")
    answered = await world.bob.submit_modal(form, {"paste": PLEA.format(url=url)})
    assert "One other person here" in text(answered.response)
    await world.click(world.card, "recheck")
    assert "One other person here" in text(world.card)


async def test_message_that_somebody_points_at_is_not_theirs(world: World) -> None:
    """Bob has Alice's message diagnosed: she is no other to herself, and he has met nothing."""
    url = world.site("shop", BAD_GATEWAY)
    source = await world.paste(PLEA.format(url=url))
    result = await world.bob.context_menu(world.channel, "Diagnose this error", source)
    assert "met an error of it" not in text(result.response)
    assert not [one for one in await world.bot.data_of(world.bob.id) if "reports" in one]


async def test_crowd_is_counted_without_a_flood_of_lines(world: World) -> None:
    """A dozen people paste at once: one card with the right count, a few lines, and few changes of the card."""
    url = await met_by(world, world.alice)
    world.bot.limits._rates = ONCE_EACH | {"joined-channel": [Rate(4, MINUTE)]}
    crowd = [person(world, f"person-{number}") for number in range(12)]
    await world.bot.modes.set(world.guild.id, world.channel.id, "off")
    pastes = [await world.paste(PLEA.format(url=url), one) for one in crowd]
    await world.bot.modes.set(world.guild.id, world.channel.id, "auto")
    before = len(world.env.http_requests)
    await asyncio.gather(*(world.bot.reading.message(message) for message in pastes))
    (card,) = cards(world)
    assert "12 others here" in text(card)
    assert len(pointers(world)) == 4
    assert len([one for one in world.env.http_requests[before:] if one.method == "PATCH"]) <= 3


async def test_person_who_floods_is_noted_only_so_often(world: World) -> None:
    """Notes have a limit of their own; beyond it there is silence."""
    world.bot.limits._rates = ONCE_EACH | {"met-user": [Rate(1, MINUTE)]}
    for name in ("shop", "wiki"):
        await world.paste(PLEA.format(url=world.site(name, BAD_GATEWAY)))
    assert len(cards(world)) == 2


async def test_store_that_is_away_means_no_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The reports can be neither stored nor read: Bob is still pointed to the card, and nothing is said of others."""
    talk = await world.bot.loaded()

    async def away(*_: object) -> None:
        raise StoreUnavailable("away")

    for name in ("note", "others"):
        monkeypatch.setattr(talk.engine.company._incidents, name, away)
    await met_by(world, world.alice, world.bob)
    (card,) = cards(world)
    assert "is down" in text(card)
    assert "met an error" not in text(card)
    assert len(pointers(world)) == 1


async def test_card_that_cannot_be_looked_up_is_not_joined(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store is away while the card is looked for: the newcomer is treated like the first one."""
    url = await met_by(world, world.alice)
    talk = await world.bot.loaded()
    state = talk.engine.state

    async def away(_key: str) -> None:
        monkeypatch.setattr(talk.engine, "state", state)
        raise StoreUnavailable("away")

    monkeypatch.setattr(talk.engine, "state", away)
    await world.paste(PLEA.format(url=url), world.bob)
    assert len(cards(world)) == 2


async def test_line_that_cannot_be_sent_ends_nothing(world: World) -> None:
    """Discord refuses the line: the card still counts the newcomer."""
    await met_by(world, world.alice)
    world.env.inject_error("POST", "/channels/*/messages", status=403, code=50013)
    await met_by(world, world.bob)
    (card,) = cards(world)
    assert "One other person here" in text(card)
    assert pointers(world) == []


async def test_first_card_is_remembered_across_a_restart(lasting: World) -> None:
    """The process ends after Alice's card; the next one lets Bob join it."""
    await met_by(lasting, lasting.alice)
    await lasting.restart()
    await lasting.bot.loaded()
    await met_by(lasting, lasting.bob)
    (card,) = cards(lasting)
    assert "One other person here" in text(card)
    assert len(pointers(lasting)) == 1


async def test_card_that_was_deleted_meanwhile_is_joined_no_more(lasting: World) -> None:
    """A moderator took Alice's card away while no process ran: Bob gets one of his own, which Carol joins."""
    await met_by(lasting, lasting.alice)
    del lasting.env.backend.messages[lasting.channel.id][lasting.card.id]
    await lasting.restart()
    await lasting.bot.loaded()
    await met_by(lasting, lasting.bob, person(lasting, "carol"))
    (card,) = cards(lasting)
    assert card.reference is not None
    assert choices(card)["recheck"].split(":")[2] == short(lasting.bob.id)
    (line,) = pointers(lasting)
    assert line.content.endswith(card.jump_url)


async def test_another_error_of_the_cards_person_is_looked_at(world: World) -> None:
    """Alice meets a 504 after the 502: her card looks again and names it, and she is pointed to it in one line."""
    url = await met_by(world, world.alice)
    await world.paste(f"help, I get 504 Gateway Time-out nginx/1.24.0 at {url}")
    (card,) = cards(world)
    assert "504" in text(card)
    (line,) = pointers(world)
    assert str(card.id) in text(line)
    assert "looked again" in text(line)


async def test_same_error_of_the_cards_person_is_answered_already(world: World) -> None:
    """Alice says it once more: her card is above, and nobody is pointed anywhere."""
    url = await met_by(world, world.alice, world.alice)
    (card,) = cards(world)
    assert url.split("/")[2].partition(":")[0] in text(card)
    assert pointers(world) == []
