"""Where does the bot speak up, how often, and what does it do where it may not do everything?"""

from __future__ import annotations

import discord

from bot.ports import Rate
from bot.surfaces.discord.limits import MINUTE, RATES
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    GENEROUS,
    World,
    choices,
    labels,
    opened,
    panel,
    text,
    whispers,
)

PLEA = "help, I get 502 Bad Gateway nginx/1.24.0 at {url}"


async def pasted(world: World, name: str = "shop", *answers: bytes) -> discord.Message:
    """Alice pastes an error with the address of a site."""
    url = world.site(name, *(answers or (BAD_GATEWAY,)))
    return await world.paste(PLEA.format(url=url))


async def test_mode_off_says_nothing(world: World) -> None:
    """In a channel that is switched off pasted errors are not answered."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "off")
    await pasted(world)
    assert world.ours() == []


async def test_mode_offer_hints_and_looks_on_demand(world: World) -> None:
    """One line and a button; the look begins when the author wants it, and the hint becomes the card."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    await pasted(world)
    assert labels(world.card) == ["Look at it", "Not this"]
    assert world.stage.asked["shop.example.com"] == 0
    await world.click(world.card, "look")
    assert "is down" in text(world.card)
    assert len(world.ours()) == 1


async def test_offer_is_taken_only_so_often(world: World) -> None:
    """The button of a hint makes the bot look like any other: over the limit it stays for later."""
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    await pasted(world)
    await world.alice.slash(world.channel, "check", url=world.site("wiki", FINE))
    (told,) = whispers(await world.click(world.card, "look"))
    assert "a lot at once" in text(told)
    assert labels(world.card) == ["Look at it", "Not this"]


async def test_edit_takes_no_offer(world: World) -> None:
    """The author adds a word to a message that was offered help: nothing is looked at before they want it."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    source = await pasted(world)
    await world.alice.edit(source, f"{source.content} anyone?")
    await world.env.settle()
    assert labels(world.card) == ["Look at it", "Not this"]
    assert world.stage.asked["shop.example.com"] == 0
    await world.click(world.card, "look")
    assert "is down" in text(world.card)


async def test_offer_goes_when_the_error_is_edited_away(world: World) -> None:
    """There is nothing to offer any more."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    source = await pasted(world)
    await world.alice.edit(source, "never mind, wrong channel")
    await world.env.settle()
    assert world.ours() == []


async def test_hint_whose_message_is_gone_says_so(world: World) -> None:
    """The pasted message cannot be read any more: the click is answered, not left hanging."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    source = await pasted(world)
    del world.env.backend.messages[world.channel.id][source.id]
    result = await world.click(world.card, "look")
    assert "cannot read that message" in text(whispers(result)[0])


async def test_channel_mode_goes_before_the_servers(world: World) -> None:
    """A server that is off may have one channel where the bot answers."""
    await world.bot.modes.set(world.guild.id, 0, "off")
    other = world.guild.create_text_channel("errors")
    await world.bot.modes.set(world.guild.id, other.id, "auto")
    await pasted(world)
    assert world.ours() == []
    await world.paste(PLEA.format(url=world.site("wiki", BAD_GATEWAY)), channel=other)
    assert len(world.ours(other)) == 1


async def test_same_person_is_not_answered_again_at_once(world: World) -> None:
    """Two errors of one person in a breath: one card."""
    world.bot.limits._rates = GENEROUS | {"card-user": [Rate(1, MINUTE)]}
    await pasted(world, "shop")
    await pasted(world, "wiki")
    assert len(world.ours()) == 1


async def test_busy_channel_gets_no_flood_of_cards(world: World) -> None:
    """A channel gets a limited number of cards a minute, whoever pastes."""
    world.bot.limits._rates = GENEROUS | {"card-channel": [Rate(2, MINUTE)]}
    for name, author in (("shop", world.alice), ("wiki", world.bob), ("forum", world.mod)):
        await world.paste(PLEA.format(url=world.site(name, BAD_GATEWAY)), author)
    assert len(world.ours()) == 2


async def test_same_host_is_not_carded_again_within_minutes(world: World) -> None:
    """Two people paste the same site's error: the second one is pointed to the existing card."""
    world.bot.limits._rates = GENEROUS | {"host-channel": [Rate(1, MINUTE)]}
    url = world.site("shop", BAD_GATEWAY)
    await world.paste(PLEA.format(url=url), world.alice)
    await world.paste(PLEA.format(url=url), world.bob)
    assert len([message for message in world.ours() if choices(message)]) == 1


