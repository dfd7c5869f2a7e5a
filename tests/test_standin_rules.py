"""Does the stand-in keep Discord's rules, judge in both directions, and break on request?

The bot here is a small one on discord.py, in a process of its own: what it meets is what our bot would meet.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from standin import limits, shapes
from standin.people import Person, person
from standin.server import TOKEN, Standin
from standin.specgate import SpecGate, spec

BOT = Path(__file__).with_name("standin_rules_bot.py")
TEXTS = "/channels/{channel_id}/messages"
SPEC_IS_MISSING = "DISCORD'S OPENAPI DESCRIPTION IS MISSING, so what is sent is not judged: set DISCORD_OPENAPI"


@dataclass
class Place:
    """A server with the small bot in it."""

    stand: Standin
    channel: str
    alice: Person
    bob: Person
    process: asyncio.subprocess.Process | None = None

    async def start(self, *words: str) -> None:
        """Start the small bot; its words choose what it does differently."""
        before = len(self.stand.record.received("IDENTIFY"))
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, str(BOT), self.stand.api_url, self.stand.gateway_url, TOKEN, *words,
            stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await self.stand.record.until(lambda: len(self.stand.record.received("IDENTIFY")) > before, "online", 20)

    async def kill(self) -> None:
        """End the small bot."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()


@pytest.fixture
async def empty() -> AsyncIterator[Place]:
    """Return a server without a bot."""
    async with Standin() as stand:
        channel = stand.world.add_channel("help")["id"]
        place = Place(stand, channel, person(stand, "alice"), person(stand, "bob"))
        try:
            yield place
        finally:
            await place.kill()


@pytest.fixture
async def place(empty: Place) -> Place:
    """Return a server with the small bot online."""
    await empty.start()
    return empty


@pytest.fixture(scope="session")
def gate() -> SpecGate:
    """Return the first judge."""
    found = spec()
    if found is None:
        pytest.skip(SPEC_IS_MISSING)
    return found


async def asks(
    stand: Standin, method: str, path: str, body: Any = None, *, token: str = TOKEN
) -> tuple[int, dict[str, Any]]:
    """Send a request as a client without manners; return status and reply."""
    headers = {"Authorization": f"Bot {token}"}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, stand.api_url + path, json=body, headers=headers) as reply,
    ):
        return reply.status, await reply.json() if reply.status != 204 else {}


async def test_commands_answers_and_follow_ups_reach_the_person(place: Place) -> None:
    """A command is answered, deferred ones are completed, suggestions fit, and both judges are content."""
    said = await place.alice.uses_slash(place.channel, "say", text="hello")
    assert said.answer.text == "hello"
    assert not said.answer.ephemeral
    slow = await place.alice.uses_slash(place.channel, "slow")
    assert slow.answer.text == "done"
    assert not slow.answer.thinking
    assert [one["name"] for one in await place.alice.autocompletes(place.channel, "pick", "fruit", "ap")] == ["apple"]
    assert place.stand.record.violations == []


async def test_ephemeral_answers_are_seen_by_one_person(place: Place) -> None:
    """What is whispered stands on one screen only, and no event tells of it."""
    outcome = await place.alice.uses_slash(place.channel, "whisper")
    assert outcome.answer.ephemeral
    assert place.bob.sees(place.channel) == []
    assert [one.text for one in place.alice.sees(place.channel)] == ["psst"]
    assert not [one for one in place.stand.record.entries if one.name == "MESSAGE_CREATE"]


async def test_menu_of_a_message_carries_the_message(place: Place) -> None:
    """An entry of a message's menu gets the message that it was picked on."""
    message = place.bob.writes(place.channel, "look at this")
    outcome = await place.alice.uses_context_menu(message, "Quote")
    assert outcome.answer.text == "look at this"


