"""Are words that reply to a card, and call the bot by name, taken as being about that card?"""

from __future__ import annotations

from typing import Any

import pytest

from surfaces.discord.discord_world import BAD_GATEWAY, FINE, World, text


async def answered(world: World, said: str, author: Any = None) -> str:
    """Somebody answers Alice's card so, by name; return what the bot wrote below it."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")
    assert world.bot.user is not None
    card = world.card
    await (author or world.alice).send(world.channel, f"{world.bot.user.mention} {said}", reply_to=card)
    await world.env.settle()
    return "\n".join(text(message) for message in world.ours() if message.id != card.id)


@pytest.mark.parametrize("said", ["is it still down?", "check again", "please check again"])
async def test_who_asks_whether_it_is_still_down_gets_a_look(world: World, said: str) -> None:
    """Anybody may have the site looked at again; the card is brought up to date, and they are pointed to it."""
    told = await answered(world, said, world.bob)
    assert told.startswith("I looked again.")
    assert len(world.ours()) == 2


async def test_new_state_of_the_site_stands_on_the_card(world: World) -> None:
    """A look that is asked for in words is a look: the card says what it found."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('wiki', BAD_GATEWAY, FINE)}cart")
    assert world.bot.user is not None
    card = world.card
    await world.bob.send(world.channel, f"{world.bot.user.mention} is it still down?", reply_to=card)
    await world.env.settle()
    assert "works from here" in text(world.ours()[0])


async def test_its_person_ends_the_card_with_good_news(world: World) -> None:
    """That it works is for the card's person to say; nothing new is posted for it."""
    assert await answered(world, "it works now, thanks") == ""
    assert "Glad that it works again" in text(world.card)


async def test_others_do_not_end_a_card(world: World) -> None:
    """For whom it works is not whose card it is: they are shown where it stands, and it stays."""
    assert "stands on the card" in await answered(world, "it works now", world.bob)
    assert "shop.example.com" in text(world.ours()[0])


async def test_thanks_need_no_answer(world: World) -> None:
    """Nothing is stopped by thanks, and nobody is answered."""
    assert await answered(world, "thanks!", world.bob) == ""
    assert "shop.example.com" in text(world.card)


async def test_all_else_is_pointed_to_the_card(world: World) -> None:
    """Whoever asks something that the bot does not understand is shown where its buttons are."""
    assert "stands on the card" in await answered(world, "what does that mean for my order?", world.bob)


async def test_error_in_an_answer_is_read_as_one(world: World) -> None:
    """Whoever answers a card with an error of their own gets a card of their own."""
    told = await answered(world, "I get HTTP Error 503. The service is unavailable.", world.bob)
    assert "503" in told