async def test_refused_card_silences_its_host_for_nobody(world: World) -> None:
    """A second error right away gets no card; whoever pastes the same host a little later gets one."""
    at_s = 0
    world.bot.limits._rates, world.bot.limits._now = RATES, lambda: at_s * 1000
    await pasted(world, "shop")
    at_s = 20
    await pasted(world, "wiki")
    assert len(world.ours()) == 1
    at_s = 40
    await pasted(world, "wiki")
    assert len(world.ours()) == 2
    assert "wiki.example.com" in text(world.card)


async def test_click_flood_is_slowed_down(world: World) -> None:
    """Whoever clicks too often is told to wait, in time."""
    await pasted(world)
    world.bot.limits._rates = GENEROUS | {"user": [Rate(1, MINUTE)]}
    world.bot.limits._buckets.clear()
    await world.click(world.card, "why")
    result = await world.click(world.card, "why")
    assert "a lot at once" in text(whispers(result)[0])


async def test_check_flood_is_slowed_down(world: World) -> None:
    """A look costs somebody else's server a request, so it has a limit of its own."""
    await pasted(world)
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    world.bot.limits._buckets.clear()
    await world.click(world.card, "recheck", world.bob)
    result = await world.click(world.card, "recheck", world.bob)
    assert "a lot at once" in text(whispers(result)[0])


async def test_words_for_a_look_count_like_the_button(world: World) -> None:
    """Whoever types "check again", or the same error once more, has the same limit as with the button."""
    user, url = world.env.create_user("carol"), world.site("shop", BAD_GATEWAY)
    for said in (f"502 Bad Gateway nginx/1.24.0 at {url}", "visitor"):
        await user.send_dm(said)
        await world.env.settle()
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    world.bot.limits._buckets.clear()
    await user.send_dm("check again")
    await world.env.settle()
    assert "a lot at once" not in text(user.dm_channel.last_message)
    for said in ("check again", "502 Bad Gateway nginx/1.24.0"):
        asked = world.stage.asked["shop.example.com"]
        await user.send_dm(said)
        await world.env.settle()
        assert "a lot at once" in text(user.dm_channel.last_message)
        assert world.stage.asked["shop.example.com"] == asked


