"""Is the unmodified bot's log JSON, one line per interaction, and free of what people write?"""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from e2e.bot_process import Desk

pytestmark = pytest.mark.soak
SECRET = "hunter2-and-a-half"
PASTED = "the kettle in the kitchen says 502 Bad Gateway nginx/1.24.0"
FIELDS = {
    "event", "kind", "action", "guild", "channel", "outcome", "duration_ms", "ack_ms", "level", "logger", "timestamp",
}  # fmt: skip
ANY = object()


def lines(at: Desk) -> list[dict[str, Any]]:
    return [json.loads(line) for line in at.bot.log.splitlines()]


def interactions(at: Desk) -> list[dict[str, Any]]:
    return [line for line in lines(at) if line["event"] == "interaction"]


async def test_debugging_shows_nothing_of_what_people_write(resting: Desk) -> None:
    """Even at its most talkative the log holds neither a message, nor who wrote it, nor a form's text."""
    await resting.bot.start(log_level="debug")
    card = await resting.alice.says(resting.channel, f"{PASTED} at {resting.site()}basket?password={SECRET}")
    await resting.alice.until(resting.channel, lambda one: one.id == card.id and "Guide me" in one.buttons, "a card")
    resting.bob.writes(resting.channel, "what a lovely kettle")
    form = (await resting.alice.uses_slash(resting.channel, "diagnose")).form
    await resting.alice.submits_modal(form, paste=PASTED)
    await noted(resting, 2)
    assert [line for line in lines(resting) if line["level"] == "debug"], "the test looks at the right log"
    told = [part for part in ("kettle", SECRET, "basket", '"alice"', "'alice'") if part in resting.bot.log]
    assert told == [], next(line for line in lines(resting) if told[0] in str(line))


async def noted(at: Desk, count: int) -> list[dict[str, Any]]:
    return await at.stand.record.until(lambda: len(found := interactions(at)) >= count and found, f"{count} lines")  # type: ignore[return-value]


async def test_every_interaction_is_one_line_without_what_people_wrote(at: Desk) -> None:
    """A paste, clicks, commands, a form, typing, words in a thread: a line each, with times, and no text of theirs."""
    url = f"{at.site()}basket?password={SECRET}"
    card = await at.alice.says(at.channel, f"{PASTED} at {url}")
    await at.alice.until(at.channel, lambda one: one.id == card.id and "Guide me" in one.buttons, "a card")
    at.bob.writes(at.channel, "what a lovely kettle")
    thread, panel = await at.guided(card)
    await at.presses(panel, "I am visiting it", "Step 1")
    await at.alice.says(thread, "still broken, says the kettle")
    await at.bob.clicks(card, "Not this")
    await at.alice.uses_slash(at.channel, "check", url=url)
    await at.alice.autocompletes(at.channel, "explain", "code", "kettle")
    form = (await at.alice.uses_slash(at.channel, "diagnose")).form
    await at.alice.submits_modal(form, paste=PASTED, address=url)
    menu = next(one["name"] for one in at.stand.world.commands if one["type"] == 3)
    await at.alice.uses_context_menu(card, menu)

    found = await noted(at, 10)
    told = [(one["kind"], one["action"], one["outcome"]) for one in found]
    assert sorted(told) == sorted([
        ("message", "pasted", "done"),
        ("component", "guide", "thread-opened"),
        ("component", "visitor", "done"),
        ("message", "said", "done"),
        ("component", "dismiss", "not-yours"),
        ("command", "check", "done"),
        ("autocomplete", "explain", "done"),
        ("command", "diagnose", "done"),
        ("modal", "form-diagnose", "done"),
        ("command", menu, "done"),
    ])  # fmt: skip
    for one in found:
        assert set(one) == FIELDS
        assert str(one["guild"]) == at.stand.world.guild
        assert str(one["channel"]) in (at.channel, thread)
        assert 0 < one["ack_ms"] <= one["duration_ms"] < 60_000
    clicked = next(one for one in found if one["action"] == "visitor")
    assert clicked["ack_ms"] < 1000
    for text in (SECRET, "kettle", "shop.example.com", "http://", "502 Bad Gateway"):
        assert text not in at.bot.log


async def test_records_of_libraries_are_lines_of_the_same_kind(at: Desk) -> None:
    """discord.py's records are JSON objects, too, with their level, logger and time; the token is in none."""
    theirs = [line for line in lines(at) if line["logger"].startswith("discord.")]
    assert theirs
    assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z$", line["timestamp"]) for line in theirs)
    assert {line["level"] for line in lines(at)} <= {"info", "warning"}
    assert at.bot.settings["discord_token"] not in at.bot.log


async def test_failure_keeps_interaction_tokens_to_itself(at: Desk) -> None:
    """What Discord refuses is in the log as one line; the interaction's token, which is in the path, is not."""
    at.stand.faults.limit("POST /webhooks", 0.1)
    at.stand.faults.fail("PATCH /webhooks", 503)
    form = (await at.alice.uses_slash(at.channel, "check", url=at.site())).interaction
    await noted(at, 1)
    assert form.token not in at.bot.log
    assert all(one.token not in at.bot.log for one in at.stand.interactions.by_id.values())


async def test_usual_level_stays_silent(resting: Desk) -> None:
    """At the usual level nothing is written when nothing is wrong."""
    await resting.bot.start(log_level="warning")
    await resting.alice.uses_slash(resting.channel, "help")
    assert await resting.bot.stop() == 0
    assert resting.bot.log == ""