async def test_buttons_menus_and_forms_work_through_a_restart(place: Place) -> None:
    """A persistent button, a menu of choices and a form are used before and after the bot's process is new."""
    panel = (await place.alice.uses_slash(place.channel, "panel")).answer
    for _ in range(2):
        assert (await (await place.alice.clicks(panel, "Yes")).whispered()).text == "yes"
        assert (await place.alice.chooses(panel, "red")).answer.text == "red"
        form = (await place.alice.clicks(panel, "Form")).form
        assert (await place.alice.submits_modal(form, name="Ada")).answer.text == "Ada"
        await place.kill()
        await place.start()
    assert place.stand.record.violations == []


async def test_files_arrive_with_what_is_in_them(place: Place) -> None:
    """An upload is kept with its bytes, and the message names it."""
    outcome = await place.alice.uses_slash(place.channel, "file")
    assert outcome.answer.files == ["note.txt"]
    assert [entry.files for entry in place.stand.record.requests("/callback")][-1] == (("note.txt", b"content"),)


async def test_threads_open_once_at_a_message_and_close(place: Place) -> None:
    """A thread at a message has its number; a second one is refused; a closed one refuses edits until it is opened."""
    message = place.alice.writes(place.channel, "!thread")
    await place.alice.until(message.id, lambda one: one.text == "inside", "a message in the thread")
    path = f"/channels/{place.channel}/messages/{message.id}/threads"
    status, reply = await asks(place.stand, "POST", path, {"name": "again"})
    assert (status, reply["code"]) == (400, 160004)
    inside = place.alice.sees(message.id)[-1]
    place.stand.world.change_thread(place.stand.world.channels[message.id], {"archived": True})
    edit = f"/channels/{message.id}/messages/{inside.id}"
    assert (await asks(place.stand, "PATCH", edit, {"content": "x"}))[1]["code"] == 50083
    assert (await asks(place.stand, "PATCH", f"/channels/{message.id}", {"archived": False}))[0] == 200
    assert (await asks(place.stand, "PATCH", edit, {"content": "x"}))[0] == 200


async def test_content_is_blank_without_the_intent_save_where_the_bot_is_meant(empty: Place) -> None:
    """Without MESSAGE_CONTENT ordinary messages come empty; direct ones and those that call the bot do not."""
    await empty.start("blind")
    direct = empty.stand.world.direct(empty.alice.id)["id"]
    empty.alice.writes(empty.channel, "secret")
    empty.alice.writes(empty.channel, f"<@{empty.stand.world.bot['id']}> open")
    empty.alice.writes(direct, "private")
    told = [one.body["content"] for one in empty.stand.record.entries if one.name == "MESSAGE_CREATE"]
    assert told == ["", f"<@{empty.stand.world.bot['id']}> open", "private"]


async def test_late_answer_is_refused(place: Place) -> None:
    """Three seconds after it was sent an interaction is unknown (10062), and the person reads that it failed."""
    place.stand.faults.late_s, place.alice.patience_s = 4, 0.5
    outcome = await place.alice.uses_slash(place.channel, "say", text="too late")
    assert outcome.failed
    assert place.stand.record.requests("/callback")[-1].reply["code"] == 10062


async def test_second_answer_is_refused(place: Place) -> None:
    """An interaction is answered once (40060), also when it was delivered twice; a wrong token answers nothing."""
    place.stand.faults.deliveries = 2
    outcome = await place.alice.uses_slash(place.channel, "say", text="once")
    await place.stand.record.until(lambda: len(place.stand.record.requests("/callback")) == 2, "both answers")
    assert sorted(entry.status for entry in place.stand.record.requests("/callback")) == [200, 400]
    path = f"/interactions/{outcome.interaction.ident}/stolen/callback"
    assert (await asks(place.stand, "POST", path, {"type": 6}))[1]["code"] == 10062
    assert (await asks(place.stand, "GET", f"/webhooks/{place.stand.world.bot['id']}/stolen/messages/@original"))[
        0
    ] == 404


async def test_answer_of_the_wrong_kind_is_refused(place: Place) -> None:
    """A command is not answered by editing a message that is not there."""
    outcome = await place.alice.uses_slash(place.channel, "wrong")
    assert outcome.answer.text == "refused with 50035"