async def test_words_for_a_look_count_in_the_thread(world: World) -> None:
    """So has who types it in the own thread; the guide itself goes on."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    world.bot.limits._buckets.clear()
    await world.paste("check again", channel=thread)
    await world.paste("check again", channel=thread)
    assert "a lot at once" in text(panel(world, thread))
    await world.paste("skip", channel=thread)
    assert "a lot at once" not in text(panel(world, thread))


async def test_look_at_a_named_service_counts(world: World) -> None:
    """The site of a service that was only named is not looked at by whoever has asked for too many looks."""
    await world.paste("is github down for anyone else? getting 502 since noon")
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    world.bot.limits._buckets.clear()
    assert await world.bot.limits.may_check(world.alice.id, world.guild.id)
    result = await world.click(world.card, "site:github")
    assert "a lot at once" in text(whispers(result)[0])
    assert "site:github" in choices(world.card)


async def test_channel_where_it_may_not_write_hears_nothing(world: World) -> None:
    """Without the permission to send, the bot stays silent and asks no site."""
    everyone = world.guild.default_role
    muted = world.guild.create_text_channel(
        "muted", overwrites={world.bot.user: discord.PermissionOverwrite(send_messages=False)}
    )
    assert everyone is not None
    await world.paste(PLEA.format(url=world.site("shop", BAD_GATEWAY)), channel=muted)
    assert world.ours(muted) == []
    assert world.stage.asked["shop.example.com"] == 0


async def test_without_thread_permission_guidance_is_private(world: World) -> None:
    """Where no thread may be opened the person is guided in messages that only they see."""
    no_threads = world.guild.create_text_channel(
        "no-threads", overwrites={world.bot.user: discord.PermissionOverwrite(create_public_threads=False)}
    )
    await world.paste(PLEA.format(url=world.site("shop", BAD_GATEWAY)), channel=no_threads)
    result = await world.click(world.ours(no_threads)[-1], "guide")
    mine = whispers(result)[0]
    await world.click(mine, "visitor")
    await world.click(whispers(result)[0], "skip")
    assert "Step 2" in text(whispers(result)[0])
    assert no_threads.threads == []


async def test_card_in_somebody_elses_thread_guides_in_private(world: World) -> None:
    """In a thread of people the card is a guest: guidance is private, and the thread keeps its title."""
    thread = await world.env.bot.get_channel(world.channel.id).create_thread(
        name="party", type=discord.ChannelType.public_thread
    )
    handle = next(one for one in world.threads if one.id == thread.id)
    world.env.backend.get_channel(thread.id).owner_id = world.bob.id
    world.env.bot.get_channel(thread.id).owner_id = world.bob.id
    await world.paste(PLEA.format(url=world.site("shop", BAD_GATEWAY)), channel=handle)
    result = await world.click(panel(world, handle), "guide")
    assert "Are you visiting" in text(whispers(result)[0])
    await world.click(whispers(result)[0], "stop")
    assert handle.name == "party"


async def test_mention_with_text_is_answered_where_the_channel_is_off(world: World) -> None:
    """Whoever calls the bot by name is answered whatever the channel's mode is."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "off")
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} {PLEA.format(url=world.site('shop', BAD_GATEWAY))}")
    assert "is down" in text(world.card)


async def test_mention_as_an_answer_reads_the_answered_message(world: World) -> None:
    """Bob points the bot at Alice's message by answering it with the bot's name."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "off")
    source = await pasted(world)
    assert world.bot.user is not None
    await world.bob.send(world.channel, world.bot.user.mention, reply_to=source)
    await world.env.settle()
    assert "is down" in text(world.card)


async def test_mention_with_nonsense_asks_for_the_error(world: World) -> None:
    """A call that holds no error is answered with a way to give one."""
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} purple monkey")
    assert "do not recognise" in text(world.card)
    assert {"enter-paste", "dismiss"} <= set(choices(world.card))


async def test_thanks_to_a_card_is_no_call(world: World) -> None:
    """An answer to the card pings the bot, but says nothing to it."""
    await pasted(world)
    await world.bob.send(world.channel, "thanks, good bot", reply_to=world.card)
    await world.env.settle()
    assert len(world.ours()) == 1


async def test_channel_whose_past_is_closed_gets_a_card_that_answers_none(world: World) -> None:
    """Where the bot may not read the past Discord takes no reply: card and pointer come as messages of their own."""
    unread = world.guild.create_text_channel(
        "unread", overwrites={world.bot.user: discord.PermissionOverwrite(read_message_history=False)}
    )
    url = world.site("shop", BAD_GATEWAY)
    await world.paste(PLEA.format(url=url), channel=unread)
    await world.paste(PLEA.format(url=url), world.bob, unread)
    card, line = world.ours(unread)
    assert "is down" in text(card)
    assert line.content.endswith(card.jump_url)
    assert card.reference is None
    assert line.reference is None
