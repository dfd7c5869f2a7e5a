"""Does the stand-in refuse what Discord refuses, and fail as Discord fails? Shown by what discord.py makes of it."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
import pytest_asyncio

from standin.interactions import TOKEN_S
from standin.people import person
from standin.server import TOKEN, Standin

if TYPE_CHECKING:
    from standin_hall import Hall, House

pytest_plugins = ["standin_hall"]
pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.soak]
POST = "POST /channels/{channel_id}/messages"
GUILDS, GUILD_MESSAGES, DIRECT_MESSAGES, CONTENT = 1, 1 << 9, 1 << 12, 1 << 15
UNPRIVILEGED = GUILDS | GUILD_MESSAGES | DIRECT_MESSAGES


@pytest.mark.parametrize(
    ("what", "refusal"),
    [
        ("no-message", "404/10008"),
        ("no-channel", "404/10003"),
        ("threads-twice", "400/160004"),
        ("closed-thread", "400/50083"),
        ("not-mine", "403/50005"),
        ("twice", "400/40060"),
        ("reply-to-nothing", "400/50035"),
    ],
)
async def test_what_discord_refuses_is_refused(hall: Hall, what: str, refusal: str) -> None:
    """Unknown things, closed threads, others' messages, second answers: each with Discord's own code."""
    hall.bob.writes(hall.channel, "not the bot's")
    await hall.alice.until(hall.channel, lambda one: one.answers, "the bot's reply")
    if what == "not-mine":
        hall.stand.world.forbid(hall.channel, send_messages=False)
        hall.bob.writes(hall.channel, "the newest")
    assert (await hall.attempt(what)).startswith(refusal + " ")


@pytest.mark.parametrize(
    ("what", "refusal", "judged"),
    [
        ("too-long", "400/50035", "content: more than 2000"),
        ("empty", "400/50006", "the message is empty"),
        ("embeds-in-all", "400/50035", "6001 characters in all"),
        ("title", "400/50035", "embeds.0.title: maxLength=256"),
        ("bad-thread-name", "400/50035", "name: maxLength=100"),
    ],
)
async def test_what_breaks_a_limit_is_refused_and_kept(hall: Hall, what: str, refusal: str, judged: str) -> None:
    """Both judges answer with 50035 (or 50006), tell where it is, and what they found is kept for the test."""
    if hall.stand.spec is None and "=" in judged:
        pytest.skip("Discord's OpenAPI description is not at hand")
    answer = await hall.attempt(what)
    assert answer.startswith(refusal + " ")
    (offence,) = hall.house.offences()
    assert judged in offence
    assert refusal.endswith("50006") or judged in answer


@pytest.mark.parametrize(
    ("forbidden", "what", "refusal"),
    [
        ({"send_messages": False}, "send", "403/50013"),
        ({"view_channel": False}, "send", "403/50001"),
        ({"attach_files": False}, "send-file", "403/50013"),
        ({"create_public_threads": False}, "threads-twice", "403/50013"),
        ({"add_reactions": False}, "reactions", "403/50013"),
        ({"manage_messages": False}, "history", "403/50013"),
    ],
)
async def test_missing_permission_is_told_apart(
    hall: Hall, forbidden: dict[str, bool], what: str, refusal: str
) -> None:  # fmt: skip
    """What the bot may not do is 50013; a channel that it does not even see is 50001."""
    hall.stand.world.forbid(hall.channel, **forbidden)
    assert (await hall.attempt(what)).startswith(refusal)


async def test_roles_and_overwrites_are_reckoned_in_order(hall: Hall) -> None:
    """Everybody's overwrite goes first, then those of roles, then the member's; owner and administrators are above."""
    world = hall.stand.world
    guide = person(hall.stand, "guide", manage_messages=True)
    (role,) = world.members[guide.id]["roles"]
    world.forbid(hall.channel, whom=world.guild, send_messages=False)
    assert not world.may(hall.alice.id, hall.channel).send_messages
    assert not world.may(hall.alice.id, hall.channel).attach_files
    world.forbid(hall.channel, whom=role, send_messages=True)
    assert world.may(guide.id, hall.channel).send_messages
    world.forbid(hall.channel, whom=guide.id, view_channel=False)
    assert world.may(guide.id, hall.channel).value == 0
    admin = person(hall.stand, "admin", administrator=True)
    assert world.may(admin.id, hall.channel).send_messages
    assert world.may(world.owner, hall.channel).manage_guild
    with pytest.raises(AssertionError, match="may not write"):
        hall.alice.writes(hall.channel, "may I?")


async def test_deleted_thread_is_an_unknown_channel(hall: Hall) -> None:
    """Whoever deletes a thread takes its messages along; the bot learns of it, and finds nothing there."""
    thread, _ = hall.alice.opens_thread(hall.channel, "short-lived", "hello")
    panel = await hall.alice.until(thread, lambda one: one.answers, "an answer")
    hall.stand.world.remove_channel(thread)
    assert hall.stand.record.entries[-1].name == "THREAD_DELETE"
    async with _client() as client:
        assert (await _get(client, hall.stand, f"/channels/{thread}"))["code"] == 10003
        assert (await _get(client, hall.stand, f"/channels/{thread}/messages/{panel.id}"))["code"] == 10003


async def test_late_answer_is_an_unknown_interaction(hall: Hall) -> None:
    """Three seconds after it was sent nobody can answer it any more."""
    hall.stand.faults.late_s, hall.alice.patience_s = 4, 0.5
    outcome = await hall.alice.uses_slash(hall.channel, "acknowledge")
    assert outcome.failed
    told = await hall.alice.until(hall.channel, lambda one: "acknowledged" in one.text, "the bot's word on it")
    assert told.text == "acknowledged: 404/10062"


async def test_interaction_delivered_twice_is_acknowledged_once(hall: Hall) -> None:
    """The second answer to the same interaction is refused with 40060."""
    hall.stand.faults.deliveries = 2
    await hall.alice.uses_slash(hall.channel, "acknowledge")
    await hall.alice.until(hall.channel, lambda one: one.text == "acknowledged: 400/40060", "a refusal")
    assert sorted(one.text for one in hall.alice.sees(hall.channel) if not one.ephemeral) == [
        "acknowledged: 400/40060",
        "acknowledged: ok",
    ]


async def test_silent_button_fails_for_the_person(hall: Hall) -> None:
    """A click that nobody answers fails, and stays failed."""
    asked = (await hall.alice.uses_slash(hall.channel, "ask")).answer
    hall.alice.patience_s = 0.2
    outcome = await hall.alice.clicks(asked, "Silent")
    assert outcome.failed
    assert not outcome.acknowledged


async def test_token_ends_after_a_quarter_of_an_hour(hall: Hall) -> None:
    """Fifteen minutes after the interaction its answers can be neither changed nor followed."""
    outcome = await hall.alice.uses_slash(hall.channel, "explain", code="502")
    one = outcome.interaction
    hook = f"/webhooks/{hall.stand.world.bot['id']}/{one.token}"
    async with _client() as client:
        assert (await _get(client, hall.stand, f"{hook}/messages/@original"))["id"] == outcome.answer.id
        one.sent_at -= TOKEN_S
        assert (await _get(client, hall.stand, f"{hook}/messages/@original"))["code"] == 50027
        assert (await _get(client, hall.stand, f"/webhooks/1/{one.token}/messages/@original"))["code"] == 10015


async def test_answer_must_fit_the_interaction(hall: Hall) -> None:
    """A command has no message to update, and suggestions answer typing alone."""
    one = (await hall.alice.uses_slash(hall.channel, "explain", code="502")).interaction
    async with _client() as client:
        for body in ({"type": 6}, {"type": 7, "data": {"content": "x"}}, {"type": 8, "data": {"choices": []}}):
            one.answer = None
            place = f"{hall.stand.api_url}/interactions/{one.ident}/{one.token}/callback"
            async with client.post(place, json=body) as reply:
                assert (reply.status, (await reply.json())["code"]) == (400, 50035)


async def test_rate_limit_is_waited_for(hall: Hall) -> None:
    """429 with `Via`: discord.py waits as long as it is told, and tries again."""
    hall.stand.faults.limit(POST, retry_after=0.1, times=2)
    assert (await hall.attempt("send")).startswith("ok")
    statuses = [one.status for one in hall.stand.record.requests(POST)[-3:]]
    assert statuses == [429, 429, 200]


async def test_ban_by_the_proxy_is_not_waited_for(hall: Hall) -> None:
    """429 without `Via` looks like a ban: discord.py gives up."""
    hall.stand.faults.limit(POST, via=False)
    assert (await hall.attempt("send")).startswith("429/0")


async def test_unavailable_discord_is_told_at_once(hall: Hall) -> None:
    """503 is not tried again."""
    hall.stand.faults.fail(POST, 503)
    assert (await hall.attempt("send")).startswith("503/0")


@pytest.mark.parametrize("status", [500, 502])
async def test_server_error_is_tried_again(hall: Hall, status: int) -> None:
    """A 5xx of Discord's own is tried again after a second."""
    hall.stand.faults.fail(POST, status)
    assert (await hall.attempt("send")).startswith("ok")
    assert [one.status for one in hall.stand.record.requests(POST)[-2:]] == [status, 200]


