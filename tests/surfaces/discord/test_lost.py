"""What is left of a conversation when the bot was restarted, and what does each button ever shown still do?"""

from __future__ import annotations

import asyncio

from bot.conversation.state import Phase, State
from bot.ports import Rate
from bot.surfaces.discord.custom_id import decode, encode, mark_of
from bot.surfaces.discord.limits import MINUTE
from bot.surfaces.discord.talk import Talk
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    GENEROUS,
    World,
    choices,
    labels,
    of,
    opened,
    options,
    panel,
    parts,
    text,
    until,
    whispers,
)


async def card_of(world: World) -> None:
    """Alice pastes an error."""
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {world.site('shop', BAD_GATEWAY)}cart")


# --- with a database: everything goes on ---------------------------------------------------------------------------


async def test_thread_goes_on_at_its_step_after_a_restart(lasting: World) -> None:
    """With a database a restart is not noticed: the buttons, the words and the end work as before."""
    _, thread = await opened(lasting, "shop", BAD_GATEWAY)
    await lasting.click(panel(lasting, thread), "visitor")
    await lasting.restart()
    await lasting.click(panel(lasting, thread), "skip")
    assert "Step 2" in text(panel(lasting, thread))
    await lasting.restart()
    await lasting.paste("works now", channel=thread)
    assert thread.name == "shop.example.com · solved"


async def test_every_button_of_the_card_works_after_a_restart(lasting: World) -> None:
    """Check again, Why?, Guide me and Not this, each by another process than the one that showed them."""
    await card_of(lasting)
    for choice in ("recheck", "why", "guide", "dismiss"):
        await lasting.restart()
        await lasting.click(lasting.card, choice)
    assert len(lasting.threads) == 1
    assert lasting.ours() == []


async def test_menus_work_after_a_restart(lasting: World) -> None:
    """The menus for browser, system and tried steps answer another process."""
    _, thread = await opened(lasting, "fine", FINE)
    for choice in ("visitor", "yes", "skip"):
        await lasting.click(panel(lasting, thread), choice)
    for value in ("firefox", "linux"):
        await lasting.restart()
        await lasting.pick(panel(lasting, thread), value)
    assert "Step 2" in text(panel(lasting, thread))
    await lasting.click(panel(lasting, thread), "tried")
    await lasting.restart()
    await lasting.pick(panel(lasting, thread), *options(panel(lasting, thread))[:2])
    assert "Step 3" in text(panel(lasting, thread))


async def test_form_opened_before_a_restart_is_taken_after_it(lasting: World) -> None:
    """Discord keeps the form open meanwhile; what was typed arrives."""
    await lasting.paste("help! 502 Bad Gateway nginx/1.24.0 all the time")
    form = await lasting.click(lasting.card, "enter-address")
    await lasting.restart()
    await lasting.alice.submit_modal(form, {"address": lasting.site("shop", BAD_GATEWAY)})
    assert "`shop.example.com`" in text(lasting.card)


async def test_card_still_follows_its_message_after_a_restart(lasting: World) -> None:
    """An edit and a deletion reach the card that another process made."""
    source = await lasting.paste(f"502 Bad Gateway nginx/1.24.0 help {lasting.site('shop', BAD_GATEWAY)}")
    await lasting.restart()
    await lasting.alice.edit(source, f"502 Bad Gateway nginx/1.24.0 help {lasting.site('wiki', FINE)}")
    await lasting.env.settle()
    assert "wiki.example.com" in text(lasting.card)
    assert "works from here" in text(lasting.card)
    await lasting.restart()
    await lasting.alice.delete(source)
    await lasting.env.settle()
    assert lasting.ours() == []


async def test_modes_last(lasting: World) -> None:
    """What moderators set holds after a restart."""
    await lasting.mod.slash(lasting.channel, "settings", mode="off")
    await lasting.restart()
    await card_of(lasting)
    assert lasting.ours() == []


async def test_private_conversation_goes_on_after_a_restart(lasting: World) -> None:
    """What only one person sees can be gone on with, too."""
    result = await lasting.alice.slash(lasting.channel, "check", url=lasting.site("shop", BAD_GATEWAY))
    await lasting.click(result.response, "guide")
    await lasting.restart()
    await lasting.click(result.response, "visitor")
    assert "Step 1" in text(result.response)


