"""Does what somebody has deleted stay deleted, whatever other people press or write?"""

from __future__ import annotations

import re
from typing import Any

from bot.storage.lifetimes import CONVERSATIONS_LIVE_S, DAY_S, PLACES_LIVE_S
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    World,
    all_of,
    choices,
    labels,
    opened,
    panel,
    text,
    whispers,
)


async def deletes(world: World) -> None:
    """Alice deletes her data."""
    await world.alice.slash(world.channel, "privacy", what="delete")
    await world.env.settle()
    assert await world.bot.data_of(world.alice.id) == []


async def test_panel_of_a_deleted_conversation_loses_its_buttons(world: World) -> None:
    """Its thread says what became of it and is closed; there is nothing left to press."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await deletes(world)
    assert labels(panel(world, thread)) == []
    assert "was deleted" in text(panel(world, thread))
    assert world.env.backend.get_channel(thread.id).thread_metadata.archived


async def test_panel_in_a_closed_thread_loses_its_buttons_too(world: World) -> None:
    """Discord has closed the silent thread: it is opened for the change, and closed again."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=400, code=50083)
    await deletes(world)
    assert labels(panel(world, thread)) == []
    assert world.env.backend.get_channel(thread.id).thread_metadata.archived


async def test_deleted_panel_is_not_sent_anew_to_say_so(world: World) -> None:
    """A moderator has removed the panel before: the thread stays as it is."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    del world.env.backend.messages[thread.id][panel(world, thread).id]
    before = len(world.ours(thread))
    await deletes(world)
    assert len(world.ours(thread)) == before


async def test_refused_click_brings_nothing_back(world: World) -> None:
    """Bob presses a button of Alice's that stayed, and is refused: that leaves no row with her id."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=403, code=50013)
    await deletes(world)
    (told,) = whispers(await world.click(panel(world, thread), "skip", world.bob))
    assert "belongs to somebody else" in text(told)
    assert await world.bot.data_of(world.alice.id) == []


async def test_words_of_others_in_the_thread_bring_nothing_back(world: World) -> None:
    """Bob writes in Alice's thread, whose buttons still tell whose it is: that is read, and not kept."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=403, code=50013)
    await deletes(world)
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": False})  # as Discord does at a word
    await world.env.settle()
    for words in ("what happened here?", f"{world.bot.user.mention} hello"):  # type: ignore[union-attr]
        await world.paste(words, world.bob, thread)
    assert await world.bot.data_of(world.alice.id) == []
    await world.paste("works now", world.alice, thread)
    assert len(await world.bot.data_of(world.alice.id)) == 1


async def test_thread_without_a_conversation_is_looked_up_once(world: World) -> None:
    """After a restart everybody's words in a thread cost one look at its messages, not one each."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.restart()
    before = len(world.env.http_requests)
    for words in ("hm", "any news?", "still down for me"):
        await world.paste(words, world.bob, thread)
    asked = [one for one in world.env.http_requests[before:] if one.path.endswith(f"/channels/{thread.id}/messages")]
    assert len(asked) == 1


async def test_shared_card_goes_with_its_persons_data(world: World) -> None:
    """A card from /check is below no message, but is removed all the same."""
    await world.alice.slash(world.channel, "check", url=world.site("shop", BAD_GATEWAY), share=True)
    await deletes(world)
    assert world.ours() == []


async def test_forgotten_shared_card_is_no_way_back(world: World) -> None:
    """The card could not be removed: Bob's buttons on it say that it is forgotten, and bring nothing back."""
    await world.alice.slash(world.channel, "check", url=world.site("shop", BAD_GATEWAY), share=True)
    world.env.inject_error("DELETE", f"/channels/{world.channel.id}/messages/*", status=403, code=50013)
    await deletes(world)
    for choice in ("watch", "why", "recheck", "guide"):
        told = whispers(await world.click(world.card, choice, world.bob))
        assert "no longer know" in text(told[0])
    assert await world.bot.data_of(world.alice.id) == []


async def test_waiting_for_a_forgotten_cards_site_works(world: World) -> None:
    """Nobody remembers the card, but its message is there: it is read again, and Bob is told when the site is back."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}")
    await world.restart()
    told = whispers(await world.click(world.card, "watch", world.bob))
    assert "shop.example.com" in text(told[-1])
    assert "no web address" not in text(told[-1])
    assert len(world.ours()) == 1


async def test_owner_brings_a_forgotten_conversation_back(world: World) -> None:
    """It is hers: Alice's own click on a panel that nobody remembers is noted, so that her next words are heard."""
    _, thread = await opened(world, "shop", FINE)
    await world.restart()
    await world.click(panel(world, thread), "visitor")
    assert len(await world.bot.data_of(world.alice.id)) == 1
    assert "enter-paste" in choices(panel(world, thread))


async def test_privacy_tells_how_long_conversations_are_kept(world: World) -> None:
    """What /privacy says is what the store does."""
    shown = await world.alice.slash(world.channel, "privacy")
    days = {float(number) * DAY_S for number in re.findall(r"(\d+) days", text(shown.response))}
    assert days == {CONVERSATIONS_LIVE_S, PLACES_LIVE_S}


async def heard(world: World, card: Any) -> str:
    """Return all that Bob is told who waits for a card's site, asks why, and takes a guided report."""
    told = [
        *whispers(await world.click(card, "watch", world.bob)),
        *whispers(await world.click(card, "why", world.bob)),
    ]
    (guided,) = whispers(await world.click(card, "guide", world.bob))
    reported = await world.click(guided, "human", world.bob)
    listed = await world.bob.slash(world.channel, "watches")
    files = [file for message in whispers(reported) for file in message.attachments]
    report = "".join([(await file.read()).decode() for file in files])
    assert "shop.example.com" in report
    watches = await (await world.bot.parts.keeping()).watches.of("discord", str(world.bob.id))
    return all_of([*told, guided, listed.response]) + report + "".join(watch.url for watch in watches)


async def test_page_that_was_typed_into_a_form_is_told_to_nobody_else(world: World) -> None:
    """Alice alone knows which page she means: Bob waits for the site, and his report names the site."""
    url = world.site("shop", BAD_GATEWAY)
    await world.paste("help, I get 502 Bad Gateway nginx/1.24.0")
    form = await world.click(world.card, "enter-address")
    await world.alice.submit_modal(form, {"address": f"{url}private/path?sid=abc"})
    await world.env.settle()
    told = await heard(world, world.card)
    assert "private" not in told
    assert "sid=" not in told


async def test_page_that_all_can_read_is_told_to_all(world: World) -> None:
    """Which page failed is in Alice's message: Bob waits for that page, even after she has corrected it."""
    url = world.site("shop", BAD_GATEWAY)
    source = await world.paste("help, I get 502 Bad Gateway nginx/1.24.0")
    await world.env.advance_time(1)
    await world.alice.edit(source, f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")
    await world.env.settle()
    assert f"{url}cart" in await heard(world, world.card)
