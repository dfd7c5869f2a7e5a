"""Does the unmodified bot process keep its promise to tell people, even when it is killed in between?"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from e2e.bot_process import FINE, Desk, desk
from e2e.stage import Stage
from standin.seen import Seen

pytestmark = pytest.mark.soak

QUICK = {"watch_first_s": "0.3", "watch_longest_s": "0.5", "watch_good_apart_s": "0.3", "watch_good_answers": "2"}
SETTLED_S = 3.0
POST = "POST /channels/{channel_id}/messages"
TAKEN_OVER_S = 45.0
"""A process that dies in the middle of a look leaves the site to others after its lease: 20 s with these settings."""


@pytest.fixture
async def at(stage: Stage, tmp_path: Path) -> AsyncIterator[Desk]:
    stage.site("shop", FINE)
    async with desk(stage, tmp_path, **QUICK) as here:
        await here.bot.start()
        yield here


def called(at: Desk, channel: str | None = None) -> list[Seen]:
    return [one for one in at.bob.sees(channel or at.channel) if f"<@{at.alice.id}>" in one.text]


async def asked(at: Desk) -> None:
    card = await at.card(at.site())
    outcome = await at.alice.clicks(card, "Tell me when it is back")
    assert not outcome.failed


async def told(at: Desk) -> Seen:
    return await at.bob.until(at.channel, lambda one: f"<@{at.alice.id}>" in one.text, "a call", TAKEN_OVER_S)


async def test_person_is_called_once_when_the_site_is_back(at: Desk) -> None:
    """Card, button, site comes back: alice is called in the channel, once, and waits for nothing any more."""
    await asked(at)
    at.stage.answer("shop", FINE)
    message = await told(at)
    assert "shop.example.com" in message.text
    assert "is back" in message.text
    sent = next(one for one in reversed(at.stand.record.requests(POST)) if f"<@{at.alice.id}>" in str(one.body))
    assert sent.body["allowed_mentions"] == {"parse": [], "users": [int(at.alice.id)]}
    assert sent.body["enforce_nonce"] is True
    assert re.fullmatch(r"[0-9a-f]{12}", sent.body["nonce"]), "the message must carry the watch's name"
    await asyncio.sleep(SETTLED_S)
    assert len(called(at)) == 1
    listed = await at.alice.uses_slash(at.channel, "watches")
    assert "no site" in listed.answer.text


async def test_killed_process_keeps_its_promise(at: Desk) -> None:
    """Killed while the site is down: the next process tells nobody anything, until the site is back."""
    await asked(at)
    await at.bot.restart()
    await asyncio.sleep(SETTLED_S)
    assert called(at) == []
    at.stage.answer("shop", FINE)
    await told(at)
    await asyncio.sleep(SETTLED_S)
    assert len(called(at)) == 1


async def test_watch_is_shown_and_ended(at: Desk) -> None:
    """/watch begins a wait, /watches shows it, its button ends it: nobody is called."""
    url = at.site()
    begun = await at.alice.uses_slash(at.channel, "watch", url=url)
    await at.alice.until(at.channel, lambda one: one.id == begun.answer.id and "call you here" in one.text, "a promise")
    listed = await at.alice.uses_slash(at.channel, "watches")
    seen = await at.alice.until(at.channel, lambda one: one.id == listed.answer.id and one.buttons, "a list")
    assert not (await at.alice.clicks(seen, f"Stop: {urlsplit(url).netloc}")).failed
    at.stage.answer("shop", FINE)
    await asyncio.sleep(SETTLED_S)
    assert called(at) == []