async def test_lost_reply_leaves_the_deed_done(hall: Hall) -> None:
    """The message is there although the reply was an error: the try again carries the same nonce, and adds none."""
    hall.stand.faults.fail(POST, 502, after=True)
    assert (await hall.attempt("send")).startswith("ok")
    assert [one.text for one in hall.bob.sees(hall.channel)] == ["sent"]
    assert [one.status for one in hall.stand.record.requests(POST)[-2:]] == [502, 200]


async def test_slow_answer_arrives(hall: Hall) -> None:
    """A slow route holds the bot up, and nothing else."""
    hall.stand.faults.slow(POST, 0.3)
    began = asyncio.get_running_loop().time()
    assert (await hall.attempt("send")).startswith("ok")
    assert asyncio.get_running_loop().time() - began >= 0.3


@pytest.mark.parametrize("code", [50013, 10003, 10008])
async def test_planned_refusal_has_its_code(hall: Hall, code: int) -> None:
    """Any of Discord's codes can be planned for any route."""
    hall.stand.faults.refuse(POST, code)
    assert f"/{code} " in await hall.attempt("send")


async def test_dropped_connection_is_resumed_with_what_was_missed(hall: Hall) -> None:
    """Whichever way the line breaks, the bot resumes, and what people wrote meanwhile is replayed once."""
    gateway, record = hall.stand.gateway, hall.stand.record
    identified = len(record.received("IDENTIFY"))
    for number, broken in enumerate((gateway.drop, gateway.reconnect, gateway.cut)):
        resumed = len(record.received("RESUME"))
        if (waiting := broken()) is not None:
            await waiting
        await record.until(lambda: not gateway.online, "offline")
        hall.alice.writes(hall.channel, f"missed {number}")
        await hall.alice.until(hall.channel, lambda one, n=number: one.text == f"read [missed {n}]", "an answer")
        assert len(record.received("RESUME")) == resumed + 1
    assert len(record.received("IDENTIFY")) == identified
    assert len(hall.alice.sees(hall.channel)) == 3