async def test_verdict_that_one_person_never_saw_is_behind_stop(lasting: World) -> None:
    """A restart left a private panel at its look, where all that can be picked is Stop: it brings what was found."""
    result = await lasting.alice.slash(lasting.channel, "check", url=lasting.site("shop", BAD_GATEWAY))
    shown = decode(choices(result.response)["guide"])
    assert shown is not None
    looking = shown.tag._replace(mark=mark_of(State(phase=Phase.CHECKING)))
    stored = lasting.env.backend.get_message(lasting.channel.id, result.response.id)
    buttons = [part for part in parts(stored) if of(part, "custom_id")]
    buttons[0]["custom_id"] = encode(looking, "stop")
    await lasting.restart()
    told = await lasting.alice.click(result.response, custom_id=encode(looking, "stop"))
    assert "is down" in text(result.response)
    assert "guide" in choices(result.response)
    assert "earlier step" in text(whispers(told)[0])


# --- without a database: nothing is remembered ---------------------------------------------------------------------


async def test_forgotten_card_is_read_again(world: World) -> None:
    """The bot remembers nothing, but may read the pasted message: Guide me looks again and guides."""
    await card_of(world)
    await world.restart()
    await world.click(world.card, "guide")
    thread = world.threads[-1]
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))


async def test_forgotten_card_tells_why_and_checks_again(world: World) -> None:
    """Why? and Check again of a card that nobody remembers do what they say."""
    await card_of(world)
    await world.restart()
    result = await world.click(world.card, "why", world.bob)
    assert "Rule: gateway" in text(whispers(result)[-1])
    await world.restart()
    await world.click(world.card, "recheck", world.bob)
    assert "is down" in text(world.card)


async def test_forgotten_card_is_read_again_only_so_often(world: World) -> None:
    """Reading it again is a look like any other: over the limit the person is told to wait, and nothing is looked at."""
    await card_of(world)
    await world.restart()
    world.bot.limits._rates = GENEROUS | {"check-user": [Rate(1, MINUTE)]}
    await world.bob.slash(world.channel, "check", url=world.site("wiki", FINE))
    asked = world.stage.asked["shop.example.com"]
    (told,) = whispers(await world.click(world.card, "why", world.bob))
    assert "a lot at once" in text(told)
    assert world.stage.asked["shop.example.com"] == asked


async def test_forgotten_card_without_its_message_opens_its_entry(world: World) -> None:
    """The pasted message is gone: the person is told what the error means, and can start afresh by a form."""
    await card_of(world)
    source = world.card.reference
    assert source is not None
    del world.env.backend.messages[world.channel.id][source.message_id]
    await world.restart()
    result = await world.click(world.card, "guide")
    told = whispers(result)[0]
    assert "no longer know" in text(told)
    assert "502 Bad Gateway from nginx" in text(told)
    form = await world.click(told, "enter-address")
    await world.alice.submit_modal(form, {"address": world.site("shop", BAD_GATEWAY)})
    assert "is down" in text(whispers(result)[0])


