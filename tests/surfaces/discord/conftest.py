"""What do the Discord tests share? A stage of small servers, and a Discord server with the bot in it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from e2e.stage import Stage
from surfaces.discord.discord_world import World, discord_world


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """Return this worker's names and small servers."""
    stage = Stage()
    yield stage
    stage.close()


@pytest.fixture
async def world(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """Return a server with a channel, alice, bob, a moderator, and the bot."""
    async with discord_world(stage, monkeypatch) as world:
        yield world


@pytest.fixture
async def lasting(stage: Stage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[World]:
    """Return a server whose bot keeps its conversations in a file, `bot.sqlite3`."""
    async with discord_world(stage, monkeypatch, database_url=f"sqlite:///{tmp_path}/bot.sqlite3") as world:
        yield world