async def test_forgotten_session_begins_anew(hall: Hall) -> None:
    """Operation 9 without resumption: the bot identifies again, and gets what comes after."""
    record, before = hall.stand.record, len(hall.stand.record.received("IDENTIFY"))
    hall.stand.gateway.invalidate(resumable=False)
    await record.until(lambda: len(record.received("IDENTIFY")) > before, "a new IDENTIFY", 20)
    assert (await hall.alice.says(hall.channel, "again")).text == "read [again]"


@pytest_asyncio.fixture(loop_scope="module")
async def fresh(tmp_path: Path) -> AsyncIterator[House]:
    """Return a stand-in of its own, with no bot yet."""
    from standin_hall import House

    async with Standin() as stand:
        house = House(stand, tmp_path)
        yield house
        await house.stop()
    assert stand.record.violations == []


@pytest.mark.parametrize("wrong", ["token", "intent"])
async def test_login_is_refused(fresh: House, wrong: str) -> None:
    """A wrong token is 401; an intent that is not granted closes the gateway with 4014."""
    process = await (fresh.begin(token="wrong") if wrong == "token" else fresh.begin(intents=UNPRIVILEGED | 1 << 1))
    assert await asyncio.wait_for(process.wait(), 30) != 0
    assert ("LoginFailure" if wrong == "token" else "PrivilegedIntentsRequired") in fresh.log


