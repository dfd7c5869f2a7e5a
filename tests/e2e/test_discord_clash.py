"""What if a person is quicker than the bot, or than they meant to be?"""

from __future__ import annotations

import asyncio

import pytest

from e2e.bot_process import BAD_GATEWAY, PAUSE_S, Desk, pause
from e2e.stage import SILENCE

pytestmark = pytest.mark.soak
LOOK_S = 6.0
"""Longer than a look at a silent site."""


async def test_stopped_look_stays_stopped(at: Desk) -> None:
    """Stop ends a look that one person sees; when the site is given up, nothing is drawn over it."""
    checked = await at.alice.uses_slash(at.channel, "check", url=at.site(SILENCE))
    await asyncio.to_thread(at.stage.wait_for_request, "shop")
    await at.presses(checked.answer, "Stop", "Stopped")
    await pause(LOOK_S)
    assert "Stopped" in checked.answer.text
    assert list(checked.answer.buttons) == ["Start over"]


async def test_double_click_opens_one_thread(at: Desk) -> None:
    """Guide me, pressed twice in a breath: one thread with one conversation, and the second click leads to it."""
    card = await at.card(at.site())
    both = await asyncio.gather(at.alice.clicks(card, "Guide me"), at.alice.clicks(card, "Guide me"))
    told = [(await outcome.whispered()).text for outcome in both]
    await at.alice.until(card.id, lambda one: one.buttons, "a panel in the thread")
    assert at.threads == [card.id]
    assert all(f"<#{card.id}>" in text for text in told)
    assert len([one for one in at.bob.sees(card.id) if one.buttons]) == 1


async def test_thread_whose_reply_was_lost_is_the_one(at: Desk) -> None:
    """Discord opens the thread and fails; tried again it refuses a second one: the conversation begins in the first."""
    card = await at.card(at.site())
    at.stand.faults.fail("/messages/{message_id}/threads", 502, after=True)
    thread, panel = await at.guided(card)
    assert at.threads == [thread] == [card.id]
    assert "I am visiting it" in panel.buttons


async def test_card_deleted_while_the_bot_was_away_stays_away(at: Desk) -> None:
    """A moderator deletes the card while no process runs: the next person gets a card, and whoever follows joins it."""
    url = at.site()
    card = await at.card(url)
    plea = f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart"
    await at.bot.kill()
    await at.stand.record.until(lambda: not at.stand.gateway.online, "offline")
    at.mod.deletes(card)
    await at.bot.start()
    new = await at.bob.says(at.channel, plea)
    await at.bob.until(at.channel, lambda one: one.id == new.id and "Guide me" in one.buttons, "a card with a verdict")
    assert new.answers is not None
    told = await at.mod.says(at.channel, plea)
    assert told.text.endswith(f"/{at.channel}/{new.id}")
    assert len([one for one in at.alice.sees(at.channel) if one.buttons]) == 1


async def test_private_verdict_is_reached_after_a_restart(at: Desk) -> None:
    """The process ends in the middle of a private look; Stop, all that its panel offers, brings the verdict."""
    checked = await at.alice.uses_slash(at.channel, "check", url=at.site(SILENCE))
    await asyncio.to_thread(at.stage.wait_for_request, "shop")
    await at.bot.restart()
    await at.stand.record.until(lambda: '"after": "verdict"' in at.bot.log, "a verdict")
    assert list(checked.answer.buttons) == ["Stop"]
    assert not (await at.alice.clicks(checked.answer, "Stop")).failed
    await at.alice.until(at.channel, lambda one: one.id == checked.answer.id and "Guide me" in one.buttons, "a verdict")


async def test_words_during_a_pressed_look_get_its_result(at: Desk) -> None:
    """Alice writes in her thread while the bot looks again: the result is below her words, alone with buttons."""
    thread, panel = await at.guided(await at.card(at.site()))
    step = await at.presses(panel, "I am visiting it", "Step 1")
    at.stage.answer("shop", SILENCE)
    await pause(PAUSE_S)
    assert not (await at.alice.clicks(step, "Still broken")).failed
    await at.alice.until(thread, lambda one: one.id == step.id and "Looking at" in one.text, "a look")
    at.alice.writes(thread, "are you there?")
    await at.alice.until(thread, lambda one: one.id == step.id and "goes on below" in one.text, "the old panel to go")
    await at.alice.until(thread, lambda one: one.id > step.id and "Something changed" in one.text, "the result")
    (last,) = [one for one in at.alice.sees(thread) if one.buttons]
    assert last.id > step.id


async def test_look_in_direct_messages_survives_a_kill_on_one_panel(at: Desk) -> None:
    """The process is killed during the first look: its panel gets the verdict, and there is no other."""
    direct = at.stand.world.direct(at.alice.id)["id"]
    at.alice.writes(direct, at.site(SILENCE))
    await at.alice.until(direct, lambda one: "Looking at" in one.text, "a look")
    at.stage.answer("shop", BAD_GATEWAY)
    await pause(0.5)  # for Discord's reply, by which the bot knows its panel
    await at.bot.restart()
    await at.alice.until(direct, lambda one: "Guide me" in one.buttons, "a verdict", 15.0)
    assert len(at.alice.sees(direct)) == 1
