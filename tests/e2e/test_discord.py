"""Does the unmodified bot process help people in Discord from the first word to the last?"""

from __future__ import annotations

import json

import pytest

from e2e.bot_process import FINE, PAUSE_S, Desk, pause
from standin.people import Person
from standin.seen import Seen

pytestmark = pytest.mark.soak
VERDICT = "is down"


async def test_pasted_error_leads_through_a_thread_to_solved(at: Desk) -> None:
    """Paste, card, Guide me, thread, every step, solved: and the thread is closed with the outcome."""
    card = await at.card(at.site())
    assert "502 Bad Gateway from nginx" in card.text
    assert VERDICT in card.text
    thread, panel = await at.guided(card)
    panel = await at.presses(panel, "I am visiting it", "Step 1")
    panel = await at.presses(panel, "Still broken", "Step 2")
    at.stage.answer("shop", FINE)
    await pause(PAUSE_S)
    panel = await at.presses(panel, "Still broken", "Something changed")
    await at.presses(panel, "It works", "Good.")
    await at.closed(thread, "solved")
    assert at.stand.world.may(at.alice.id, thread).view_channel
    assert at.alice.id in at.stand.world.in_thread[thread]


async def test_same_error_of_others_joins_the_card(at: Desk) -> None:
    """Three people, one of them after a kill of the process: one card that counts them, and a line to each newcomer."""
    url = at.site()
    card = await at.card(url)
    plea = f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart"

    async def joins(who: Person, line: str) -> None:
        told = await who.says(at.channel, plea)
        assert told.text.endswith(f"/{at.channel}/{card.id}")
        assert not told.buttons
        await who.until(at.channel, lambda one: one.id == card.id and line in one.text, line)

    await joins(at.bob, "One other person here met an error of it since")
    await at.bot.restart()
    await joins(at.mod, "2 others here met an error of it since")
    at.stage.answer("shop", FINE)
    await pause(PAUSE_S)
    await at.presses(card, "Check again", "you are not the only one")
    await pause(PAUSE_S)
    await at.presses(card, "Check again", "works from here right now.")
    assert "met an error" not in card.text


async def test_login_syncs_the_commands_before_it_is_online(at: Desk) -> None:
    """Whoever is online has told Discord its commands: nine to type, two in a message's menu."""
    names = [entry.name for entry in at.stand.record.entries]
    assert names.index("PUT /applications/{application_id}/commands") < names.index("IDENTIFY")
    commands = {(one["type"], one["name"]) for one in at.stand.world.commands}
    assert {name for kind, name in commands if kind == 1} >= {
        "check", "diagnose", "explain", "status", "settings", "privacy", "help", "watch", "watches",
    }  # fmt: skip
    assert sum(kind == 3 for kind, _ in commands) == 2


async def test_check_answers_one_person_or_all(at: Desk) -> None:
    """/check tells its verdict to who asked; shared, it is a card for all."""
    url = at.site()
    private = await at.alice.uses_slash(at.channel, "check", url=url)
    await at.alice.until(at.channel, lambda one: one.id == private.answer.id and VERDICT in one.text, "a verdict")
    assert private.answer.ephemeral
    assert at.bob.sees(at.channel) == []
    shared = await at.alice.uses_slash(at.channel, "check", url=url, share=True)
    await at.bob.until(at.channel, lambda one: one.id == shared.answer.id and VERDICT in one.text, "a shared verdict")
    assert "Guide me" in shared.answer.buttons


async def test_diagnose_asks_with_a_form_and_answers_what_is_handed_in(at: Desk) -> None:
    """/diagnose opens a form; what is handed in is recognised and looked at, for one person."""
    form = (await at.alice.uses_slash(at.channel, "diagnose")).form
    assert set(form.fields) == {"paste", "address", "role"}
    handed_in = await at.alice.submits_modal(
        form, paste="502 Bad Gateway nginx/1.24.0", address=at.site(), role="owner"
    )
    seen = await at.alice.until(at.channel, lambda one: one.id == handed_in.answer.id and VERDICT in one.text, "it")
    assert seen.ephemeral
    assert at.bob.sees(at.channel) == []


async def test_empty_form_is_answered(at: Desk) -> None:
    """A form that is handed in empty gets a sentence, not silence."""
    form = (await at.alice.uses_slash(at.channel, "diagnose")).form
    outcome = await at.alice.submits_modal(form)
    assert outcome.answer.ephemeral
    assert outcome.answer.text


async def test_explain_suggests_while_one_types_and_explains(at: Desk) -> None:
    """/explain suggests entries that fit what was typed, and explains the one that is picked."""
    suggested = await at.alice.autocompletes(at.channel, "explain", "code", "cloudflare 52")
    assert 2 <= len(suggested) <= 25
    assert all("52" in one["name"] for one in suggested)
    outcome = await at.alice.uses_slash(at.channel, "explain", code=suggested[0]["value"])
    assert outcome.answer.ephemeral
    assert suggested[0]["name"].casefold() in outcome.answer.text.casefold()
    unknown = await at.alice.uses_slash(at.channel, "explain", code="@everyone `teapots`")
    assert not unknown.failed


