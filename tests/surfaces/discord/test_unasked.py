"""Does the bot speak up unasked only where it knows that it may, and does a card that is gone silence nobody?"""

from __future__ import annotations

import pytest

from bot.conversation.events import Cancelled
from bot.conversation.state import Phase
from bot.ports import StoreUnavailable
from bot.surfaces.discord.limits import RATES
from bot.surfaces.discord.modes import Modes
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    GENEROUS,
    World,
    choices,
    labels,
    text,
)

PLEA = "help, I get 502 Bad Gateway nginx/1.24.0 at {url}"


@pytest.fixture
async def strict(world: World) -> World:
    """Return a server where a host gets one card in five minutes, as everywhere."""
    world.bot.limits._rates = GENEROUS | {"host-channel": RATES["host-channel"]}
    return world


async def test_message_that_is_posted_anew_gets_its_card(strict: World) -> None:
    """Alice deletes her message and posts it once more: its card went with it, so she gets another one."""
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    source = await strict.paste(plea)
    await strict.alice.delete(source)
    await strict.env.settle()
    assert strict.ours() == []
    await strict.paste(plea)
    assert "is down" in text(strict.card)


async def test_dismissed_card_silences_its_host_for_nobody(strict: World) -> None:
    """A moderator removed Alice's card; Bob, who meets the same error, is answered."""
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    await strict.paste(plea)
    await strict.click(strict.card, "dismiss", strict.mod)
    await strict.paste(plea, strict.bob)
    assert "is down" in text(strict.card)


async def test_card_that_went_on_to_another_host_silences_the_first_no_more(strict: World) -> None:
    """Alice corrects the address, and the card follows; Bob means the one that she had mistyped."""
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    source = await strict.paste(plea)
    await strict.env.advance_time(1)
    await strict.alice.edit(source, PLEA.format(url=strict.site("wiki", FINE)))
    await strict.paste(plea, strict.bob)
    assert ["`shop.example.com`" in text(card) for card in strict.ours()] == [False, True]


async def test_card_that_has_ended_silences_its_host_no_more(strict: World) -> None:
    """Nobody joins a card that is over, so Bob gets one of his own."""
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    await strict.paste(plea)
    talk = await strict.bot.loaded()
    (place,) = talk.places.of_owner(strict.alice.id)
    async for _ in talk.engine.handle(place.key, Cancelled()):
        pass
    assert (await talk.engine.state(place.key)).phase is Phase.ENDED
    await strict.paste(plea, strict.bob)
    assert len(strict.ours()) == 2


async def test_offer_that_stands_is_made_once(strict: World) -> None:
    """Two people paste the same host where help is only offered: one offer, until it is taken away."""
    await strict.bot.modes.set(strict.guild.id, strict.channel.id, "offer")
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    await strict.paste(plea)
    await strict.paste(plea, strict.bob)
    assert [labels(hint) for hint in strict.ours()] == [["Look at it", "Not this"]]
    await strict.click(strict.card, "dismiss")
    await strict.paste(plea, strict.bob)
    assert len(strict.ours()) == 1


async def test_card_that_cannot_be_asked_after_still_silences_its_host(
    strict: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is away: it is not known that the card is over, so there is no second one."""
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    await strict.paste(plea)
    talk = await strict.bot.loaded()
    monkeypatch.setattr(talk.engine, "state", _away)
    await strict.paste(plea, strict.bob)
    assert len(strict.ours()) == 1


async def test_channel_that_is_off_stays_off_until_that_can_be_read(world: World) -> None:
    """A process whose store is away does not know which channels are off: it speaks nowhere unasked until it does."""
    other = world.guild.create_text_channel("errors")
    await world.mod.slash(world.channel, "settings", mode="off")
    world.bot.modes = Modes(world.bot.parts.preferences, "auto")
    plea = PLEA.format(url=world.site("shop", BAD_GATEWAY))
    for channel in (world.channel, other):
        await world.paste(plea, channel=channel)
        assert world.ours(channel) == []
    await world.bot.modes.load()
    for channel in (world.channel, other):
        await world.paste(plea, channel=channel)
    assert world.ours() == []
    assert "guide" in choices(world.ours(other)[-1])


async def test_call_by_name_is_answered_before_modes_are_known(world: World) -> None:
    """Whoever asks on purpose need not wait for it."""
    world.bot.modes = Modes(world.bot.parts.preferences, "off")
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} {world.site('shop', BAD_GATEWAY)}")
    assert "guide" in choices(world.card)


async def _away(*_: object) -> None:
    raise StoreUnavailable("away")


@pytest.mark.parametrize("mode", ["auto", "offer"])
async def test_card_that_discord_refused_silences_nobody(strict: World, mode: str) -> None:
    """Discord takes neither Alice's card nor her hint: none is remembered, and her next message gets its own."""
    await strict.mod.slash(strict.channel, "settings", mode=mode)
    plea = PLEA.format(url=strict.site("shop", BAD_GATEWAY))
    strict.bot.limits._rates = GENEROUS | {name: RATES[name] for name in ("host-channel", "card-user")}
    strict.env.inject_error("POST", f"/channels/{strict.channel.id}/messages", status=503, times=None)
    before = len(strict.ours())
    await strict.paste(plea)
    strict.env.backend.faults.clear()
    assert (await strict.bot.loaded()).places.of_owner(strict.alice.id) == []
    await strict.paste(plea)
    assert len(strict.ours()) == before + 1
