"""When does the bot speak up in a channel, who may do what with its card, and what becomes of it?"""

from __future__ import annotations

import asyncio
from typing import Any

import discord
import pytest

from bot.ports import Rate
from bot.surfaces.discord.limits import MINUTE
from bot.surfaces.discord.places import Place
from e2e.stage import SILENCE, Stage
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    GENEROUS,
    World,
    choices,
    discord_world,
    labels,
    text,
    until,
    whispers,
)

PLEA = "help, I get 502 Bad Gateway nginx/1.24.0 at {url}"


async def pasted(world: World, name: str = "shop", *answers: bytes) -> discord.Message:
    """Alice pastes an error with the address of a site."""
    url = world.site(name, *(answers or (BAD_GATEWAY,)))
    return await world.paste(PLEA.format(url=url))


@pytest.mark.parametrize(
    "chat",
    [
        "good morning",
        "lunch at 12?",
        "my new gpu has 502 shaders",
        "see https://a.test/502",
    ],
)
async def test_ordinary_chat_is_left_alone(world: World, chat: str) -> None:
    """Nobody asked for help: the bot says nothing."""
    await world.paste(chat)
    assert world.ours() == []


async def test_shared_link_is_left_alone(world: World) -> None:
    """A page about an error is shared, and Discord shows its title below it: neither is a plea."""
    link = "https://stackoverflow.com/questions/1/nginx-502-bad-gateway"
    message = await world.paste(link)
    title = {"type": "link", "title": "502 Bad Gateway nginx/1.24.0", "description": "help, I get this error"}
    world.env.backend.edit_message(world.channel.id, message.id, {"embeds": [title]})
    assert world.ours() == []
    seen = await world.bob.context_menu(world.channel, "Diagnose this error", message)
    assert "502 Bad Gateway from nginx" not in text(seen.response)


async def test_bots_and_webhooks_are_not_answered(world: World) -> None:
    """An error that another program posts is no plea of a person."""
    robot = world.guild.add_member(world.env.create_user("robot", bot=True))
    await world.paste(PLEA.format(url=world.site("shop", BAD_GATEWAY)), robot)
    hook = world.guild.create_webhook(world.channel)
    await hook.send(PLEA.format(url=world.site("shop", BAD_GATEWAY)))
    await world.env.settle()
    assert world.ours() == []


async def test_author_dismisses_the_card(world: World) -> None:
    """Not this: the card goes, and the error that it named is counted."""
    await pasted(world)
    await world.click(world.card, "dismiss")
    assert world.ours() == []
    assert world.bot.dismissals == {"nginx-502": 1}


async def test_moderator_dismisses_the_card(world: World) -> None:
    """Whoever looks after messages may take a card away."""
    await pasted(world)
    await world.click(world.card, "dismiss", world.mod)
    assert world.ours() == []


async def test_others_do_not_dismiss_the_card(world: World) -> None:
    """A bystander is told whose conversation it is; the card stays."""
    await pasted(world)
    result = await world.click(world.card, "dismiss", world.bob)
    assert "belongs to somebody else" in text(whispers(result)[0])
    assert len(world.ours()) == 1
    assert not world.bot.dismissals


async def test_others_may_ask_why(world: World) -> None:
    """The reasons of a public card are anybody's to see, each for themselves."""
    await pasted(world)
    result = await world.click(world.card, "why", world.bob)
    assert "Rule: " in text(whispers(result)[0])
    assert len(world.ours()) == 1


async def test_edited_message_changes_its_card(world: World) -> None:
    """The author corrects the address: the same card now speaks of the other site."""
    source = await pasted(world)
    card = world.card.id
    for name in ("forum", "wiki"):
        await world.env.advance_time(1)
        await world.alice.edit(source, PLEA.format(url=world.site(name, FINE)))
        await world.env.settle()
        assert f"`{name}.example.com`" in text(world.card)
        assert "works from here" in text(world.card)
    assert [message.id for message in world.ours()] == [card]


async def test_link_preview_is_no_edit(world: World) -> None:
    """Discord adds a preview to a link and reports that as a change: nothing is looked at again."""
    source = await pasted(world)
    before, asked = text(world.card), world.stage.asked["shop.example.com"]
    world.env.backend.edit_message(world.channel.id, source.id, {"embeds": [{"type": "link", "title": "Shop"}]})
    stored = world.env.backend.get_message(world.channel.id, source.id)
    stored.edited_timestamp = None
    await world.env.settle()
    assert text(world.card) == before
    assert world.stage.asked["shop.example.com"] == asked


async def test_card_goes_when_the_error_is_edited_away(world: World) -> None:
    """The message no longer shows an error: the card goes."""
    source = await pasted(world)
    await world.alice.edit(source, "never mind, wrong channel")
    await world.env.settle()
    assert world.ours() == []


async def test_card_goes_with_its_message(world: World) -> None:
    """The message was deleted: so is the card, and what was known of it."""
    source = await pasted(world)
    await world.alice.delete(source)
    await world.env.settle()
    assert world.ours() == []
    assert await world.bot.data_of(world.alice.id) == []


