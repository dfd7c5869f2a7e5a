"""Do the stand-in's two judges find what Discord would refuse, and nothing else? Is everything kept?"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from standin import limits, shapes
from standin.faults import nested
from standin.people import person
from standin.record import Entry, NothingHappenedError
from standin.server import TOKEN, Standin
from standin.specgate import SpecGate, spec

POST = "POST /channels/{channel_id}/messages"
EDIT = "PATCH /channels/{channel_id}/messages/{message_id}"
CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback"
COMMANDS = "PUT /applications/{application_id}/commands"
THREAD = "POST /channels/{channel_id}/messages/{message_id}/threads"
V2 = {"flags": shapes.V2}
Body = dict[str, Any]


def button(custom_id: str | None = "a", **more: Any) -> Body:
    shape = {"type": 2, "style": 1, "label": "Press"} | ({} if custom_id is None else {"custom_id": custom_id})
    return shape | more


def row(*parts: Body) -> Body:
    return {"type": 1, "components": list(parts)}


def menu(custom_id: str = "m", count: int = 2, **more: Any) -> Body:
    return {"type": 3, "custom_id": custom_id, "options": [option(str(number)) for number in range(count)]} | more


def option(value: str, **more: Any) -> Body:
    return {"label": f"Option {value}", "value": value} | more


def text(content: str = "text") -> Body:
    return {"type": 10, "content": content}


def container(*parts: Body) -> Body:
    return {"type": 17, "components": list(parts)}


def field(number: int, **more: Any) -> Body:
    shape = {"type": 4, "custom_id": str(number), "style": 1}
    return {"type": 18, "label": "Label", "component": shape | more}


def form(*parts: Body) -> Body:
    return {"type": 9, "data": {"custom_id": "form", "title": "Title", "components": list(parts)}}


def embed(**more: Any) -> Body:
    return {"embeds": [more]}


def command(name: str = "check", **more: Any) -> Body:
    return {"name": name, "description": "Checks", "type": 1} | more


def argument(name: str, **more: Any) -> Body:
    return {"name": name, "description": "An option", "type": 3} | more


def answer(**data: Any) -> Body:
    return {"type": 4, "data": data}


ONLY_OURS: list[tuple[str, str, Any, str]] = [
    ("content", POST, {"content": "x" * 2001}, "more than 2000"),
    ("content of emoji", POST, {"content": "🙂" * 1001}, "more than 2000"),
    ("nothing", POST, {"content": ""}, "empty"),
    ("embeds in all", POST, {"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]}, "6001"),
    ("empty field", POST, embed(fields=[{"name": "n", "value": " "}]), "field is empty"),
    ("six rows", POST, {"components": [row(button(str(number))) for number in range(6)]}, "more than 5 rows"),
    ("one custom id twice", POST, {"components": [row(button(), button())]}, "used 2 times"),
    ("custom id twice, apart", POST, V2 | {"components": [container(row(button())), row(button())]}, "2 times"),
    ("menu beside button", POST, {"components": [row(button(), menu())]}, "shares its row"),
    ("button without id", POST, {"components": [row(button(None))]}, "one of both"),
    ("link with id", POST, {"components": [row(button(style=5, url="https://a.example"))]}, "one of both"),
    ("button without label", POST, {"components": [row(button(label=None))]}, "without label"),
    ("least above most", POST, {"components": [row(menu(min_values=2, max_values=1))]}, "min_values is 2"),
    ("most above options", POST, {"components": [row(menu(max_values=3))]}, "max_values is 3"),
    ("same value twice", POST, {"components": [row({"type": 3, "custom_id": "m", "options": [option("a")] * 2})]}, "share"),
    ("two chosen of one", POST, {"components": [row(menu(count=0, options=[option("a", default=True), option("b", default=True)]))]}, "chosen"),
    ("V2 without flag", POST, {"components": [text()]}, "without their flag"),
    ("V2 beside content", POST, V2 | {"content": "x", "components": [text()]}, "beside Components V2"),
    ("41 parts", POST, V2 | {"components": [container(*[text() for _ in range(20)]) for _ in range(2)]}, "42 in all"),
    ("V2 text in all", POST, V2 | {"components": [text("x" * 2001), container(text("x" * 2000))]}, "4001"),
    ("form of six", CALLBACK, form(*[field(number) for number in range(6)]), "form of 6"),
    ("form of nothing", CALLBACK, form(), "form of 0"),
    ("field ids twice", CALLBACK, form(field(1), field(1)), "used 2 times"),
    ("text above its limit", CALLBACK, form(field(1, max_length=3, value="four")), "own limits"),
    ("reply of nothing", CALLBACK, answer(content=""), "empty"),
    ("upper case", COMMANDS, [command("Check")], "'Check'"),
    ("space in name", COMMANDS, [command("check it")], "'check it'"),
    ("same command twice", COMMANDS, [command(), command()], "2 times"),
    ("no description", COMMANDS, [command(description="")], "no description"),
    ("required last", COMMANDS, [command(options=[argument("a"), argument("b", required=True)])], "after an optional"),
    ("101 commands", COMMANDS, [command(f"c{number}") for number in range(101)], "101 commands"),
    ("16 menus", COMMANDS, [{"name": f"Menu {number}", "type": 3} for number in range(16)], "16 commands"),
]  # fmt: skip
ONLY_THEIRS: list[tuple[str, str, Any, str]] = [
    ("reply's content", CALLBACK, answer(content="x" * 2001), "content: maxLength=2000"),
    ("eleven embeds", POST, {"embeds": [{"title": "t"}] * 11}, "embeds: maxItems=10"),
    ("title", POST, embed(title="x" * 257), "embeds.0.title: maxLength=256"),
    ("description", POST, embed(description="x" * 4097), "maxLength=4096"),
    ("26 fields", POST, embed(fields=[{"name": "n", "value": "v"}] * 26), "maxItems=25"),
    ("field name", POST, embed(fields=[{"name": "n" * 257, "value": "v"}]), "name: maxLength=256"),
    ("field value", POST, embed(fields=[{"name": "n", "value": "v" * 1025}]), "value: maxLength=1024"),
    ("footer", POST, embed(footer={"text": "x" * 2049}), "maxLength=2048"),
    ("colour", POST, embed(color=0x1000000), "color: maximum"),
    ("address", POST, embed(title="t", url="no address"), "url: format=uri"),
    ("custom id", POST, {"components": [row(button("x" * 101))]}, "custom_id: maxLength=100"),
    ("label", POST, {"components": [row(button(label="x" * 81))]}, "label: maxLength=80"),
    ("style", POST, {"components": [row(button(style=9))]}, "style"),
    ("26 options", POST, {"components": [row(menu(count=26))]}, "options: maxItems=25"),
    ("option label", POST, {"components": [row(menu(options=[{"label": "x" * 101, "value": "a"}]))]}, "maxLength=100"),
    ("placeholder", POST, {"components": [row(menu(placeholder="x" * 151))]}, "placeholder: maxLength=150"),
    ("four texts", POST, V2 | {"components": [{"type": 9, "components": [text()] * 4, "accessory": button()}]}, "maxItems=3"),
    ("misspelt key", POST, {"content": "x", "embed": {}}, "additionalProperties"),
    ("misspelt key inside", POST, {"components": [row(button(lable="x"))]}, "additionalProperties"),
    ("mentions", POST, {"content": "x", "allowed_mentions": {"parse": ["all"]}}, "allowed_mentions.parse"),
    ("form's title", CALLBACK, {"type": 9, "data": {"custom_id": "f", "title": "x" * 46, "components": [field(1)]}}, "title: maxLength=45"),
    ("label of a field", CALLBACK, form(field(1) | {"label": "x" * 46}), "label: maxLength=45"),
    ("26 suggestions", CALLBACK, {"type": 8, "data": {"choices": [{"name": "n", "value": "v"}] * 26}}, "maxItems=25"),
    ("type of answer", CALLBACK, {"type": 99}, "type"),
    ("command's name", COMMANDS, [command("x" * 33)], "name: maxLength=32"),
    ("command's description", COMMANDS, [command(description="x" * 101)], "description: maxLength=100"),
    ("26 arguments", COMMANDS, [command(options=[argument(f"a{number}") for number in range(26)])], "maxItems=25"),
    ("thread's name", THREAD, {"name": "x" * 101}, "name: maxLength=100"),
    ("thread without name", THREAD, {}, "required"),
    ("minutes", THREAD, {"name": "n", "auto_archive_duration": 61}, "auto_archive_duration"),
    ("unknown route", "POST /nothing", {}, "no such operation"),
    ("body where none is", "PUT /channels/{channel_id}/thread-members/@me", {"a": 1}, "none is described"),
]  # fmt: skip
FINE: list[tuple[str, str, Any]] = [
    ("longest content", POST, {"content": "x" * 2000}),
    ("full embeds", POST, {"embeds": [{"title": "x" * 256, "description": "x" * 4096}, {"description": "x" * 1648}]}),
    ("five full rows", POST, {"components": [row(*[button(f"{r}{c}") for c in range(5)]) for r in range(5)]}),
    ("menu of 25", POST, {"components": [row(menu(count=25, min_values=0, max_values=25))]}),
    ("40 parts", POST, V2 | {"components": [container(*[text("x" * 100) for _ in range(39)])]}),
    ("link", POST, {"components": [row(button(None, style=5, url="https://a.example"))]}),
    ("nothing left of an edit", EDIT, {"content": None, "components": []}),
    ("form of five", CALLBACK, form(*[field(number) for number in range(5)])),
    ("thinking", CALLBACK, {"type": 5}),
    ("what discord.py adds", COMMANDS, [command(nsfw=False, options=[], dm_permission=True)]),
    ("flags of an embed", POST, embed(title="t", flags=0)),
    ("number for an id", POST, {"content": "x", "message_reference": {"message_id": 1, "channel_id": 2, "guild_id": 3}}),
    ("tts of a callback", CALLBACK, answer(content="x", tts=False)),
    ("foreign command name", COMMANDS, [command("prüfe")]),
]  # fmt: skip


@pytest.fixture(name="gate")
def _gate() -> SpecGate:
    """Return the judge by the description."""
    gate = spec()
    if gate is None:
        pytest.skip("Discord's OpenAPI description is not at hand")
    return gate


@pytest.mark.parametrize(("route", "body", "finding"), [case[1:] for case in ONLY_OURS], ids=[c[0] for c in ONLY_OURS])
def test_own_limits_find_what_the_description_leaves_open(route: str, body: Any, finding: str) -> None:
    """Each rule of our own finds its case, and names it."""
    assert any(finding in found for found in limits.judge(route, body)), limits.judge(route, body)


@pytest.mark.parametrize(("route", "body", "finding"), [c[1:] for c in ONLY_THEIRS], ids=[c[0] for c in ONLY_THEIRS])
def test_description_finds_what_it_describes(gate: SpecGate, route: str, body: Any, finding: str) -> None:
    """The description, made strict, finds each case, and tells the place."""
    assert any(finding in found for found in gate.request(route, body)), gate.request(route, body)


@pytest.mark.parametrize(("route", "body"), [case[1:] for case in FINE], ids=[case[0] for case in FINE])
def test_what_is_right_passes_both(gate: SpecGate, route: str, body: Any) -> None:
    """What just fits, and what discord.py always sends, is left alone."""
    assert gate.request(route, body) + limits.judge(route, body) == []


def test_edit_of_a_v2_message_stays_v2() -> None:
    """An edit is judged with the flags that the message has: no content beside Components V2."""
    assert limits.judge(EDIT, {"content": "x"}) == []
    assert limits.judge(EDIT, {"content": "x"}, flags=shapes.V2) != []
    assert limits.judge(EDIT, {"components": [text()]}, flags=shapes.V2) == []


def test_files_alone_are_no_empty_message() -> None:
    """A message may consist of files."""
    assert limits.judge(POST, {}, files=1) == []


def test_replies_and_events_are_judged_too(gate: SpecGate) -> None:
    """What the stand-in itself says is judged: a missing or an additional key, a wrong status."""
    message = shapes.message("1", shapes.user("ann"))
    assert gate.reply(POST, 200, message) == []
    assert gate.event("MESSAGE_CREATE", message | {"guild_id": "1"}) == []
    assert "required" in gate.reply(POST, 200, {name: part for name, part in message.items() if name != "embeds"})[0]
    assert "additionalProperties" in gate.event("MESSAGE_CREATE", message | {"nick": ""})[0]
    assert "not described" in gate.reply(POST, 204, None)[0]
    assert gate.reply(POST, 404, {"code": 10003, "message": "Unknown Channel"}) == []
    assert gate.reply(POST, 404, {"message": "Unknown Channel"}) != []
    assert gate.reply(POST, 400, {"code": 1, "message": "", "errors": nested(["a.0: x", "a.0.b: y", "c: z"])}) == []


def test_missing_description_is_said_once(tmp_path: Path) -> None:
    """Without the description the stand-in says once, on stderr, that it does not judge by it."""
    code = "from standin.server import Standin; print([Standin().spec for _ in range(3)])"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, check=True,
        env={"DISCORD_OPENAPI": str(tmp_path / "none.json"), "PYTHONPATH": str(Path(__file__).parent)},
    )  # fmt: skip
    assert done.stdout.strip() == "[None, None, None]"
    assert done.stderr.count("NOT JUDGED") == 1


async def test_everything_is_kept(tmp_path: Path) -> None:
    """Requests with replies and gateway messages are written as JSON lines; routes are counted; typos are offences."""
    async with Standin() as stand, aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"}) as client:
        channel = stand.world.add_channel("help")["id"]
        upload = aiohttp.FormData(quote_fields=False)
        upload.add_field("payload_json", json.dumps({"content": "report"}), content_type="application/json")
        upload.add_field("files[0]", b"\x00\x01", filename="a.bin", content_type="application/octet-stream")
        async with client.post(f"{stand.api_url}/channels/{channel}/messages", data=upload) as reply:
            sent = await reply.json()
        async with client.get(sent["attachments"][0]["url"]) as reply:
            assert await reply.read() == b"\x00\x01"
        async with client.get(f"{stand.api_url}/chanels/{channel}") as reply:
            assert reply.status == 404
        async with client.get(f"{stand.api_url}/users/@me", headers={"Authorization": "Bot x"}) as reply:
            assert reply.status == 401
        stand.record.write(tmp_path / "record.jsonl")
        lines = [json.loads(line) for line in (tmp_path / "record.jsonl").read_text().splitlines()]
        assert [one["status"] for one in lines if one["kind"] == "request"] == [200, 404, 401]
        assert lines[0]["files"] == [["a.bin", "(2 bytes)"]]
        assert stand.record.coverage()[POST] == 1
        assert set(stand.record.coverage()) - stand.served == {f"GET /chanels/{channel}"}
        assert stand.record.violations == [f"GET /chanels/{channel}: there is no such route here"]


async def test_waiting_in_vain_tells_what_went_before() -> None:
    """Whoever waits for what does not come reads the newest part of the record."""
    async with Standin() as stand:
        stand.record.add(Entry("received", "IDENTIFY"))
        with pytest.raises(NothingHappenedError, match=r"rain.*\n.*IDENTIFY"):
            await stand.record.until(lambda: False, "rain", 0.01)


async def test_people_can_only_do_what_a_client_lets_them() -> None:
    """Unknown commands, buttons and places are the test's own mistakes, and are reported as such."""
    async with Standin() as stand:
        ann, channel = person(stand, "ann"), stand.world.add_channel("help")["id"]
        stranger = person(stand, "stranger", member=False)
        with pytest.raises(AssertionError, match="may not write"):
            stranger.writes(channel, "hello")
        with pytest.raises(AssertionError, match="there is no command"):
            await ann.uses_slash(channel, "check")
        with pytest.raises(AssertionError, match="there is no 'Go'"):
            await ann.clicks(ann.writes(channel, "hello"), "Go")
