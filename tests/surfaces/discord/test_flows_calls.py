"""What does the bot read when somebody calls it by name, and what when the call changes or is read once more?"""

from __future__ import annotations

import discord

from bot.ports import Rate
from bot.surfaces.discord.limits import MINUTE
from surfaces.discord.discord_world import BAD_GATEWAY, FINE, GENEROUS, World, choices, text, whispers

PLEA = "help, I get 502 Bad Gateway nginx/1.24.0 at {url}"
DOWN = "`shop.example.com`**\nThe site is down"


def name(world: World) -> str:
    """Return what calls the bot."""
    assert world.bot.user is not None
    return world.bot.user.mention


async def changed(world: World, message: discord.Message, content: str) -> None:
    """Bob changes his message a moment later."""
    await world.env.advance_time(1)
    await world.bob.edit(message, content)
    await world.env.settle()


async def answered(world: World, content: str) -> discord.Message:
    """Bob answers alice's error, which got no card of its own."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "off")
    source = await world.paste(PLEA.format(url=world.site("shop", BAD_GATEWAY)))
    call: discord.Message = await world.bob.send(world.channel, content, reply_to=source)
    await world.env.settle()
    return call


async def test_call_with_another_address_changes_its_card(world: World) -> None:
    """Somebody calls with a bare address and corrects it: the same card speaks of the other site."""
    call = await world.paste(f"{name(world)} {world.site('shop', BAD_GATEWAY)}", world.bob)
    card = world.card.id
    await changed(world, call, f"{name(world)} {world.site('wiki', FINE)} please")
    assert [message.id for message in world.ours()] == [card]
    assert "`wiki.example.com`" in text(world.card)
    assert "works from here" in text(world.card)


async def test_call_without_anything_left_loses_its_card(world: World) -> None:
    """The address is edited away: there is nothing to say any more."""
    call = await world.paste(f"{name(world)} {world.site('shop', BAD_GATEWAY)}", world.bob)
    await changed(world, call, f"{name(world)} never mind")
    assert world.ours() == []


async def test_words_beside_the_name_still_point_at_the_answered_error(world: World) -> None:
    """Whoever answers an error with the name and a word of no meaning means the error, before and after an edit."""
    call = await answered(world, f"{name(world)} pls")
    assert DOWN in text(world.card)
    await changed(world, call, f"{name(world)} please, anyone?")
    assert DOWN in text(world.card)
    assert len(world.ours()) == 1


async def test_bare_call_keeps_its_card_over_an_edit(world: World) -> None:
    """The card of a call that answers an error stays when a word is added to the call."""
    call = await answered(world, name(world))
    card = world.card.id
    await changed(world, call, f"{name(world)} pls")
    assert [message.id for message in world.ours()] == [card]
    assert DOWN in text(world.card)


async def test_forgotten_call_is_read_again_as_a_call(world: World) -> None:
    """A process that remembers nothing reads the answered error again, not the bare name."""
    await answered(world, name(world))
    await world.restart()
    await world.click(world.card, "recheck", world.bob)
    assert DOWN in text(world.card)


async def test_pointing_at_an_error_is_no_report_of_it(world: World) -> None:
    """Whoever calls the bot to somebody else's error has not met it themselves."""
    await answered(world, f"{name(world)} pls")
    assert not [kept for kept in await world.bot.data_of(world.bob.id) if "reports" in kept]


async def test_error_that_is_added_to_a_bare_call_is_looked_at(world: World) -> None:
    """Whoever called the bot has asked for help: the question what is wrong becomes the card."""
    call = await world.paste(name(world), world.bob)
    question = world.card.id
    await changed(world, call, f"{name(world)} {PLEA.format(url=world.site('shop', BAD_GATEWAY))}")
    assert [message.id for message in world.ours()] == [question]
    assert DOWN in text(world.card)


async def test_calls_by_name_share_the_limit_of_looks(world: World) -> None:
    """A call with an address asks for a look like /check: the person and the server have a limit."""
    rates = GENEROUS | {"check-user": [Rate(2, MINUTE)], "check-guild": [Rate(5, MINUTE)]}
    world.bot.limits._rates = rates
    people = [world.alice, world.bob, world.mod]
    for author in people:
        for number in range(3):
            await world.paste(f"{name(world)} http://{author.name}{number}.example.com/", author)
    said = [text(message) for message in world.ours()]
    refused = [one for one in said if "a lot at once" in one]
    assert len(said) - len(refused) == 5
    assert len(refused) == 4
    asked = await world.mod.slash(world.channel, "check", url="http://more.example.com/")
    assert "a lot at once" in text(whispers(asked)[0])


async def test_call_that_asks_for_no_look_is_answered_over_the_limit(world: World) -> None:
    """An error without an address is explained, however many looks there were."""
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    for words in ("http://shop.example.com/", "502 Bad Gateway nginx/1.24.0", "purple monkey", ""):
        await world.paste(f"{name(world)} {words}", world.bob)
    assert not any("a lot at once" in text(message) for message in world.ours())
    assert len(world.ours()) == 4


async def test_call_that_tells_nothing_keeps_its_answer_when_it_is_corrected(world: World) -> None:
    """Bob corrects a letter of a call that named neither error nor address: the answer, with its form, stays."""
    me = world.bot.user.mention  # type: ignore[union-attr]
    called = await world.paste(f"{me} my website is brokn", world.bob)
    before = text(world.card)
    await world.env.advance_time(1)
    await world.bob.edit(called, f"{me} my website is broken")
    await world.env.settle()
    assert text(world.card) == before
    assert "enter-paste" in choices(world.card)
    assert len(world.ours()) == 1


async def test_call_that_no_longer_tells_anything_loses_its_card(world: World) -> None:
    """Bob takes the error out of his call: its card goes, as it does for an ordinary message."""
    me = world.bot.user.mention  # type: ignore[union-attr]
    url = world.site("shop", BAD_GATEWAY)
    called = await world.paste(f"{me} 502 Bad Gateway nginx/1.24.0 at {url}", world.bob)
    await world.env.advance_time(1)
    await world.bob.edit(called, f"{me} never mind")
    await world.env.settle()
    assert world.ours() == []
