"""What keeps the bot running: what restarts it, after how long, and when does nothing?

discord.py ends for good when its first connection fails or a Discord event breaks a parser; both are temporary.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import signal
from collections.abc import Callable
from socket import gaierror

import aiohttp
import discord

from bot.ports import StoreRefused

log = logging.getLogger(__name__)

STOPPED, GAVE_UP, REFUSED = 0, 1, 2
FIRST_PAUSE_S = 1.0
LONGEST_PAUSE_S = 300.0
STEADY_AFTER_S = 60.0
"""After running this long the count starts again."""
MOST_FAILURES = 20
_AWAY = (aiohttp.ClientConnectionError, ConnectionError, TimeoutError, gaierror, discord.DiscordServerError)
"""Somebody else is away, which is all there is to know: where in the code that was noticed helps nobody."""


class Supervisor:
    """Runs one client after another until somebody stops it or Discord refuses for good."""

    def __init__(
        self,
        make: Callable[[], discord.Client],
        token: str,
        *,
        first_pause_s: float = FIRST_PAUSE_S,
        most_failures: int = MOST_FAILURES,
    ) -> None:
        self._make = make
        self._token = token
        self._first_pause_s = first_pause_s
        self._most_failures = most_failures
        self._stop = asyncio.Event()

    async def run(self) -> int:
        """Run; return the exit code."""
        self._listen_for_signals()
        failures = 0
        loop = asyncio.get_running_loop()
        while not self._stop.is_set():
            started = loop.time()
            code = await self._once()
            if code is not None:
                return code
            failures = 1 if loop.time() - started > STEADY_AFTER_S else failures + 1
            if failures >= self._most_failures:
                log.error("gave up after %d failures in a row", failures)
                return GAVE_UP
            await self._pause(failures)
        return STOPPED

    async def _once(self) -> int | None:
        """Run one client to its end; None: try again."""
        client = self._make()
        running = asyncio.ensure_future(client.start(self._token))
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait((running, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not running.done():
                log.info("stopping")
                return STOPPED
            return _judge(running)
        finally:
            stopping.cancel()
            with contextlib.suppress(Exception):
                await client.close()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError, Exception):
                await running

    def _listen_for_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            with contextlib.suppress(NotImplementedError, RuntimeError):
                loop.add_signal_handler(number, self._stop.set)

    async def _pause(self, failures: int) -> None:
        seconds = min(LONGEST_PAUSE_S, self._first_pause_s * 2 ** (failures - 1)) * (0.5 + random.random() / 2)  # noqa: S311
        log.warning("trying again in %.0f s", seconds)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)


def _judge(running: asyncio.Future[None]) -> int | None:
    """Tell what the end of a client means."""
    error = running.exception()
    match error:
        case None:
            log.warning("the connection ended")
            return None
        case discord.LoginFailure():
            log.error("Discord does not take this token. Reset it in the developer portal and set it anew.")
            return REFUSED
        case discord.PrivilegedIntentsRequired():
            log.error(
                "Discord does not grant the message content intent. Switch it on in the developer portal, "
                "or set FIVEOHTWO_DISCORD_MESSAGE_CONTENT=false."
            )
            return REFUSED
        case StoreRefused():
            return REFUSED  # the client's maker was told why
        case _ if isinstance(error, _AWAY):
            log.error("no connection: %s: %s", type(error).__name__, error)
            return None
        case _:
            log.error("the bot failed: %s", type(error).__name__, exc_info=error)
            return None