async def test_deleted_data_does_not_come_back(world: World) -> None:
    """Deleting one's data removes one's cards: on one that stayed, any click would read the message again."""
    await pasted(world)
    await world.alice.slash(world.channel, "privacy", what="delete")
    await world.env.settle()
    assert world.ours() == []
    assert await world.bot.data_of(world.alice.id) == []


async def test_card_that_a_moderator_deletes_is_forgotten(world: World) -> None:
    """A card that was deleted does not come back when its message changes."""
    source = await pasted(world)
    await world.mod.delete(world.card)
    await world.alice.edit(source, PLEA.format(url=world.site("wiki", BAD_GATEWAY)))
    await world.env.settle()
    assert world.ours() == []


async def test_secret_in_a_paste_is_warned_of_and_not_repeated(world: World) -> None:
    """A token in the address: the card warns, and neither it nor any request of the bot holds the token."""
    url = world.site("shop", BAD_GATEWAY)
    await world.paste(f"502 Bad Gateway nginx/1.24.0 at {url}?access_token=s3cr3t-value-123456 help")
    assert "secret" in text(world.card)
    assert "is down" in text(world.card)
    assert "s3cr3t-value" not in str([request.json for request in world.env.http_requests])


async def test_refused_address_is_explained_on_the_card(world: World) -> None:
    """A private address is not contacted; the card says so and offers another address."""
    await world.paste("help 502 Bad Gateway nginx/1.24.0 at http://10.1.2.3/admin")
    assert "must not contact" in text(world.card)
    assert {"enter-address", "no-address", "dismiss"} <= set(choices(world.card))
    await world.click(world.card, "no-address")
    assert labels(world.card) == ["Guide me", "Enter the address", "Why?", "Not this"]


async def test_service_that_is_named_is_offered_to_look_at(world: World) -> None:
    """A plea that names a known service, without an address: its site is one click away, and nothing is looked at."""
    before = world.stage.asked.total()
    await world.paste("is github down for anyone else? getting 502 since noon")
    assert labels(world.card) == ["Guide me", "Look at github.com", "Enter the address", "Why?", "Not this"]
    assert world.stage.asked.total() == before
    await world.click(world.card, "site:github")
    assert "github.com" in text(world.card)
    assert {"recheck", "guide"} <= set(choices(world.card))


async def test_markup_of_a_hostile_site_stays_dead(world: World) -> None:
    """A title and a server name full of mentions, links and code reach nobody as markup."""
    evil = b"HTTP/1.1 502 Bad Gateway\r\nServer: @everyone `<@1>` [x](http://evil.test)\r\nContent-Type: text/html\r\n"
    body = b"<title>`@here` <#1> https://evil.test/ ||x||</title>"
    url = world.site("shop", evil + b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body)
    await world.paste(PLEA.format(url=url))
    result = await world.click(world.card, "why")
    for shown in (text(world.card), text(whispers(result)[0])):
        outside = "".join(shown.split("`")[::2])
        assert "@everyone" not in outside
        assert "evil.test" not in outside
        assert "<@" not in outside


async def test_channel_that_is_deleted_is_forgotten(world: World, stage: Stage) -> None:
    """Nothing is kept of a channel that is gone."""
    other = world.guild.create_text_channel("errors")
    await world.paste(PLEA.format(url=world.site("shop", BAD_GATEWAY)), channel=other)
    assert await world.bot.data_of(world.alice.id)
    world.env.backend.delete_channel(other.id)
    await world.env.settle()
    assert await world.bot.data_of(world.alice.id) == []


async def test_server_that_removes_the_bot_is_forgotten(world: World) -> None:
    """Modes and conversations of a server go with the bot."""
    await world.bot.modes.set(world.guild.id, 0, "offer")
    await world.bot.modes.set(world.guild.id, world.channel.id, "auto")
    await pasted(world)
    world.env.backend.remove_guild(world.guild.id)
    await world.env.settle()
    assert await world.bot.data_of(world.alice.id) == []
    assert world.bot.modes.of(world.guild.id, world.channel.id) == "auto"


async def test_failure_of_a_turn_is_told(world: World) -> None:
    """A fault of ours is said on the card, which offers to look again; no silence."""
    talk = await world.bot.loaded()
    real = talk.engine.handle

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("boom")
        yield

    talk.engine.handle = broken  # type: ignore[assignment,method-assign]
    await pasted(world)
    assert "wrong on my side" in text(world.card)
    talk.engine.handle = real  # type: ignore[method-assign]
    await world.click(world.card, "enter-paste")


async def test_discord_failing_to_take_the_card_ends_nothing(world: World) -> None:
    """Discord refuses the first panel: the next one of the same turn makes the card."""
    world.env.inject_error("POST", "/channels/*/messages", status=500)
    await pasted(world, "shop")
    assert len(world.ours()) == 1
    assert "is down" in text(world.card)


async def test_place_that_takes_no_components_gets_words(world: World) -> None:
    """A message form that Discord refuses is sent again as plain text."""
    world.env.inject_error("POST", "/channels/*/messages", status=400, code=50035)
    await world.paste("help! 502 Bad Gateway nginx/1.24.0 all the time")
    assert "502 Bad Gateway from nginx" in world.card.content


