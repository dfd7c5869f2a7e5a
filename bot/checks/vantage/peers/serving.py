"""How does a peer stay where questions come? Once connected it comes back by itself, however long NATS is away."""

from __future__ import annotations

import asyncio
import logging
import ssl
from dataclasses import dataclass

from nats.aio.msg import Msg

from bot.checks.vantage.peers.account import Account
from bot.checks.vantage.peers.answering import AT_ONCE, Answering
from bot.checks.vantage.peers.link import RETRY_S, Connection, UnreachableError, closed, lasting, opened
from bot.checks.vantage.peers.names import questions
from bot.checks.vantage.peers.protocol import MAX_QUESTION

log = logging.getLogger(__name__)

LOST_S = 120.0
"""A connection that is not back after this time is thrown away, and a new one is made."""
LONGEST_PAUSE_S = 60.0
_LOOKS_UP_S = 5.0
_ROOM = 16 * AT_ONCE
"""Messages that may wait to be handled; handling one takes no time."""
AWAY = "not connected to NATS"
NOT_HEARING = "NATS does not let this process listen"


@dataclass(frozen=True)
class Post:
    """Where a peer listens."""

    account: Account
    subject: str
    context: ssl.SSLContext


class Serving:
    """One peer, from its first connection on."""

    def __init__(self, post: Post, answering: Answering) -> None:
        self._post = post
        self._answering = answering
        self._connection: Connection | None = None

    @property
    def obstacle(self) -> str | None:
        """What keeps questions from coming, None if nothing does."""
        connection = self._connection
        if connection is None or not connection.is_connected:
            return AWAY
        return None if connection.may_listen else NOT_HEARING

    async def begin(self) -> None:
        """Connect and listen. Raises UnreachableError: what does not work at the start is misconfigured."""
        self._connection = await self._listening()

    async def run(self) -> None:
        """Stay connected until cancelled."""
        while True:
            connection = self._connection
            if connection is not None:
                await _until_lost(connection)
                log.warning("%s; trying again", AWAY)
                await closed(connection)
            self._connection = await self._again()
            log.warning("connected to NATS again")

    async def aclose(self) -> None:
        """Leave; looks under way are abandoned."""
        await self._answering.aclose()
        if self._connection is not None:
            await closed(self._connection)

    async def _again(self) -> Connection:
        pause_s = float(RETRY_S)
        while True:
            await asyncio.sleep(pause_s)
            try:
                return await self._listening()
            except UnreachableError as error:
                log.info("still %s: %s", AWAY, error)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)

    async def _listening(self) -> Connection:
        post = self._post
        connection = await opened(
            post.account, post.subject, post.context, name="fiveohtwo peer", dropped=self._answering.drop
        )

        async def hear(message: Msg) -> None:
            await self._answering.hear(message.data, message.reply, connection.publish)

        try:
            await connection.subscribe(
                questions(post.subject), cb=hear, pending_msgs_limit=_ROOM, pending_bytes_limit=_ROOM * MAX_QUESTION
            )
            # nats-py may send the first PING before the subscription, so only the second PONG follows its refusal.
            await connection.flush()
            await connection.flush()
        except Exception as error:
            await closed(connection)
            raise UnreachableError(AWAY if connection.may_listen else NOT_HEARING) from error
        if not connection.may_listen:
            await closed(connection)
            raise UnreachableError(NOT_HEARING)
        return lasting(connection)


async def _until_lost(connection: Connection) -> None:
    """Wait until a connection is closed for good, or away for too long to come back by itself."""
    loop = asyncio.get_running_loop()
    well_at = loop.time()
    while not connection.gone.is_set() and loop.time() - well_at < LOST_S:
        if connection.is_connected:
            well_at = loop.time()
        try:
            async with asyncio.timeout(_LOOKS_UP_S):
                await connection.gone.wait()
        except TimeoutError:
            continue