async def test_dropped_connection_is_resumed_with_what_was_missed(place: Place) -> None:
    """After a drop the client resumes and gets what was said meanwhile; a forgotten session begins anew."""
    await place.stand.gateway.drop(4000)
    place.alice.writes(place.channel, "!ping")
    await place.alice.until(place.channel, lambda one: one.text == "pong", "pong")
    assert len(place.stand.record.received("RESUME")) == 1
    await place.stand.gateway.drop(4000, forget=True)
    await place.stand.record.until(lambda: len(place.stand.record.received("IDENTIFY")) == 2, "a new session", 20)


async def test_faults_are_met_once_and_retried(place: Place) -> None:
    """429 with Via and 502 are tried again by discord.py, a plain refusal is not; each fault ends by itself."""
    name = f"POST {TEXTS}"
    place.stand.faults.limit(name, 0.05)
    place.stand.faults.fail(name, 502)
    place.alice.writes(place.channel, "!ping")
    await place.alice.until(place.channel, lambda one: one.text == "pong", "pong")
    assert [entry.status for entry in place.stand.record.requests(name)] == [429, 502, 200]
    place.stand.faults.refuse(name, 50013)
    place.alice.writes(place.channel, "!ping")
    await place.stand.record.until(lambda: len(place.stand.record.requests(name)) == 4, "the refusal")
    assert place.stand.record.requests(name)[-1].status == 403


async def test_permissions_are_kept(empty: Place) -> None:
    """What the bot may not do in a channel is refused: writing, threads, seeing it at all."""
    stand, path = empty.stand, f"/channels/{empty.channel}/messages"
    stand.world.forbid(empty.channel, send_messages=False)
    assert (await asks(stand, "POST", path, {"content": "x"}))[1]["code"] == 50013
    stand.world.forbid(empty.channel, create_public_threads=False)
    message = empty.alice.writes(empty.channel, "x")
    assert (await asks(stand, "POST", f"{path}/{message.id}/threads", {"name": "x"}))[1]["code"] == 50013
    assert (await asks(stand, "PATCH", f"{path}/{message.id}", {"content": "x"}))[1]["code"] == 50005
    stand.world.forbid(empty.channel, view_channel=False)
    assert (await asks(stand, "GET", path))[1]["code"] == 50001
    assert (await asks(stand, "GET", "/channels/1"))[1]["code"] == 10003
    assert (await asks(stand, "GET", "/users/@me", token="x"))[0] == 401


async def test_violation_is_refused_and_recorded(empty: Place) -> None:
    """What a judge finds is answered with 50035, and stands in the record; so does an unknown route."""
    status, reply = await asks(empty.stand, "POST", f"/channels/{empty.channel}/messages", {"content": "x" * 2001})
    assert (status, reply["code"]) == (400, 50035)
    assert (await asks(empty.stand, "GET", "/no/such/thing"))[0] == 404
    assert len(empty.stand.record.violations) == 2


BUTTON: dict[str, Any] = {"type": 2, "style": 1, "label": "x", "custom_id": "a"}
MENU: dict[str, Any] = {"type": 3, "custom_id": "m", "options": [{"label": "x", "value": "x"}]}


def row(*parts: dict[str, Any]) -> dict[str, Any]:
    """Return a row."""
    return {"type": 1, "components": list(parts)}


def text(words: str) -> dict[str, Any]:
    """Return a text of Components V2."""
    return {"type": 10, "content": words}


