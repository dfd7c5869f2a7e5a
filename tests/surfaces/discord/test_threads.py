"""How does a conversation in a thread go on, by words and by buttons, and how does it end when something is in the way?"""

from __future__ import annotations

import discord

from bot.conversation.state import Phase
from surfaces.discord.discord_world import (
    BAD_GATEWAY,
    FINE,
    World,
    choices,
    labels,
    opened,
    panel,
    text,
    whispers,
)


async def test_works_now_in_words_ends_it(world: World) -> None:
    """Free text in the thread is understood like the button."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.paste("Works now!", channel=thread)
    assert text(panel(world, thread)).startswith("Good.")
    assert thread.name == "shop.example.com · solved"


async def test_close_command_of_old_ends_it(world: World) -> None:
    """Whoever types ?close, as in many help servers, closes the conversation."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.paste("?close", channel=thread)
    assert thread.name == "shop.example.com · closed"


async def test_panel_moves_below_the_words_and_the_old_one_loses_its_buttons(world: World) -> None:
    """After free text the panel is below it; of two panels only the newer one can be used."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    old = panel(world, thread)
    await world.paste("i am visiting", channel=thread)
    before, now = world.ours(thread)[-2:]
    assert before.id == old.id
    assert labels(before) == []
    assert "goes on below" in text(before)
    assert "Step 1" in text(now)


async def test_new_address_in_words_is_looked_at(world: World) -> None:
    """The person gives another address: the bot looks there."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.paste(f"it is {world.site('wiki', FINE)} actually", channel=thread)
    assert "`wiki.example.com` works from here" in text(panel(world, thread))


async def test_other_error_in_words_starts_over(world: World) -> None:
    """The person pastes another error: it takes the place of the first one."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.paste("now it says: 504 Gateway Time-out nginx/1.24.0", channel=thread)
    assert "504" in text(panel(world, thread))


async def test_help_and_why_in_words_are_answered_in_the_panel(world: World) -> None:
    """In words there is no answer for one person alone, so the panel itself brings it."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.paste("help", channel=thread)
    assert "What you can do here" in text(panel(world, thread))
    await world.paste("why", channel=thread)
    assert "Rule: gateway" in text(panel(world, thread))


async def test_report_in_words_waits_for_its_button(world: World) -> None:
    """A report is for one person's eyes: in a thread it comes by its button alone."""
    url, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.paste("a human", channel=thread)
    assert "for your eyes only" in text(panel(world, thread))
    assert url.rstrip("/") not in text(panel(world, thread))
    assert "human" in choices(panel(world, thread))


async def test_words_of_others_are_conversation_among_people(world: World) -> None:
    """What bystanders write in the thread is not taken for the person's answer."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    before = text(panel(world, thread))
    await world.paste("works now", world.bob, thread)
    assert text(panel(world, thread)) == before
    assert len(world.ours(thread)) == 2


async def test_call_by_name_of_others_leaves_the_conversation_alone(world: World) -> None:
    """A bystander who calls the bot in somebody's thread gets a card of their own there."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    step = panel(world, thread)
    assert world.bot.user is not None
    call = await world.paste(f"{world.bot.user.mention} 504 Gateway Time-out nginx/1.24.0", world.bob, thread)
    assert "504 Gateway Time-out" in text(panel(world, thread))
    assert panel(world, thread).reference is not None
    assert panel(world, thread).reference.message_id == call.id
    assert "Step 1" in text(next(message for message in world.ours(thread) if message.id == step.id))
    await world.click(step, "skip")


async def test_thread_stays_its_persons_after_a_call_of_others_and_a_restart(world: World) -> None:
    """A bystander's card in somebody's thread is no panel of it: nobody is mistaken for the thread's person."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} 504 Gateway Time-out nginx/1.24.0", world.bob, thread)
    await world.restart()
    await world.paste("works now", world.alice, thread)
    place = (await world.bot.loaded()).places.of_thread(thread.id)
    assert place is not None
    assert place.owner == world.alice.id


async def test_moderator_who_calls_by_name_helps_out(world: World) -> None:
    """A moderator drives somebody's conversation by words, too, if they call the bot."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} it works", world.mod, thread)
    assert thread.name == "shop.example.com · solved"


async def test_name_beside_ones_own_words_does_not_hide_them(world: World) -> None:
    """The person calls the bot in their own thread: the words beside the name are understood as without it."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    assert world.bot.user is not None
    await world.paste(f"{world.bot.user.mention} works now", channel=thread)
    assert thread.name == "shop.example.com · solved"


async def test_buttons_in_the_thread_belong_to_its_person(world: World) -> None:
    """A bystander's click is answered and changes nothing; a moderator may help out."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    result = await world.click(panel(world, thread), "stop", world.bob)
    assert "belongs to somebody else" in text(whispers(result)[0])
    assert thread.name == "shop.example.com · down"
    await world.click(panel(world, thread), "visitor", world.mod)
    assert "Step 1" in text(panel(world, thread))


