"""Does the stand-in do what Discord does? A small bot of discord.py in a process of its own tells."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from standin import shapes
from standin.contexts import NotOfferedError

if TYPE_CHECKING:
    from standin_hall import Hall, House

pytest_plugins = ["standin_hall"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
THUMB = "👍"


async def test_login_goes_the_usual_way(hall: Hall) -> None:
    """The bot asks who it is, tells its commands, and only then identifies, gets READY and the server."""
    names = [entry.name for entry in hall.stand.record.entries if entry.name != "HEARTBEAT"]
    way = [
        "GET /users/@me", "GET /oauth2/applications/@me", "PUT /applications/{application_id}/commands",
        "GET /gateway/bot", "READY", "GUILD_CREATE",
    ]  # fmt: skip
    assert [names.index(name) for name in way] == sorted(names.index(name) for name in way)
    assert names.index("GET /gateway/bot") < names.index("IDENTIFY")
    assert hall.stand.record.received("HEARTBEAT")
    assert {one["type"] for one in hall.stand.world.commands} == {1, 3}


async def test_message_is_read_and_replied_to(hall: Hall) -> None:
    """What a person writes reaches the bot; its reply names the message."""
    reply = await hall.alice.says(hall.channel, "hello")
    assert reply.text == "read [hello]"
    assert reply.answers is not None
    called = await hall.bob.mentions(hall.channel, "you")
    assert called.text.endswith("you]")


async def test_thread_is_opened_at_a_message(hall: Hall) -> None:
    """A thread has its message's number, the bot in it, and messages of its own; alice joins by writing."""
    message = hall.alice.writes(hall.channel, "thread")
    first = await hall.alice.until(message.id, lambda one: one.text == "inside", "a message in the thread")
    assert hall.stand.world.channel(message.id)["parent_id"] == hall.channel
    assert message.shape["flags"] & shapes.HAS_THREAD
    assert (await hall.alice.says(first.channel, "thanks")).text == "read [thanks]"
    assert set(hall.stand.world.in_thread[message.id]) == {hall.alice.id, hall.stand.world.bot["id"]}


async def test_buttons_do_all_that_buttons_can(hall: Hall) -> None:
    """A click changes the message, is answered aside, or is acknowledged and the message is edited later."""
    asked = (await hall.alice.uses_slash(hall.channel, "ask")).answer
    assert list(asked.buttons) == ["Change", "Aside", "Later", "Form", "Silent"]
    aside = await hall.bob.clicks(asked, "Aside")
    assert aside.answer.text == "only you"
    assert (await hall.bob.clicks(asked, "press:later")).answer.text == "changed later"
    await hall.bob.clicks(asked, "Change")
    assert asked.text == "changed"
    assert asked.buttons == {}
    with pytest.raises(AssertionError, match="there is no 'Aside'"):
        await hall.bob.clicks(asked, "Aside")


async def test_menu_and_form_come_back_filled(hall: Hall) -> None:
    """What a person picks or types reaches the bot."""
    asked = (await hall.alice.uses_slash(hall.channel, "ask")).answer
    assert (await hall.alice.chooses(asked, "red", "blue")).answer.text == "picked red, blue"
    form = (await hall.alice.clicks(asked, "Form")).form
    assert form.title == "Questions"
    outcome = await hall.alice.submits_modal(form, name="Ann", colour="blue")
    assert outcome.answer.text == "Ann likes blue"
    with pytest.raises(AssertionError, match="must be filled in"):
        await hall.alice.submits_modal(form, colour="blue")


async def test_components_v2_keep_their_nesting(hall: Hall) -> None:
    """A layout is shown with its texts, and its nested buttons work."""
    shown = (await hall.alice.uses_slash(hall.channel, "layout")).answer
    assert shown.text == "# Panel\na section"
    assert shown.shape["flags"] & shapes.V2
    assert list(shown.buttons) == ["Form", "Aside"]
    assert (await hall.bob.clicks(shown, "Aside")).answer.ephemeral


async def test_components_work_after_a_restart(hall: Hall) -> None:
    """Buttons of an earlier process reach the next one."""
    old = (await hall.alice.uses_slash(hall.channel, "ask")).answer
    await hall.house.stop()
    hall.alice.patience_s = 0.2
    assert (await hall.alice.clicks(old, "Aside")).failed
    await hall.house.start()
    assert (await hall.bob.clicks(old, "Aside")).answer.text == "only you"
    assert (await hall.bob.chooses(old, "green")).answer.text == "picked green"


@pytest.mark.parametrize("alone", [True, False])
async def test_deferred_answer_is_completed(hall: Hall, alone: bool) -> None:
    """The first follow-up takes the place of the "thinking" and keeps who sees it; then it is edited."""
    outcome = await hall.alice.uses_slash(hall.channel, "slow", alone=alone)
    await hall.stand.record.until(lambda: outcome.answer.text == "edited", "the edit")
    assert outcome.answer.ephemeral == alone
    assert not outcome.answer.thinking
    assert [one.text for one in outcome.told] == ["second"]
    assert [one.text for one in hall.bob.sees(hall.channel)] == ([] if alone else ["edited", "second"])
    told = [e for e in hall.stand.record.entries if e.name == "MESSAGE_CREATE" and e.body["channel_id"] == hall.channel]
    assert len(told) == (0 if alone else 2)