BAD: dict[str, dict[str, Any]] = {
    "content": {"content": "x" * 2001},
    "empty": {"content": ""},
    "embed-total": {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]},
    "embed-field": {"embeds": [{"fields": [{"name": "x", "value": " "}]}]},
    "rows": {"content": "x", "components": [row(BUTTON | {"custom_id": str(n)}) for n in range(6)]},
    "duplicate": {"content": "x", "components": [row(BUTTON, BUTTON)]},
    "menu-in-a-row": {"content": "x", "components": [row(BUTTON, MENU)]},
    "max-values": {"content": "x", "components": [row(MENU | {"max_values": 2})]},
    "min-values": {"content": "x", "components": [row(MENU | {"min_values": 1, "max_values": 0})]},
    "no-custom-id": {"content": "x", "components": [row({"type": 2, "style": 1, "label": "x"})]},
    "link-with-custom-id": {"content": "x", "components": [row(BUTTON | {"style": 5, "url": "https://x.example"})]},
    "v2-without-flag": {"components": [text("x")]},
    "v2-with-content": {"flags": shapes.V2, "content": "x", "components": [text("x")]},
    "v2-total": {"flags": shapes.V2, "components": [text("x" * 2001), text("\N{ROCKET}" * 1000)]},
    "v2-parts": {"flags": shapes.V2, "components": [{"type": 17, "components": [text("x")] * 40}]},
}
GOOD: dict[str, dict[str, Any]] = {
    "content": {"content": "x" * 2000},
    "embed-total": {"embeds": [{"description": "x" * 4000}, {"description": "x" * 2000}]},
    "buttons": {"content": "x", "components": [row(*(BUTTON | {"custom_id": str(n)} for n in range(5)))]},
    "v2": {"flags": shapes.V2, "components": [{"type": 17, "components": [text("x" * 4000), row(MENU)]}]},
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD)
def test_limits_find_what_the_description_does_not_tell(body: dict[str, Any]) -> None:
    """Each limit that OpenAPI does not know is found by the second judge, once."""
    assert len(limits.judge(f"POST {TEXTS}", body)) == 1


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_limits_take_what_is_just_allowed(body: dict[str, Any]) -> None:
    """What is exactly at a limit passes."""
    assert limits.judge(f"POST {TEXTS}", body) == []


def test_limits_know_commands_and_forms() -> None:
    """Commands and forms have limits of their own."""
    one = {"name": "Check", "type": 1, "description": "x"}
    put = "PUT /applications/{application_id}/commands"
    assert len(limits.judge(put, [one])) == 1
    assert len(limits.judge(put, [one | {"name": "a"}] * 2)) == 1
    late = [{"name": "a", "type": 3, "required": False}, {"name": "b", "type": 3, "required": True}]
    assert len(limits.judge(put, [one | {"name": "a", "options": late}])) == 1
    form = {"type": 9, "data": {"components": [row({"type": 4, "custom_id": str(n)}) for n in range(6)]}}
    assert len(limits.judge("POST /interactions/{interaction_id}/{interaction_token}/callback", form)) == 1


@pytest.mark.parametrize(
    "body",
    [
        {"content": "x", "colour": 1},
        {"embeds": [{"title": "x" * 257}]},
        {"content": "x", "components": [row(BUTTON | {"label": "x" * 81})]},
        {"content": "x", "components": [row(BUTTON | {"custom_id": "x" * 101})]},
        {"content": "x", "components": [row(BUTTON | {"style": 5, "url": "no address"} | {"custom_id": "a"})]},
    ],
    ids=["unknown-key", "title", "label", "custom-id", "address"],
)
def test_description_finds_wrong_shapes(gate: SpecGate, body: dict[str, Any]) -> None:
    """Discord's own description, made strict, finds typos and what is too long."""
    assert gate.request(f"POST {TEXTS}", body)


@pytest.mark.parametrize("body", GOOD.values(), ids=GOOD)
def test_description_takes_good_messages(gate: SpecGate, body: dict[str, Any]) -> None:
    """What is allowed passes the first judge, too; so do the keys that discord.py always adds, and whole numbers."""
    added = {"tts": False, "message_reference": {"message_id": 1, "guild_id": 2, "channel_id": 3}}
    assert gate.request(f"POST {TEXTS}", body | added) == []


def test_description_judges_replies(gate: SpecGate) -> None:
    """Our own replies are judged as well: a user without a name is none."""
    assert gate.reply("GET /users/@me", 200, {"id": "1"})
    assert gate.object("UserResponse", shapes.user("ada")) == []
