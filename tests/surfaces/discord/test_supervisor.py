"""Does the bot come back after failures that pass, and stop for those that do not?"""

from __future__ import annotations

import asyncio
import os
import signal
from typing import Any, ClassVar

import aiohttp
import discord
import pytest

from bot.ports import StoreRefused
from bot.surfaces.discord.supervisor import GAVE_UP, REFUSED, STOPPED, Supervisor


class Client:
    """A client whose start ends as a test wants; it is closed at the end, whatever happened."""

    made: ClassVar[list[Client]] = []

    def __init__(self, ending: Exception | None) -> None:
        self.ending = ending
        self.started = asyncio.Event()
        self.closed = False
        Client.made.append(self)

    async def start(self, _token: str) -> None:
        self.started.set()
        if isinstance(self.ending, asyncio.TimeoutError):
            await asyncio.sleep(3600)
        if self.ending is not None:
            raise self.ending

    async def close(self) -> None:
        self.closed = True


@pytest.fixture(autouse=True)
def _fresh() -> None:
    Client.made = []


async def run(*endings: Exception | None, **options: Any) -> int:
    left = iter(endings)
    return await Supervisor(lambda: Client(next(left)), "t", first_pause_s=0.001, **options).run()  # type: ignore[arg-type,return-value]


async def test_failure_that_passes_is_tried_again() -> None:
    """A first connection that fails and a parser that breaks each get a new client; a wrong token ends it."""
    code = await run(
        AttributeError("'NoneType' object has no attribute 'sequence'"), KeyError("x"), None, discord.LoginFailure("no")
    )
    assert code == REFUSED
    assert len(Client.made) == 4
    assert all(client.closed for client in Client.made)


async def test_missing_intent_is_told_and_final() -> None:
    """What only the operator can fix is not tried again."""
    assert await run(discord.PrivilegedIntentsRequired(None)) == REFUSED


async def test_refused_store_is_final(caplog: pytest.LogCaptureFixture) -> None:
    """A database that must not be used is told by whoever made the client, and not tried again."""
    assert await run(StoreRefused("of another bot")) == REFUSED
    assert "Traceback" not in caplog.text


async def test_other_side_that_is_away_is_one_line(caplog: pytest.LogCaptureFixture) -> None:
    """While Discord cannot be reached each try says so in a line; what broke inside is shown with its place."""
    refused = ConnectionRefusedError(111, "Connect call failed")
    assert await run(refused, aiohttp.ClientConnectionError("cut"), discord.LoginFailure("no")) == REFUSED
    assert "ConnectionRefusedError: [Errno 111] Connect call failed" in caplog.text
    assert "Traceback" not in caplog.text
    assert await run(KeyError("sequence"), discord.LoginFailure("no")) == REFUSED
    assert "Traceback" in caplog.text


async def test_endless_failure_is_given_up() -> None:
    """After many failures in a row it gives up, with a code that says so."""
    assert await run(*[OSError("x")] * 3, most_failures=3) == GAVE_UP


async def test_signal_stops_gracefully() -> None:
    """SIGTERM closes the client and ends with 0."""
    running = asyncio.ensure_future(run(TimeoutError()))
    await asyncio.sleep(0)
    await asyncio.wait_for(Client.made[0].started.wait(), 5)
    os.kill(os.getpid(), signal.SIGTERM)
    assert await asyncio.wait_for(running, 5) == STOPPED
    assert Client.made[0].closed