async def test_ephemeral_message_is_one_persons_own(hall: Hall) -> None:
    """Only the person sees it; nobody else can press its buttons, read it over HTTP, or learn of it."""
    answer = (await hall.alice.uses_slash(hall.channel, "explain", code="502")).answer
    assert [one.id for one in hall.alice.sees(hall.channel)] == [answer.id]
    assert hall.bob.sees(hall.channel) == []
    with pytest.raises(AssertionError, match="not to be seen"):
        await hall.bob.clicks(answer, "anything")


async def test_suggestions_follow_what_is_typed(hall: Hall) -> None:
    """Autocomplete returns at most 25 choices that the bot offers."""
    offered = await hall.alice.autocompletes(hall.channel, "explain", "code", "caddy")
    assert [one["value"] for one in offered] == ["500 caddy", "502 caddy", "503 caddy", "504 caddy"]
    assert (await hall.alice.uses_slash(hall.channel, "explain", code="502 caddy")).answer.text == "502 caddy explained"


async def test_context_menu_gets_the_message(hall: Hall) -> None:
    """The bot gets the message that was pointed at, with its content."""
    message = hall.bob.writes(hall.channel, "look at this")
    outcome = await hall.alice.uses_context_menu(message, "Quote")
    assert outcome.answer.text == "> look at this"
    assert outcome.answer.ephemeral


async def test_command_within_a_command_gets_people_and_channels(hall: Hall) -> None:
    """Options that name people and channels come resolved."""
    outcome = await hall.alice.uses_slash(hall.channel, "watch person", who=hall.bob.id, where=hall.channel)
    assert outcome.answer.text.startswith("bob in test_command")
    with pytest.raises(AssertionError, match="must be given"):
        await hall.alice.uses_slash(hall.channel, "watch person")


async def test_reactions_are_kept_and_told(hall: Hall) -> None:
    """The bot reacts, sees who did, and learns of others' reactions."""
    message = hall.alice.writes(hall.channel, "hello")
    hall.bob.reacts(message, THUMB)
    assert await hall.bob.until(hall.channel, lambda one: one.text == f"saw {THUMB}", "the bot's word on it")
    assert await hall.attempt("reactions") == "ok 1 1 0"


@pytest.mark.parametrize(
    ("what", "result"),
    [
        ("look-around", "ok Help desk ['Help desk'] True True True False"),
        ("history", "ok ['2', '1', '0'] 0"),
        ("members-of-thread", "ok private_thread 2 1"),
        ("reopened-thread", "ok open"),
        ("commands-of-guild", "ok Changed 0 True"),
        ("file-again", "ok a_b.txt b'\\x00report'"),
    ],
)
async def test_things_that_bots_do_work(house: House, hall: Hall, what: str, result: str) -> None:
    """Servers, history, threads, commands of one server, and files are served."""
    house.stand.world.forbid(hall.channel, manage_messages=True, create_private_threads=True, manage_threads=True)
    assert await hall.attempt(what) == result


async def test_direct_messages_reach_the_bot(hall: Hall) -> None:
    """In direct messages the bot reads, answers, and serves commands."""
    channel = hall.stand.world.direct(hall.alice.id)["id"]
    assert (await hall.alice.says(channel, "psst")).text == "read [psst]"
    assert (await hall.alice.uses_slash(channel, "explain", code="504")).answer.text == "504 explained"


async def test_installed_app_works_where_nobody_invited_it(hall: Hall) -> None:
    """Whoever installed the bot uses it in any server; it answers, but may not write to the channel by itself."""
    elsewhere = hall.stand.world.add_channel("far away", elsewhere=True)["id"]
    with pytest.raises(NotOfferedError):
        await hall.alice.uses_slash(elsewhere, "explain", code="502")
    hall.alice.installs()
    outcome = await hall.alice.uses_slash(elsewhere, "ask")
    assert hall.bob.sees(elsewhere) == [] or outcome.answer.text == "question"
    assert (await hall.alice.clicks(outcome.answer, "Aside")).answer.text == "only you"
    assert (await hall.attempt("send", elsewhere)).startswith("403/50001")
    hall.alice.writes(elsewhere, "nobody listens")
    assert (await hall.attempt("follow-ups", elsewhere)).startswith("400/40094")
    assert (await hall.attempt("follow-ups")) == "ok"


async def test_forum_post_begins_with_a_message(hall: Hall) -> None:
    """A person's post in a forum is a thread whose first message has its number; the bot answers in it."""
    forum = hall.stand.world.add_channel("forum", kind=shapes.FORUM)["id"]
    thread, first = hall.alice.opens_thread(forum, "does not load", "it says 502")
    assert first.id == thread
    answer = await hall.alice.until(thread, lambda one: one.answers == first.id, "an answer")
    assert answer.text == "read [it says 502]"


async def test_who_leaves_is_gone(hall: Hall) -> None:
    """Leaving a thread and the server is told to a bot with the members intent."""
    thread, _ = hall.alice.opens_thread(hall.channel, "short", "hello")
    hall.alice.leaves(thread)
    hall.bob.leaves_server()
    events = [entry.name for entry in hall.stand.record.entries[-10:]]
    assert {"THREAD_MEMBERS_UPDATE", "GUILD_MEMBER_REMOVE"} <= set(events)
    with pytest.raises(AssertionError, match="may not write"):
        hall.bob.writes(hall.channel, "am I still here?")
