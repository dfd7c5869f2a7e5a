"""Does the unmodified bot process help inside other people's threads and posts of a forum, where it can open no thread?"""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from e2e.bot_process import BAD_GATEWAY, FINE, PAUSE_S, Desk, desk, pause
from e2e.stage import Stage
from standin import shapes
from standin.seen import Seen

pytestmark = pytest.mark.soak

QUICK = {"watch_first_s": "0.3", "watch_longest_s": "0.5", "watch_good_apart_s": "0.3", "watch_good_answers": "2"}
TOLD_WITHIN_S = 45.0
VERDICT = "is down"
PLEA = "help, I get 502 Bad Gateway nginx/1.24.0"
LOCKED = 50083
KINDS = ("thread", "post")


@pytest.fixture
async def at(stage: Stage, tmp_path: Path) -> AsyncIterator[Desk]:
    """Return a server whose bot is online; at the end no thread of its own, no traceback, no refusal but one."""
    stage.site("shop", BAD_GATEWAY)
    async with desk(stage, tmp_path, **QUICK) as here:
        await here.bot.start()
        yield here
        assert "Traceback" not in here.bot.log, here.bot.log
        assert here.stand.record.requests("/threads") == []
        refused = [entry for entry in here.stand.record.requests() if entry.status >= 400]
        assert {entry.reply["code"] for entry in refused} <= {LOCKED}


def parent(at: Desk, kind: str) -> str:
    """Return a channel, or a forum."""
    return str(at.stand.world.add_channel("place", kind=shapes.FORUM if kind == "post" else shapes.TEXT)["id"])


def opened(at: Desk, kind: str, url: str = "", where: str | None = None) -> tuple[str, Seen]:
    """Alice opens a thread or a post that begins with her plea; return it and the plea."""
    plea = f"{PLEA} at {url}cart" if url else PLEA
    return at.alice.opens_thread(where or parent(at, kind), "shop is broken", plea)


async def judged(at: Desk, thread: str) -> Seen:
    """Return the card in a thread, with its verdict."""
    return await at.alice.until(thread, lambda one: "Guide me" in one.buttons, "a card with a verdict")


@pytest.mark.parametrize("kind", KINDS)
async def test_whole_way_in_somebody_elses_thread(at: Desk, kind: str) -> None:
    """The plea gets its card; Guide me says why it goes on alone, and leads to `It works`, over a kill."""
    thread, plea = opened(at, kind, at.site())
    card = await judged(at, thread)
    assert card.answers == plea.id
    assert VERDICT in card.text
    outcome = await at.alice.clicks(card, "Guide me")
    panel = await at.alice.until(thread, lambda one: "I am visiting it" in one.buttons, "a question")
    assert panel.ephemeral
    assert "cannot open a thread here" in panel.text
    assert len(outcome.told) == 1
    panel = await at.presses(panel, "I am visiting it", "Step 1")
    assert "cannot open" not in panel.text
    await at.bot.restart()
    panel = await at.presses(panel, "Still broken", "Step 2")
    at.stage.answer("shop", FINE)
    await pause(PAUSE_S)
    panel = await at.presses(panel, "Still broken", "Something changed")
    await at.presses(panel, "It works", "Good.")
    assert not at.stand.world.channels[thread]["thread_metadata"]["archived"]
    assert [one.id for one in at.bob.sees(thread)] == [card.id]


@pytest.mark.parametrize("kind", KINDS)
async def test_card_serves_others_and_goes(at: Desk, kind: str) -> None:
    """Others join, are led, look again; calls by name, menus and commands answer; the card goes when dismissed."""
    url = at.site()
    thread, plea = opened(at, kind, url)
    card = await judged(at, thread)
    told = await at.bob.says(thread, f"{PLEA} at {url}cart")
    assert told.text.endswith(f"/{thread}/{card.id}")
    await at.bob.clicks(card, "Guide me")
    led = await at.bob.until(thread, lambda one: "I am visiting it" in one.buttons, "a question")
    assert led.ephemeral
    assert "cannot open" not in led.text
    await pause(PAUSE_S)
    await at.presses(card, "Check again", VERDICT, at.bob)
    assert (await (await at.bob.clicks(card, "Why?")).whispered()).ephemeral
    menus = [one["name"] for one in at.stand.world.commands if one["type"] == 3]
    for menu in menus:
        picked = await at.bob.uses_context_menu(plea, menu)
        await at.bob.until(thread, lambda one, ident=picked.answer.id: one.id == ident and VERDICT in one.text, menu)
    shared = await at.alice.uses_slash(thread, "check", url=url, share=True)
    await at.bob.until(thread, lambda one: one.id == shared.answer.id and VERDICT in one.text, "a shared verdict")
    called = await at.mod.mentions(thread, f"502 Bad Gateway nginx/1.24.0 at {url}")
    await at.mod.until(thread, lambda one: one.id == called.id and "Guide me" in one.buttons, "a card")
    assert not (await at.alice.clicks(card, "Not this")).failed
    await at.stand.record.until(lambda: card.id not in {one.id for one in at.bob.sees(thread)}, "the card to go")