async def test_content_is_blank_without_the_intent(fresh: House) -> None:
    """Without the intent the bot reads direct messages, what calls it by name, and its own; nothing else."""
    await fresh.start(intents=UNPRIVILEGED)
    alice, channel = person(fresh.stand, "alice"), fresh.stand.world.add_channel("help")["id"]
    assert (await alice.says(channel, "secret")).text == "read []"
    assert "psst" in (await alice.mentions(channel, "psst")).text
    assert (await alice.says(fresh.stand.world.direct(alice.id)["id"], "between us")).text == "read [between us]"
    quoted = await alice.uses_context_menu(alice.writes(channel, "given"), "Quote")
    assert quoted.answer.text == "> given"
    heard = [one.body for one in fresh.stand.record.entries if one.kind == "sent" and one.name == "MESSAGE_CREATE"]
    mine = [one for one in heard if one["author"]["id"] == fresh.stand.world.bot["id"]]
    assert "read []" in {one["content"] for one in mine}


async def test_shards_share_the_events(fresh: House) -> None:
    """Two shards identify; the server's events come to one of them, direct messages to the first, none twice."""
    fresh.stand.gateway.shards = 2
    await fresh.start(intents=UNPRIVILEGED | CONTENT)
    await fresh.stand.record.until(lambda: len(fresh.stand.gateway.sessions) == 2, "two sessions", 20)
    alice, channel = person(fresh.stand, "alice"), fresh.stand.world.add_channel("help")["id"]
    direct = fresh.stand.world.direct(alice.id)["id"]
    for place in (channel, direct):
        await alice.says(place, "hello")
        await alice.until(place, lambda _seen: True, "an answer")
    await asyncio.sleep(0.1)  # in which a second answer would come
    assert [len(alice.sees(place)) for place in (channel, direct)] == [1, 1]


async def test_dead_connection_is_noticed(fresh: House) -> None:
    """Heartbeats without acknowledgement: the bot connects again by itself."""
    fresh.stand.gateway.interval_s = 0.2
    await fresh.start(intents=UNPRIVILEGED)
    fresh.stand.gateway.deaf = True
    await fresh.stand.record.until(lambda: fresh.stand.record.received("RESUME"), "a new connection", 10)
    fresh.stand.gateway.deaf = False


async def test_closed_gateway_refuses_connections() -> None:
    """Until it is opened nobody can connect."""
    async with Standin(gateway_open=False) as stand, _client() as client:
        with pytest.raises(aiohttp.ClientConnectorError):
            await client.ws_connect(stand.gateway_url)
        await stand.open_gateway()
        async with client.ws_connect(stand.gateway_url) as socket:
            assert (await socket.receive_json())["op"] == 10


async def test_gateway_speaks_to_any_client() -> None:
    """HELLO, acknowledged heartbeats, compression if wanted, members on request, refusal of what is unknown."""
    async with Standin() as stand, _client() as client:
        ann = person(stand, "ann")
        async with client.ws_connect(f"{stand.gateway_url}?compress=zlib-stream") as socket:
            inflate = zlib.decompressobj()

            async def hear() -> dict[str, Any]:
                heard: dict[str, Any] = json.loads(inflate.decompress((await socket.receive()).data))
                return heard

            assert (await hear())["op"] == 10
            await socket.send_json({"op": 1, "d": None})
            assert (await hear())["op"] == 11
            await socket.send_json({"op": 2, "d": {"token": TOKEN, "intents": GUILDS}})
            assert [(await hear())["t"], (await hear())["t"]] == ["READY", "GUILD_CREATE"]
            await socket.send_json({"op": 8, "d": {"guild_id": stand.world.guild, "user_ids": ann.id}})
            chunk = await hear()
            assert [one["user"]["id"] for one in chunk["d"]["members"]] == [ann.id]
        for operation, told in (
            ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
            ({"op": 6, "d": {"token": TOKEN, "session_id": "0", "seq": 1}}, {"op": 9, "d": False}),
        ):
            async with client.ws_connect(stand.gateway_url) as socket:
                await socket.receive_json()
                await socket.send_json(operation)
                answer = await socket.receive()
                assert (answer.data if isinstance(told, int) else json.loads(answer.data)) == told


def _client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(headers={"Authorization": f"Bot {TOKEN}"})


async def _get(client: aiohttp.ClientSession, stand: Standin, path: str) -> dict[str, Any]:
    async with client.get(stand.api_url + path) as reply:
        found: dict[str, Any] = await reply.json()
        return found
