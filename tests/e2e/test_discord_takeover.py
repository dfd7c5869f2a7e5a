"""Does another process go on with a shard whose process was killed, and leave it alone when that one is back?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.engine.duty import LEASE_S, SIGN_EVERY_S
from e2e.bot_process import BAD_GATEWAY, FINE, Bot, Desk, desk
from e2e.stage import SILENCE, Stage
from standin.seen import Seen

pytestmark = pytest.mark.soak
PATIENCE_S = LEASE_S + 2 * SIGN_EVERY_S + 15.0


class Pair:
    """Two processes, each connected to half of the servers, on one database; ours is in the first one's half."""

    def __init__(self, at: Desk, other: Bot) -> None:
        self.at = at
        self.other = other
        half = (int(at.stand.world.guild) >> 22) % 2
        self._halves = {id(at.bot): half, id(other): 1 - half}

    async def start(self, bot: Bot) -> None:
        await bot.start("--shard-ids", str(self._halves[id(bot)]), "--shard-count", "2")


@pytest.fixture
async def pair(stage: Stage, tmp_path: Path) -> AsyncIterator[Pair]:
    database = f"sqlite:///{tmp_path}/shared.sqlite3"
    homes = [tmp_path / "first", tmp_path / "second"]
    for home in homes:
        home.mkdir()
    async with desk(stage, homes[0], database_url=database, check_deadline_s="20") as at:
        other = Bot(at.stand, homes[1], at.bot.settings)
        pair = Pair(at, other)
        try:
            await pair.start(at.bot)
            await pair.start(other)
            yield pair
        finally:
            await other.kill()


async def cut_off(pair: Pair) -> Seen:
    """Kill the first process while it looks at the site that alice pasted; return the card that it left."""
    at = pair.at
    site = at.site(SILENCE)
    card = await at.alice.says(at.channel, f"help, I get 502 Bad Gateway nginx/1.24.0 at {site}cart")
    await asyncio.to_thread(at.stage.wait_for_request, "shop")
    await at.bot.kill()
    at.stage.answer("shop", BAD_GATEWAY)
    return card


async def test_look_of_the_dead_is_done_by_the_living(pair: Pair) -> None:
    """The card that was left in the middle of a look gets its verdict from the other process, and no second card."""
    at = pair.at
    card = await cut_off(pair)
    before = len(at.bob.sees(at.channel))
    await at.alice.until(
        at.channel, lambda one: one.id == card.id and "Guide me" in one.buttons, "a verdict", PATIENCE_S
    )
    assert len(at.bob.sees(at.channel)) == before
    assert "nobody answers for these shards" in pair.other.log


async def test_shard_that_is_back_is_left_to_its_process(pair: Pair) -> None:
    """Its own process resumes everything at once; the other one learns of it, and nothing is said twice."""
    at = pair.at
    card = await cut_off(pair)
    at.stage.answer("shop", FINE)
    await pair.start(at.bot)
    seen = await at.alice.until(
        at.channel, lambda one: one.id == card.id and "Guide me" in one.buttons, "a verdict", LEASE_S - SIGN_EVERY_S
    )
    assert "nobody answers" not in pair.other.log
    thread, _ = await at.guided(seen)
    assert len([one for one in at.bob.sees(thread) if one.buttons]) == 1


async def test_shard_of_a_stopped_process_is_taken_on_before_its_lease(pair: Pair) -> None:
    """A process that ends in good order says so: nobody waits half a minute for it."""
    assert await pair.at.bot.stop() == 0
    for _ in range(int(SIGN_EVERY_S + 5)):
        if "nobody answers for these shards" in pair.other.log:
            return
        await asyncio.sleep(1)
    raise AssertionError(pair.other.log)