@pytest.mark.parametrize("kind", KINDS)
async def test_who_waits_is_called_in_the_thread(at: Desk, kind: str) -> None:
    """Whoever asked in the thread is called in it."""
    thread, _ = opened(at, kind, at.site())
    card = await judged(at, thread)
    promise = await (await at.alice.clicks(card, "Tell me when it is back")).whispered()
    assert "call you here" in promise.text
    at.stage.answer("shop", FINE)
    await at.bob.until(thread, lambda one: f"<@{at.alice.id}>" in one.text, "a call", TOLD_WITHIN_S)


async def test_modes_of_a_channel_hold_in_its_threads(at: Desk) -> None:
    """Cards turned off in a channel are off in its threads."""
    channel = parent(at, "thread")
    await at.mod.uses_slash(channel, "settings", mode="off")
    silent, _ = opened(at, "thread", where=channel)
    loud, _ = opened(at, "thread")
    await at.alice.until(loud, lambda one: True, "a card")
    assert at.bob.sees(silent) == []


async def test_settings_in_a_post_are_those_of_its_forum(at: Desk) -> None:
    """Nobody can use a command in a forum itself, so a post's settings are the forum's: other posts follow them."""
    forum = parent(at, "post")
    first, _ = at.mod.opens_thread(forum, "rules", "be kind to each other")
    answer = (await at.mod.uses_slash(first, "settings", mode="off")).answer
    assert "forum" in answer.text
    assert "Off" in answer.text
    await at.bot.restart()
    silent, _ = opened(at, "post", where=forum)
    loud, _ = opened(at, "post")
    await at.alice.until(loud, lambda one: True, "a card")
    assert at.bob.sees(silent) == []
    assert "Off" in (await at.mod.uses_slash(silent, "settings")).answer.text


async def test_deleted_post_is_forgotten(at: Desk) -> None:
    """A post goes with its card: nothing more is kept of it."""
    thread, _ = opened(at, "post", at.site())
    await judged(at, thread)
    at.stand.world.remove_channel(thread)
    await pause(1.0)
    await at.alice.uses_slash(at.channel, "privacy", what="export")
    kept = at.stand.record.requests("PATCH /webhooks")[-1].files[0][1]
    assert thread.encode() not in kept


async def test_locked_thread_sends_the_news_directly(at: Desk) -> None:
    """The thread was locked meanwhile: the news comes by direct message, and is tried in the thread once."""
    thread, _ = opened(at, "thread", at.site())
    await at.alice.clicks(await judged(at, thread), "Tell me when it is back")
    at.stand.world.change_thread(at.stand.world.channels[thread], {"locked": True, "archived": True})
    at.stage.answer("shop", FINE)
    direct = at.stand.world.direct(at.alice.id)["id"]
    await at.alice.until(direct, lambda one: "back: it has answered" in one.text, "the news", TOLD_WITHIN_S)
    refused = [one for one in at.stand.record.requests("POST /channels/{channel_id}/messages") if one.status == 400]
    assert len(refused) == 1


async def test_where_it_may_not_write_it_promises_a_direct_message(at: Desk) -> None:
    """Commands work where the bot may not send: it does not promise a call there."""
    at.stand.world.forbid(at.channel, send_messages=False)
    begun = await at.alice.uses_slash(at.channel, "watch", url=at.site())
    await at.alice.until(
        at.channel, lambda one: one.id == begun.answer.id and "direct message" in one.text, "a promise"
    )
    direct = at.stand.world.direct(at.alice.id)["id"]
    assert "shop.example.com" in at.alice.sees(direct)[0].text