async def test_forgotten_thread_opens_its_entry_and_the_forms(world: World) -> None:
    """A button in a thread that nobody remembers tells the entry it belongs to, and goes on by a form."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.restart()
    await world.click(panel(world, thread), "still-broken")
    shown = panel(world, thread)
    assert "no longer know" in text(shown)
    assert "502 Bad Gateway from nginx" in text(shown)
    form = await world.click(shown, "enter-paste")
    await world.alice.submit_modal(form, {"paste": "504 Gateway Time-out nginx/1.24.0"})
    assert "504" in text(panel(world, thread))


async def test_words_in_a_forgotten_thread_find_its_person(world: World) -> None:
    """The bot reads from its own panel whose thread it is, says what it forgot, and takes the error again."""
    url, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.restart()
    await world.paste("works now", channel=thread)
    assert "no longer know" in text(panel(world, thread))
    await world.paste(f"502 Bad Gateway nginx/1.24.0 at {url}", channel=thread)
    assert "Are you visiting" in text(panel(world, thread))


async def test_forgotten_private_conversation_says_so(world: World) -> None:
    """An answer that only one person sees turns into what is known, and the forms."""
    result = await world.alice.slash(world.channel, "check", url=world.site("shop", BAD_GATEWAY))
    await world.restart()
    await world.click(result.response, "guide")
    assert "no longer know" in text(result.response)
    assert {"enter-paste", "enter-address"} <= set(choices(result.response))


async def test_forgotten_card_can_be_dismissed(world: World) -> None:
    """Not this needs no memory."""
    await card_of(world)
    await world.restart()
    await world.click(world.card, "dismiss")
    assert world.ours() == []


async def test_forgotten_hint_still_looks(world: World) -> None:
    """The button of a hint holds all that it needs."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    await card_of(world)
    await world.restart()
    await world.click(world.card, "look")
    assert "is down" in text(world.card)


async def test_others_have_no_more_rights_after_a_restart(world: World) -> None:
    """The button itself says whose conversation it is."""
    await card_of(world)
    await world.restart()
    result = await world.click(world.card, "dismiss", world.bob)
    assert "belongs to somebody else" in text(whispers(result)[0])
    assert len(world.ours()) == 1


async def test_second_thread_is_not_opened_for_a_forgotten_card(world: World) -> None:
    """The card has its thread already: the person is sent there."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.restart()
    result = await world.click(world.card, "guide")
    assert len(world.threads) == 1
    assert thread.mention in text(whispers(result)[-1])


async def test_deleted_data_leaves_buttons_that_answer(lasting: World) -> None:
    """After /privacy delete a button says what is known, like one that was forgotten."""
    result = await lasting.alice.slash(lasting.channel, "check", url=lasting.site("shop", BAD_GATEWAY))
    await lasting.alice.slash(lasting.channel, "privacy", what="delete")
    await lasting.click(result.response, "guide")
    assert "no longer know" in text(result.response)


async def test_interaction_that_comes_twice_counts_once(world: World) -> None:
    """Discord delivers a click a second time: the step is not skipped twice."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.click(panel(world, thread), "skip")
    assert "Step 2" in text(panel(world, thread))
    kind, name, payload = next(one for one in reversed(world.env.backend.transcript) if one[1] == "INTERACTION_CREATE")
    assert kind == "GATEWAY"
    world.env.backend.emit(name, payload)
    await world.env.settle()
    assert "Step 2" in text(panel(world, thread))
    assert labels(panel(world, thread))


async def test_click_is_acknowledged_before_anything_is_loaded(world: World) -> None:
    """The bot has just come back and still loads: the click is acknowledged within Discord's three seconds."""
    await card_of(world)
    talk, ready = await world.bot.loaded(), asyncio.Event()

    async def late() -> Talk:
        await ready.wait()
        return talk

    world.bot._talk, world.bot._loading = None, asyncio.ensure_future(late())
    clicking = asyncio.ensure_future(world.alice.click(world.card, custom_id=choices(world.card)["why"]))
    await until(lambda: any(one.responded for one in world.env.backend.interactions.values()))
    ready.set()
    result = await clicking
    assert "Rule: gateway" in text(whispers(result)[-1])


async def test_message_that_comes_twice_gets_one_answer(world: World) -> None:
    """After a RESUME Discord may deliver a message again: no second hint, no second card."""
    await world.bot.modes.set(world.guild.id, world.channel.id, "offer")
    await card_of(world)
    await _again(world, "MESSAGE_CREATE")
    assert len(world.ours()) == 1
    await world.click(world.card, "look")
    await world.bot.modes.set(world.guild.id, world.channel.id, "auto")
    await _again(world, "MESSAGE_CREATE")
    assert len(world.ours()) == 1
    assert "is down" in text(world.card)


async def _again(world: World, event: str) -> None:
    sent = [payload for _, name, payload in world.env.backend.transcript if name == event]
    world.env.backend.emit(event, next(one for one in sent if one["author"]["username"] == "alice"))
    await world.env.settle()
