"""Do two processes of the unmodified bot share the servers, one database, and nothing else?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from databases import Server
from e2e.bot_process import BAD_GATEWAY, FINE, PAUSE_S, STARTS_WITHIN_S, Bot, Desk, desk, pause
from e2e.stage import Stage
from standin.people import Person
from standin.seen import Seen

pytestmark = pytest.mark.soak

QUICK = {"watch_first_s": "0.3", "watch_longest_s": "0.5", "watch_good_apart_s": "0.3", "watch_good_answers": "2"}
TOLD_WITHIN_S = 45.0
PLEA = "help, I get 502 Bad Gateway nginx/1.24.0"
SYNC = "PUT /applications/{application_id}/commands"


@dataclass
class Pair:
    """Two servers of two shards, each with a channel and a process."""

    desk: Desk
    bots: tuple[Bot, Bot]
    guilds: tuple[str, str]
    channels: tuple[str, str]

    async def start(self, *shards: int) -> None:
        """Start processes at the same time, and wait until they are online."""
        gateway = self.desk.stand.gateway
        for shard in shards:
            await self.bots[shard].begin("--shard-ids", str(shard), "--shard-count", "2")
        for shard in shards:
            await self.desk.stand.record.until(
                lambda shard=shard: gateway.sessions_of(shard), f"shard {shard} online\n{self.bots[shard].log}",
                STARTS_WITHIN_S,
            )  # fmt: skip

    async def kill(self, shard: int) -> None:
        """Kill a process without a word."""
        await self.bots[shard].kill()
        gateway = self.desk.stand.gateway
        await self.desk.stand.record.until(lambda: not gateway.sessions_of(shard), "offline")

    async def card(self, shard: int, who: Person) -> Seen:
        """Somebody pastes an error in a server; return the card with its verdict."""
        channel = self.channels[shard]
        await who.says(channel, f"{PLEA} at {self.desk.stage.site(f'shop{shard}', BAD_GATEWAY)}cart")
        return await who.until(channel, lambda one: "Guide me" in one.buttons, "a card with a verdict")

    async def guided(self, card: Seen, who: Person) -> Seen:
        """Somebody is guided in a thread; return the panel in it."""
        return (await self.desk.guided(card, who))[1]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """Return a PostgreSQL server."""
    server = Server()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", "postgresql"])
async def pair(request: pytest.FixtureRequest, stage: Stage, tmp_path: Path) -> AsyncIterator[Pair]:
    """Return both processes online on one database, which neither found ready."""
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("server")
        await server.empty_database()
        url = server.url()
    else:
        url = f"sqlite:///{tmp_path}/both.sqlite3"
    for shard in (0, 1):
        (tmp_path / str(shard)).mkdir()
        stage.site(f"shop{shard}", BAD_GATEWAY)
    async with desk(stage, tmp_path, database_url=url, **QUICK) as at:
        world = at.stand.world
        guilds = sorted([world.guild, world.add_guild()], key=lambda guild: (int(guild) >> 22) % 2)
        channels = [world.add_channel("help", guild=guild)["id"] for guild in guilds]
        bots = [Bot(at.stand, tmp_path / str(shard), at.bot.settings) for shard in (0, 1)]
        both = Pair(at, (bots[0], bots[1]), (guilds[0], guilds[1]), (channels[0], channels[1]))
        try:
            await both.start(0, 1)
            yield both
        finally:
            for bot in bots:
                await bot.kill()
        for bot in bots:
            assert "Traceback" not in bot.log, bot.log


async def test_each_serves_its_own_servers(pair: Pair) -> None:
    """IDENTIFY names the shard; events, cards and guides of a server are one process's; direct messages the first's."""
    at = pair.desk
    shards = [entry.body["shard"] for entry in at.stand.record.received("IDENTIFY")]
    assert sorted(shards) == [[0, 2], [1, 2]]
    for shard, who in enumerate((at.alice, at.bob)):
        panel = await pair.guided(await pair.card(shard, who), who)
        await at.presses(panel, "I am visiting it", "Step 1", who)
    direct = at.stand.world.direct(at.alice.id)["id"]
    await at.alice.says(direct, f"502 Bad Gateway nginx/1.24.0 at {at.stage.site('shop0', BAD_GATEWAY)}")
    for entry in (one for one in at.stand.record.entries if one.kind == "sent" and one.name != "READY"):
        guild = entry.body.get("guild_id") or (entry.body["id"] if entry.name == "GUILD_CREATE" else None)
        assert entry.path == f"shard {(int(guild or 0) >> 22) % 2}", entry
    for shard in (0, 1):
        assert f'"guild": {pair.guilds[shard]}' in pair.bots[shard].log
        assert pair.guilds[shard] not in pair.bots[1 - shard].log


async def test_commands_are_told_by_one(pair: Pair) -> None:
    """Only the first shard's process tells Discord the commands, and a restart of either changes none of them."""
    at = pair.desk
    assert len(at.stand.record.requests(SYNC)) == 1
    before = {one["id"] for one in at.stand.world.commands}
    for shard in (1, 0):
        await pair.kill(shard)
        await pair.start(shard)
    assert len(at.stand.record.requests(SYNC)) == 2
    assert {one["id"] for one in at.stand.world.commands} == before
    for channel in pair.channels:
        assert "/check" in (await at.alice.uses_slash(channel, "help")).answer.text