async def test_two_servers_do_not_share_limits_or_modes(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a moderator sets in one server holds there alone."""
    async with discord_world(stage, monkeypatch) as world:
        await world.bot.modes.set(world.guild.id, 0, "off")
        other = world.env.create_guild("Elsewhere")
        channel = other.create_text_channel("help")
        carol = other.add_member(world.env.create_user("carol"))
        await carol.send(channel, PLEA.format(url=world.site("shop", BAD_GATEWAY)))
        await world.env.settle()
        assert len(world.ours(channel)) == 1


async def test_long_paste_that_discord_made_a_file_is_read(world: World) -> None:
    """A paste of more than 2,000 characters arrives as message.txt: it is an error like any other."""
    page = f"502 Bad Gateway\nnginx/1.24.0\n{world.site('shop', BAD_GATEWAY)}\nhelp\n"
    await world.alice.send(world.channel, "", attachments=[("message.txt", page.encode())])
    await world.env.settle()
    assert "`shop.example.com`" in text(world.card)


async def test_comment_on_a_long_paste_may_be_corrected(world: World) -> None:
    """The error is in message.txt as before: the card stays when only the comment changes, and goes with the file."""
    page = f"502 Bad Gateway\nnginx/1.24.0\n{world.site('shop', BAD_GATEWAY)}\nhelp\n"
    source = await world.alice.send(world.channel, "plz look at ths", attachments=[("message.txt", page.encode())])
    await world.env.settle()
    card = world.card.id
    await world.env.advance_time(1)
    await world.alice.edit(source, "please look at this")
    await world.env.settle()
    assert world.card.id == card
    assert "`shop.example.com`" in text(world.card)
    assert await world.bot.data_of(world.alice.id)
    await world.env.advance_time(1)
    world.env.backend.get_message(world.channel.id, source.id).attachments.clear()
    await world.alice.edit(source, "never mind")
    await world.env.settle()
    assert world.ours() == []


async def test_edit_over_the_limit_is_followed_when_it_comes_again(world: World) -> None:
    """There were too many looks when the address was corrected; Discord reports the edit again, with its preview."""
    source = await pasted(world)
    await world.env.advance_time(1)
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    await world.alice.slash(world.channel, "check", url=world.site("forum", FINE))
    await world.alice.edit(source, PLEA.format(url=world.site("wiki", FINE)))
    await world.env.settle()
    assert "`shop.example.com`" in text(world.card)
    world.bot.limits._buckets.clear()
    world.env.backend.edit_message(world.channel.id, source.id, {"embeds": [{"type": "link", "title": "Wiki"}]})
    await world.env.settle()
    assert "`wiki.example.com`" in text(world.card)


async def test_other_files_are_not_read_unasked(world: World) -> None:
    """Nobody asked about the log: it is read only when somebody points the bot at it."""
    log = b"502 Bad Gateway\nnginx/1.24.0\nhelp me please\n"
    message = await world.alice.send(world.channel, "my notes", attachments=[("server.log", log)])
    await world.env.settle()
    assert world.ours() == []
    result = await world.bob.context_menu(world.channel, "Diagnose this error", message)
    assert "502 Bad Gateway from nginx" in text(result.response)


async def test_message_that_goes_during_the_look_takes_its_card_along(world: World) -> None:
    """The author deletes the message while the checks run: no card is left behind."""
    site = world.site("shop", SILENCE)
    sending = asyncio.ensure_future(world.alice.send(world.channel, PLEA.format(url=site)))
    await until(world.ours)
    source = world.card.reference
    assert source is not None
    world.env.backend.delete_message(world.channel.id, source.message_id)
    await sending
    await world.env.settle()
    assert world.ours() == []
    assert await world.bot.data_of(world.alice.id) == []


async def test_card_that_comes_too_late_is_taken_away(world: World) -> None:
    """The conversation was forgotten before its card could be sent: the card does not stay."""
    talk = await world.bot.loaded()
    take = talk.take

    async def forgotten_meanwhile(place: Place, *rest: Any, **options: Any) -> Any:
        talk.places.forget(place.key)
        return await take(place, *rest, **options)

    talk.take = forgotten_meanwhile  # type: ignore[method-assign]
    await pasted(world)
    assert world.ours() == []


@pytest.mark.parametrize("mode", ["auto", "offer"])
async def test_message_deleted_while_it_is_being_read_gets_no_answer(
    world: World, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """Discord says that it is gone before the bot has noted where its answer will stand: nothing stays of that."""
    await world.mod.slash(world.channel, "settings", mode=mode)
    await world.bot.prepared()
    joining = world.bot.reading.joining
    note = joining.note

    async def gone_meanwhile(said: Any, found: Any) -> None:
        await world.bot.following.gone(said.id)
        await note(said, found)

    monkeypatch.setattr(joining, "note", gone_meanwhile)
    before = len(world.ours())
    await pasted(world)
    assert len(world.ours()) == before
    assert (await world.bot.loaded()).places.of_owner(world.alice.id) == []