async def test_status_answers_even_when_the_service_cannot_be_reached(at: Desk) -> None:
    """/status says what a service says of itself, or that it says nothing."""
    suggested = await at.alice.autocompletes(at.channel, "status", "service", "")
    assert suggested
    outcome = await at.alice.uses_slash(at.channel, "status", service=suggested[0]["value"])
    answer = outcome.answer
    await at.alice.until(at.channel, lambda one: one.id == answer.id and not one.thinking, "an answer")
    assert suggested[0]["name"] in answer.text
    unknown = await at.alice.uses_slash(at.channel, "status", service="no such thing")
    assert unknown.answer.text


async def test_settings_are_for_moderators_and_turn_the_cards_off(at: Desk) -> None:
    """A moderator turns the cards off, and the bot is silent; others cannot."""
    refused = await at.alice.uses_slash(at.channel, "settings", mode="off")
    allowed = await at.mod.uses_slash(at.channel, "settings", mode="off")
    assert refused.answer.text != allowed.answer.text
    assert allowed.answer.ephemeral
    at.alice.writes(at.channel, "help, I get 502 Bad Gateway nginx/1.24.0")
    assert (await at.mod.uses_slash(at.channel, "settings")).answer.text
    assert at.bob.sees(at.channel) == []


async def test_privacy_shows_hands_out_and_deletes(at: Desk) -> None:
    """/privacy tells what is kept, hands it out as a file, and deletes it."""
    await at.card(at.site())
    told = await at.alice.uses_slash(at.channel, "privacy")
    assert told.answer.text
    exported = await at.alice.uses_slash(at.channel, "privacy", what="export")
    assert exported.answer.files == ["my-data.json"]
    data = at.stand.record.requests("PATCH /webhooks")[-1].files[0][1]
    assert "shop.example.com" in json.dumps(json.loads(data))
    deleted = await at.alice.uses_slash(at.channel, "privacy", what="delete")
    assert "1" in deleted.answer.text
    again = await at.alice.uses_slash(at.channel, "privacy", what="export")
    assert again.answer.files == ["my-data.json"]
    assert b"shop.example.com" not in at.stand.record.requests("PATCH /webhooks")[-1].files[0][1]


async def test_help_says_how_it_works(at: Desk) -> None:
    """/help answers the one who asked."""
    outcome = await at.alice.uses_slash(at.channel, "help")
    assert outcome.answer.ephemeral
    assert "/check" in outcome.answer.text


async def test_menus_of_a_message_diagnose_it_and_check_its_link(at: Desk) -> None:
    """Both entries of a message's menu answer the person who picked them."""
    message = at.bob.writes(at.channel, f"what is wrong at {at.site()} today")
    menus = [one["name"] for one in at.stand.world.commands if one["type"] == 3]
    for menu in menus:
        outcome = await at.alice.uses_context_menu(message, menu)
        answer = outcome.answer.id
        await at.alice.until(at.channel, lambda one, answer=answer: one.id == answer and VERDICT in one.text, menu)
        assert outcome.answer.ephemeral
    assert at.bob.sees(at.channel) == []


async def test_direct_messages_hold_a_conversation(at: Desk) -> None:
    """In direct messages the bot answers plain words, without any server."""
    channel = at.stand.world.direct(at.alice.id)["id"]
    await at.alice.says(channel, f"502 Bad Gateway nginx/1.24.0 at {at.site()}")
    panel = await at.alice.until(channel, lambda one: "I am visiting it" in one.buttons, "a question")
    assert "502" in panel.text
    panel = await at.presses(panel, "I am visiting it", VERDICT)
    await at.presses(panel, "Guide me", "Step 1")


async def test_words_in_the_thread_are_understood(at: Desk) -> None:
    """In a thread people type instead of pressing; `works now` ends it as solved."""
    thread, _ = await at.guided(await at.card(at.site()))
    await at.alice.says(thread, "visitor")
    await at.alice.until(thread, lambda one: "Step 1" in one.text, "the first step")
    await at.alice.says(thread, "works now")
    await at.closed(thread, "solved")


async def test_card_follows_its_message(at: Desk) -> None:
    """The author edits the message: the card names the other error. The author deletes it: the card goes."""
    card = await at.card(at.site())
    source = next(one for one in at.stand.world.seen_by(at.bob.id, at.channel) if one["author"]["id"] == at.alice.id)
    at.alice.edits(Seen(source), "help, I get 504 Gateway Time-out nginx/1.24.0 all the time")
    await at.alice.until(at.channel, lambda one: one.id == card.id and "504" in one.text, "the card to follow")
    at.alice.deletes(Seen(source))
    await at.stand.record.until(lambda: not at.bob.sees(at.channel), "the card to go")


async def test_dismissed_card_goes(at: Desk) -> None:
    """`Not this` takes the card away; a stranger may not."""
    card = await at.card(at.site())
    stranger = await at.bob.clicks(card, "Not this")
    assert (await stranger.whispered()).ephemeral
    assert at.bob.sees(at.channel)
    assert not (await at.alice.clicks(card, "Not this")).failed
    await at.stand.record.until(lambda: not at.mod.sees(at.channel), "the card to go")


@pytest.mark.parametrize("shards", [None, "2"])
async def test_stop_signal_ends_with_code_0(resting: Desk, shards: str | None) -> None:
    """SIGTERM ends the process with exit code 0, with and without shards."""
    await resting.bot.start(*(["--shard-ids", "0,1", "--shard-count", shards] if shards else []))
    assert await resting.bot.stop() == 0
