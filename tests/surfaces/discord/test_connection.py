"""Does the bot know whether it is connected to Discord?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import discord
import pytest
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.surfaces.discord.connection import is_connected
from standin.server import TOKEN, Standin


@pytest.fixture
async def stand(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Standin]:
    """Return Discord's side, and point discord.py at it."""
    async with Standin() as standing:
        monkeypatch.setattr(Route, "BASE", standing.api_url)
        monkeypatch.setattr(DiscordWebSocket, "DEFAULT_GATEWAY", yarl.URL(standing.gateway_url))
        yield standing


async def until(client: discord.AutoShardedClient, *, connected: bool) -> None:
    for _ in range(20_000):
        if is_connected(client) is connected:
            return
        await asyncio.sleep(0.001)
    raise AssertionError(f"never {connected=}")


async def test_connection_is_known_as_it_comes_and_goes(stand: Standin) -> None:
    """There is none before READY, nor while a broken one is re-established; else there is, until the client closes."""
    client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), guild_ready_timeout=0, shard_count=2)
    assert not is_connected(client)
    running = asyncio.ensure_future(client.start(TOKEN))
    try:
        await until(client, connected=True)
        await stand.gateway.drop(4000)
        await until(client, connected=False)
        await until(client, connected=True)
        await client.close()
        assert not is_connected(client)
    finally:
        await client.close()
        await asyncio.gather(running, return_exceptions=True)