@pytest.mark.parametrize("killed", [0, 1])
async def test_killed_process_comes_back_and_the_other_one_never_noticed(pair: Pair, killed: int) -> None:
    """kill -9 in the middle of a guide: the other server's guide goes on meanwhile, the killed one's afterwards."""
    at, people = pair.desk, (pair.desk.alice, pair.desk.bob)
    panels = []
    for shard, who in enumerate(people):
        panel = await pair.guided(await pair.card(shard, who), who)
        panels.append(await at.presses(panel, "I am visiting it", "Step 1", who))
    other = 1 - killed
    await pair.kill(killed)
    process = pair.bots[other].process
    panels[other] = await at.presses(panels[other], "Skip", "Step 2", people[other])
    people[killed].patience_s = 0.5
    assert (await people[killed].clicks(panels[killed], "Skip")).failed
    people[killed].patience_s = 3.2
    await pair.start(killed)
    panels[killed] = await at.presses(panels[killed], "Skip", "Step 2", people[killed])
    for shard, who in enumerate(people):
        at.stage.answer(f"shop{shard}", FINE)
        await pause(PAUSE_S)
        panel = await at.presses(panels[shard], "Still broken", "Something changed", who)
        await at.presses(panel, "It works", "Good.", who)
        await at.closed(panel.channel, "solved")
    assert pair.bots[other].process is process
    assert process is not None
    assert process.returncode is None
    assert len(at.stand.record.received("IDENTIFY")) == 3


async def test_news_reach_people_of_a_dead_shard_once(pair: Pair) -> None:
    """Whoever asked in a server whose process died is called by the other process, and once."""
    at, channel = pair.desk, pair.channels[1]
    card = await pair.card(1, at.alice)
    assert not (await at.alice.clicks(card, "Tell me when it is back")).failed
    await pair.kill(1)
    at.stage.answer("shop1", FINE)
    await at.bob.until(channel, lambda one: f"<@{at.alice.id}>" in one.text, "a call", TOLD_WITHIN_S)
    await pair.start(1)
    await asyncio.sleep(2.0)
    assert len([one for one in at.bob.sees(channel) if f"<@{at.alice.id}>" in one.text]) == 1


async def test_what_one_forgets_the_other_forgets_too(pair: Pair) -> None:
    """Data of both servers are handed out and deleted by whichever process is asked; the cards go in both."""
    at = pair.desk
    for shard in (0, 1):
        await pair.card(shard, at.alice)
        await pause(0.5)
    await at.alice.uses_slash(pair.channels[0], "privacy", what="export")
    kept = at.stand.record.requests("PATCH /webhooks")[-1].files[0][1]
    assert b"shop0.example.com" in kept
    assert b"shop1.example.com" in kept
    deleted = await at.alice.uses_slash(pair.channels[0], "privacy", what="delete")
    assert "2" in deleted.answer.text
    for channel in pair.channels:
        await at.stand.record.until(lambda channel=channel: not at.bob.sees(channel), "the cards to go")


async def test_server_of_another_shard_is_not_forgotten(pair: Pair) -> None:
    """A process that starts does not know the servers of other shards, and leaves them alone; its own go."""
    at = pair.desk
    for shard in (0, 1):
        await pair.card(shard, at.alice)
        await pause(0.5)
    await pair.kill(0)
    at.stand.world.guilds.remove(pair.guilds[0])
    await pair.start(0)
    await at.stand.record.until(lambda: "removed the bot meanwhile" in pair.bots[0].log, "a server that is forgotten")
    await pause(1.0)
    await at.alice.uses_slash(pair.channels[1], "privacy", what="export")
    kept = at.stand.record.requests("PATCH /webhooks")[-1].files[0][1]
    assert b"shop0.example.com" not in kept
    assert b"shop1.example.com" in kept
