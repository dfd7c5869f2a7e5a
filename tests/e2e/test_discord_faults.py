"""Does the bot process stay and help whatever Discord, the network and people do to it?"""

from __future__ import annotations

import asyncio
import re

import pytest

from e2e.bot_process import FINE, PAUSE_S, Desk, pause
from standin.shown import Shown, ever_shown

pytestmark = pytest.mark.soak
POST = "POST /channels/{channel_id}/messages"
CALLBACK = "/callback"
ORIGINAL = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original"
THREADS = "/messages/{message_id}/threads"
PASTE = "help, I get 502 Bad Gateway nginx/1.24.0"


async def test_every_component_ever_shown_is_answered_before_and_after_a_restart(at: Desk) -> None:
    """A button, menu or form of any age is acknowledged and answered, also by a process that never saw it."""
    await _everything_is_shown(at)
    form = (await at.alice.uses_slash(at.channel, "diagnose")).form
    shown = sorted(ever_shown(at.stand.record).values(), key=lambda one: one.custom_id.endswith("dismiss"))
    offered = {one.custom_id.rpartition(":")[2] for one in shown}
    assert offered >= {
        "guide", "recheck", "why", "dismiss", "visitor", "owner", "works", "still-broken", "skip", "back", "tried",
        "stop", "human", "restart", "*", "enter-address", "enter-paste",
    }  # fmt: skip
    await _all_answer(at, shown[: len(shown) // 2])
    await at.bot.restart()
    await _all_answer(at, shown)
    handed_in = await at.alice.submits_modal(form, paste=PASTE)
    assert not handed_in.failed


async def _everything_is_shown(at: Desk) -> None:
    """Alice is led by steps, bob by questions and menus, mod asks without an address."""
    _, panel = await at.guided(await at.card(at.site()))
    panel = await at.presses(panel, "I am visiting it", "Step 1")
    panel = await at.presses(panel, "Skip", "Step 2")
    await at.presses(panel, "Back", "Step 1")
    await pause(PAUSE_S)
    thread, panel = await at.guided(await at.called(at.bob, FINE), at.bob)
    panel = await at.presses(panel, "I am visiting it", "private", at.bob)
    panel = await at.presses(panel, "Yes", "Reload the page", at.bob)
    panel = await at.presses(panel, "Skip", "Which browser", at.bob)
    for picked in ("chrome", "windows"):
        assert not (await at.bob.chooses(panel, picked)).failed
    await at.bob.until(thread, lambda one: "Step 2" in one.text, "a step")
    await at.presses(panel, "Tried some already", "", at.bob)
    await at.presses(panel, "None of them", "Step 2", at.bob)
    await at.presses(panel, "Stop", "", at.bob)
    await at.closed(thread, "closed")
    await at.mod.says(at.channel, "help! 502 Bad Gateway nginx/1.24.0 all the time")
    await at.mod.until(at.channel, lambda one: "Enter the address" in one.buttons, "a card without an address")
    await at.bob.says(at.channel, f"<@{at.stand.world.bot['id']}>")


async def _all_answer(at: Desk, shown: list[Shown]) -> None:
    for number, one in enumerate(shown):
        if number % 12 == 0:
            who = at.moderator()
        outcome = await who.uses(one)
        assert outcome is None or not outcome.failed, f"interaction failed: {one}"


async def test_conversation_goes_on_after_a_restart(at: Desk) -> None:
    """The process is killed in the middle; the next click in the thread still leads on."""
    thread, panel = await at.guided(await at.card(at.site()))
    await at.bot.restart()
    outcome = await at.alice.clicks(panel, "I am visiting it")
    assert not outcome.failed
    assert await at.alice.until(thread, lambda one: one.buttons, "a way on")
    await at.alice.says(thread, f"502 Bad Gateway nginx/1.24.0 at {at.site()}")


async def test_dropped_connection_is_resumed_and_nothing_is_missed(at: Desk) -> None:
    """The websocket breaks; what people wrote meanwhile is replayed and answered. No second IDENTIFY."""
    await at.stand.gateway.drop(4000)
    at.alice.writes(at.channel, f"{PASTE} at {at.site()}")
    await at.alice.until(at.channel, lambda one: "Guide me" in one.buttons, "the card")
    assert len(at.stand.record.received("RESUME")) == 1
    assert len(at.stand.record.received("IDENTIFY")) == 1


async def test_session_that_cannot_be_resumed_begins_anew(at: Desk) -> None:
    """Discord has forgotten the session: the bot identifies again and goes on."""
    await at.stand.gateway.drop(4000, forget=True)
    await at.stand.record.until(lambda: len(at.stand.record.received("IDENTIFY")) == 2, "a new IDENTIFY", 20)
    assert await at.card(at.site())


async def test_first_connection_refused_is_tried_again(closed_gateway: Desk) -> None:
    """discord.py ends when its first connection is refused; the process does not."""
    at = closed_gateway
    await at.bot.begin()
    await at.stand.record.until(lambda: "Failed to connect" in at.bot.log, "a first try", 15)
    await at.stand.open_gateway()
    await at.stand.record.until(lambda: at.stand.gateway.online, "online", 20)
    assert await at.card(at.site())
    assert await at.bot.stop() == 0


async def test_rate_limits_delay_and_lose_nothing(at: Desk) -> None:
    """429 on the card, on an acknowledgement and on an edit: all are sent in the end."""
    at.stand.faults.limit(POST, times=2)
    card = await at.card(at.site())
    at.stand.faults.limit(CALLBACK)
    at.stand.faults.limit(ORIGINAL)
    at.stand.faults.limit(THREADS)
    _, panel = await at.guided(card)
    await at.presses(panel, "I am visiting it", "Step 1")


async def test_ban_by_the_proxy_does_not_end_the_bot(at: Desk) -> None:
    """A 429 of the proxy in front is not tried again; the next message is answered all the same."""
    at.stand.faults.limit(POST, via=False)
    at.alice.writes(at.channel, f"{PASTE} at {at.site()}")
    await at.stand.record.until(lambda: at.stand.record.requests(POST), "a try")
    await at.bob.says(at.channel, f"<@{at.stand.world.bot['id']}> {PASTE}")


@pytest.mark.parametrize("status", [500, 502])
async def test_server_error_delays_the_card(at: Desk, status: int) -> None:
    """A 5xx of Discord's own is tried again."""
    at.stand.faults.fail(POST, status)
    assert await at.card(at.site())


async def test_unavailable_discord_costs_one_answer_only(at: Desk) -> None:
    """A 503 is not tried again: that card is lost; a later click on a 503 acknowledgement too, nothing else."""
    at.stand.faults.fail(POST, 503)
    at.alice.writes(at.channel, f"{PASTE} at {at.site()}")
    await at.stand.record.until(lambda: at.stand.record.requests(POST), "a try")
    card = await at.called(at.bob)
    at.stand.faults.fail(ORIGINAL, 503)
    await at.alice.clicks(card, "Check again")
    await at.bob.until(at.channel, lambda one: one.id == card.id and "Why?" in one.buttons, "the card again")
    assert not (await at.bob.clicks(card, "Why?")).failed


async def test_interaction_that_comes_too_late_does_no_harm(at: Desk) -> None:
    """An interaction older than three seconds cannot be answered (10062); the same button works the next time."""
    card = await at.card(at.site())
    at.stand.faults.late_s = 4
    at.alice.patience_s = 0.5
    assert (await at.alice.clicks(card, "Guide me")).failed
    assert at.threads == []
    at.alice.patience_s = 3.2
    assert await at.guided(card)


async def test_interaction_delivered_twice_counts_once(at: Desk) -> None:
    """Discord delivers a click twice: one thread, and the second answer (40060) is nobody's trouble."""
    card = await at.card(at.site())
    at.stand.faults.deliveries = 2
    await at.guided(card)
    await pause(0.3)
    assert len(at.threads) == 1
    callbacks = [entry.status for entry in at.stand.record.requests(CALLBACK)]
    assert sorted(callbacks) in ([200], [200, 400])


async def test_channel_where_it_may_not_write_is_left_in_peace(at: Desk) -> None:
    """Without the permission to send nothing is tried; commands still answer."""
    at.stand.world.forbid(at.channel, send_messages=False)
    at.alice.writes(at.channel, f"{PASTE} at {at.site()}")
    assert "missing: send" in (await at.mod.uses_slash(at.channel, "settings")).answer.text
    assert at.stand.record.requests(POST) == []


async def test_channel_whose_past_it_may_not_read_gets_plain_messages(at: Desk) -> None:
    """Without the permission that a reply needs, the card and the line to whoever comes later answer no message."""
    at.stand.world.forbid(at.channel, read_message_history=False)
    url = at.site()
    card = await at.card(url)
    assert card.answers is None
    line = await at.bob.says(at.channel, f"{PASTE} at {url}cart")
    assert line.text.endswith(f"/{at.channel}/{card.id}")
    told = await (await at.alice.clicks(card, "Guide me")).whispered()
    await at.stand.record.until(lambda: told.buttons, "a step")


async def test_no_permission_for_threads_leads_in_private(at: Desk) -> None:
    """Where threads are not allowed, Guide me leads the person alone."""
    card = await at.card(at.site())
    at.stand.world.forbid(at.channel, create_public_threads=False)
    outcome = await at.alice.clicks(card, "Guide me")
    told = await outcome.whispered()
    assert told.ephemeral
    await at.stand.record.until(lambda: told.buttons, "a step")
    assert at.threads == []
    assert not (await at.alice.clicks(told, next(iter(told.buttons)))).failed


@pytest.mark.parametrize("code", [50013, 50001, 10003])
async def test_thread_refused_by_discord_leads_in_private(at: Desk, code: int) -> None:
    """Discord refuses the thread although it seemed allowed: the person is led all the same."""
    card = await at.card(at.site())
    at.stand.faults.refuse(THREADS, code, times=2)
    told = await (await at.alice.clicks(card, "Guide me")).whispered()
    await at.stand.record.until(lambda: told.buttons, "a step")


async def test_deleted_thread_is_let_go_and_another_can_be_opened(at: Desk) -> None:
    """A moderator deletes the thread: the bot forgets it, and the card leads on."""
    card = await at.card(at.site())
    thread, _ = await at.guided(card)
    at.stand.world.remove_channel(thread)
    outcome = await at.alice.clicks(card, "Guide me")
    assert not outcome.failed
    told = await outcome.whispered()
    assert re.search(r"<#\d+>", told.text) or told.buttons


async def test_deleted_card_ends_quietly(at: Desk) -> None:
    """The card is deleted while its check runs: nothing is sent again, nothing fails."""
    at.alice.writes(at.channel, f"{PASTE} at {at.site()}")
    card = await at.alice.until(at.channel, lambda one: True, "the card")
    at.mod.deletes(card)
    assert await at.called(at.bob)


async def test_locked_thread_ends_the_conversation(at: Desk) -> None:
    """A moderator locks the thread: the bot says nothing more in it."""
    thread, _ = await at.guided(await at.card(at.site()))
    at.stand.world.change_thread(at.stand.world.channels[thread], {"locked": True})
    assert await at.called(at.bob)
    assert "Traceback" not in at.bot.log


async def test_without_message_content_it_reads_only_what_it_is_given(resting: Desk) -> None:
    """Without the privileged intent: pasted errors are skipped; mention, menu and form work."""
    at = resting
    at.stand.gateway.approved = 0
    await at.bot.start(discord_message_content="false")
    source = at.alice.writes(at.channel, f"{PASTE} at {at.site()}")
    menu = next(one["name"] for one in at.stand.world.commands if one["type"] == 3)
    outcome = await at.alice.uses_context_menu(source, menu)
    assert not outcome.failed
    assert at.bob.sees(at.channel) == []
    assert await at.called(at.bob)


@pytest.mark.parametrize("portal", ["token", "intent"])
async def test_refused_login_ends_with_code_2(resting: Desk, portal: str) -> None:
    """A wrong token, or an intent that is not granted, is nothing that waiting fixes."""
    if portal == "token":
        resting.stand.gateway.token = "another.token.y"
    else:
        resting.stand.gateway.approved = 0
    await resting.bot.begin()
    assert await resting.bot.ended() == 2
    assert "developer portal" in resting.bot.log


async def test_thread_that_takes_no_message_is_begun_in_at_the_next_click(at: Desk) -> None:
    """Discord opens the thread and refuses what is said in it: Alice is guided alone, and there when it takes it again."""
    card = await at.card(at.site())
    at.stand.faults.slow("thread-members", 1.0)
    clicking = asyncio.ensure_future(at.alice.clicks(card, "Guide me"))
    await at.stand.record.until(lambda: at.threads, "a thread")
    at.stand.faults.fail(POST, 503, times=8)
    outcome = await clicking
    await at.stand.record.until(lambda: any("I am visiting it" in one.buttons for one in outcome.told), "guidance")
    at.stand.faults.planned.clear()
    assert not (await at.alice.clicks(card, "Guide me")).failed
    await at.alice.until(at.threads[0], lambda one: "I am visiting it" in one.buttons, "a panel in the thread")
    assert len(at.threads) == 1


async def test_thread_that_was_opened_before_a_kill_is_begun_in(at: Desk) -> None:
    """The process dies between the thread and its first panel: the next click begins there."""
    card = await at.card(at.site())
    at.stand.faults.slow("thread-members", 1.0)
    clicking = asyncio.ensure_future(at.alice.clicks(card, "Guide me"))
    await at.stand.record.until(lambda: at.threads, "a thread")
    await pause(0.3)
    await at.bot.kill()
    clicking.cancel()
    at.stand.faults.planned.clear()
    await at.bot.start()
    assert at.alice.sees(at.threads[0]) == []
    assert not (await at.alice.clicks(card, "Guide me")).failed
    await at.alice.until(at.threads[0], lambda one: "I am visiting it" in one.buttons, "a panel in the thread")


@pytest.mark.parametrize("how", ["kill", "stop"])
async def test_card_that_was_not_sent_comes_after_a_restart(at: Desk, how: str) -> None:
    """The process ends while Discord lets its first card wait: the next one answers the message, once."""
    at.stand.faults.limit("POST /channels/{channel_id}/messages", 5.0, times=1)
    at.alice.writes(at.channel, f"help, I get 502 Bad Gateway nginx/1.24.0 at {at.site()}cart")
    await at.stand.record.until(lambda: '"after": "checking"' in at.bot.log, "a look")
    await pause(0.5)
    await (at.bot.kill() if how == "kill" else at.bot.stop())
    assert at.alice.sees(at.channel) == []
    await at.bot.start()
    await at.alice.until(at.channel, lambda one: "Guide me" in one.buttons, "a card with a verdict", 15.0)
    assert len(at.alice.sees(at.channel)) == 1


async def test_card_whose_reply_never_came_is_gone_on_with(at: Desk) -> None:
    """Discord took the card, and the process died before it heard so: that card gets the verdict, and no other comes."""
    at.stand.faults.slow("POST /channels/{channel_id}/messages", 3.0)
    at.alice.writes(at.channel, f"help, I get 502 Bad Gateway nginx/1.24.0 at {at.site()}cart")
    await at.alice.until(at.channel, lambda one: "Looking at" in one.text, "a card")
    await at.bot.kill()
    await at.bot.start()
    await at.alice.until(at.channel, lambda one: "Guide me" in one.buttons, "a card with a verdict", 15.0)
    assert len(at.alice.sees(at.channel)) == 1