async def test_person_who_leaves_ends_it_quietly(world: World) -> None:
    """The person left the thread: it is closed without another word."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    said = len(world.ours(thread))
    world.env.backend.remove_thread_member(thread.id, world.alice.id)
    await world.env.settle()
    assert thread.name == "shop.example.com · closed"
    assert len(world.ours(thread)) == said


async def test_bystander_who_leaves_changes_nothing(world: World) -> None:
    """Only the conversation's own person ends it by leaving."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.backend.add_thread_member(thread.id, world.bob.id)
    world.env.backend.remove_thread_member(thread.id, world.bob.id)
    await world.env.settle()
    assert thread.name == "shop.example.com · down"


async def test_deleted_thread_lets_the_card_open_another(world: World) -> None:
    """Somebody deleted the thread: its conversation is forgotten, and Guide me opens a new one."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.backend.delete_channel(thread.id)
    await world.env.settle()
    await world.click(world.card, "guide")
    assert len(world.threads) == 1
    assert "Are you visiting" in text(panel(world, world.threads[-1]))


async def test_locked_thread_ends_it(world: World) -> None:
    """A moderator locked the thread: nobody can go on in it, so the conversation ends."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    talk = await world.bot.loaded()
    place = talk.places.of_thread(thread.id)
    assert place is not None
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True, "archived": True})
    await world.env.settle()
    assert (await talk.engine.state(place.key)).phase is Phase.ENDED


CLOSED = {"status": 400, "code": 50083}
"""What Discord says to a change in a closed thread."""


async def test_button_in_a_locked_thread_says_that_it_is_locked(world: World) -> None:
    """The panel cannot change any more: the person is told why and what to do, not that it has changed."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    before = text(panel(world, thread))
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"locked": True, "archived": True})
    await world.env.settle()
    world.env.inject_error("PATCH", "/webhooks/*", times=None, **CLOSED)
    for author in (world.alice, world.mod):
        (told,) = whispers(await world.click(panel(world, thread), "skip", author))
        assert "This thread is locked" in text(told)
        assert "/diagnose" in text(told)
    assert text(panel(world, thread)) == before


async def test_panel_that_discord_does_not_take_is_not_claimed(world: World) -> None:
    """An old button is pressed while Discord refuses changes: the person is told that it failed, not where it is."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    stale, shown = choices(panel(world, thread))["skip"], panel(world, thread)
    await world.click(shown, "skip")
    stored = world.env.backend.get_message(thread.id, shown.id)
    _put_back(stored.components, choices(panel(world, thread))["skip"], stale)
    world.env.inject_error("PATCH", "/webhooks/*", status=403, code=50013)
    (told,) = whispers(await world.alice.click(panel(world, thread), custom_id=stale))
    assert "went wrong on my side" in text(told)


async def test_archived_thread_is_opened_again_by_a_button(world: World) -> None:
    """The thread went to sleep; a click in it wakes it and goes on where it was."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))
    assert not world.env.backend.get_channel(thread.id).thread_metadata.archived


async def test_lost_permission_in_the_thread_hangs_nothing(world: World) -> None:
    """The bot may no longer send in threads: clicks are still answered, since they edit by their own right."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    me = discord.Object(world.bot.user.id, type=discord.Member)
    channel = world.bot.get_channel(world.channel.id)
    assert isinstance(channel, discord.TextChannel)
    await channel.guild.fetch_roles()
    world.env.backend.set_overwrite(world.channel.id, _denies(me.id, "send_messages_in_threads", "manage_threads"))
    await world.env.settle()
    await world.click(panel(world, thread), "visitor")
    assert "Step 1" in text(panel(world, thread))
    await world.paste("works now", channel=thread)
    assert not world.env.errors


def _denies(target: int, *names: str) -> object:
    from simcord.backend.models import Overwrite

    denied = discord.Permissions(**dict.fromkeys(names, True))
    return Overwrite(target_id=target, type=1, allow=0, deny=denied.value)


async def test_silence_asks_once_and_resume_goes_on(world: World) -> None:
    """After half an hour the panel asks whether somebody is there; Resume returns to the step."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    await world.env.advance_time(31 * 60)
    assert "Still there?" in text(panel(world, thread))
    assert len(world.ours(thread)) == 2
    await world.click(panel(world, thread), "resume")
    assert "Step 1" in text(panel(world, thread))


async def test_two_days_of_silence_close_the_thread(world: World) -> None:
    """Nobody comes back: the thread is closed."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.env.advance_time(31 * 60)
    await world.env.advance_time(49 * 3600)
    assert thread.name == "shop.example.com · closed"


async def test_silent_end_is_shown_in_a_thread_that_discord_closed(world: World) -> None:
    """Discord closes a silent thread after a day: the end is in it all the same, and in its title."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.env.advance_time(31 * 60)
    assert "resume" in choices(panel(world, thread))
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", **CLOSED)
    await world.env.advance_time(49 * 3600)
    assert "resume" not in choices(panel(world, thread))
    stored = world.env.backend.get_channel(thread.id)
    assert (stored.name, stored.thread_metadata.archived) == ("shop.example.com · closed", True)


async def test_thread_that_stays_closed_is_left_as_it_is(world: World) -> None:
    """The bot may not open the closed thread: nothing fails, and nothing is changed."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.env.advance_time(31 * 60)
    world.env.backend.edit_channel(thread.id, {}, thread_metadata={"archived": True})
    await world.env.settle()
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", times=None, **CLOSED)
    world.env.inject_error("PATCH", f"/channels/{thread.id}", times=None, status=403, code=50013)
    await world.env.advance_time(49 * 3600)
    assert "resume" in choices(panel(world, thread))
    assert thread.name == "shop.example.com · down"
    assert not world.env.errors


async def test_silence_of_somebody_who_left_closes_the_thread(world: World) -> None:
    """Without the members intent nobody says that the person left; the bot looks before it asks."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    world.env.backend.get_channel(thread.id).thread_members.pop(world.alice.id)
    await world.env.advance_time(31 * 60)
    assert thread.name == "shop.example.com · closed"
    assert "Still there?" not in text(panel(world, thread))


async def test_card_does_not_fall_asleep(world: World) -> None:
    """A card waits for nobody: hours later it is as it was, and Guide me works."""
    await world.paste(f"502 Bad Gateway nginx/1.24.0 help {world.site('shop', BAD_GATEWAY)}")
    await world.env.advance_time(50 * 3600)
    assert "is down" in text(world.card)
    await world.click(world.card, "guide")
    assert len(world.threads) == 1


async def test_double_click_counts_once_per_step(world: World) -> None:
    """The second click of a nervous finger belongs to a step that is over: it shows the present one."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    await world.click(panel(world, thread), "visitor")
    stale = choices(panel(world, thread))["skip"]
    shown = panel(world, thread)
    await world.click(shown, "skip")
    assert "Step 2" in text(panel(world, thread))
    stored = world.env.backend.get_message(thread.id, shown.id)
    _put_back(stored.components, choices(panel(world, thread))["skip"], stale)
    result = await world.alice.click(panel(world, thread), custom_id=stale)
    assert result.acknowledged
    assert "earlier step" in text(whispers(result)[0])
    assert "Step 2" in text(panel(world, thread))


def _put_back(components: list[dict[str, object]], new: str, old: str) -> None:
    """Put an old custom id onto a button, as if the click had been on its way when the panel changed."""
    from surfaces.discord.discord_world import walk

    for component in components:
        for part in walk(component):
            if part.get("custom_id") == new:
                part["custom_id"] = old


async def test_old_panel_opens_the_current_step(world: World) -> None:
    """A panel further up that kept its buttons does not act: it becomes the panel of the present step."""
    _, thread = await opened(world, "shop", BAD_GATEWAY)
    first = panel(world, thread)
    world.env.inject_error("PATCH", f"/channels/{thread.id}/messages/*", status=403, code=50013)
    await world.paste("i am visiting", channel=thread)
    old = next(message for message in world.ours(thread) if message.id == first.id)
    assert "owner" in choices(old)
    await world.click(old, "owner")
    old, newer = world.ours(thread)[-2:]
    assert "Step 1" in text(old)
    assert "Help for visitors" not in text(old) or "skip" in choices(old)
    assert labels(newer) == []


async def test_private_conversation_is_as_good_as_a_thread(world: World) -> None:
    """Questions, menus, forms and the end work in messages that one person sees."""
    result = await world.alice.slash(world.channel, "check", url=world.site("shop", BAD_GATEWAY))
    await world.env.settle()
    await world.click(result.response, "guide")
    await world.click(result.response, "visitor")
    await world.click(result.response, "still-broken")
    assert "Step 2" in text(result.response)
    await world.click(result.response, "works")
    assert text(result.response).startswith("Good.")
    assert world.ours() == []
