"""How is NATS reached? By nats-py, within bounds, and over TLS where the operator wrote tls://.

This module imports the library; only what asks or answers peers imports this one.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

from nats import errors
from nats.aio.client import Client

from bot.checks.vantage.peers.account import Account, seed_in
from bot.checks.vantage.peers.names import answers

log = logging.getLogger(__name__)

CONNECT_S = 3
"""For all servers together, including name look-up, TLS and login."""
CLOSE_S = 0.5
RETRY_S = 2
_PING_S = 20
NOT_TAKEN = "the server does not take the credentials"
NOT_ENCRYPTED = "the server offers no encryption, and tls:// demands it"
NOT_TRUSTED = "the server's certificate is not trusted"
NO_ANSWER = "no server answers"

Dropped = Callable[[], None]


class UnreachableError(Exception):
    """NATS cannot be used; the text says why, and holds no address and no secret."""


class Connection(Client):
    """A client that reports its troubles to nobody but us, and never logs in unencrypted where it should not."""

    def __init__(self, account: Account, dropped: Dropped | None = None) -> None:
        super().__init__()
        self._account = account
        self._dropped = dropped
        self.gone = asyncio.Event()
        """The connection is closed for good."""
        self._at_end: list[Callable[[], None]] = []
        self.trouble: Exception | None = None
        """The newest."""

        self.may_listen = self.may_speak = True
        """Until the server refuses it."""

    async def _process_info(self, info: dict[str, Any], initial_connection: bool = False) -> None:
        # nats-py encrypts when the server demands it, not when the address does; it is about to send the password.
        if self._account.encrypted and not info.get("tls_required"):
            raise errors.SecureConnWantedError
        await super()._process_info(info, initial_connection)

    async def note(self, error: Exception) -> None:
        """Note a trouble."""
        self.trouble = error
        refused = str(error).lower().partition("permissions violation for ")[2]
        self.may_listen &= not refused.startswith("subscription")
        self.may_speak &= not refused.startswith("publish")
        if refused:
            log.warning("NATS does not let this process %s", "listen" if refused.startswith("s") else "speak")
        if isinstance(error, errors.SlowConsumerError) and self._dropped is not None:
            self._dropped()
        log.debug("nats: %s", type(error).__name__)  # never its text: it may name servers and users

    def at_end(self, tell: Callable[[], None]) -> None:
        """Tell when the connection is closed for good."""
        self._at_end.append(tell)

    async def lost(self) -> None:
        """Tell that a lasting connection is away for now."""
        if self.is_reconnecting:
            log.warning("not connected to NATS; trying again")

    async def back(self) -> None:
        """Tell that it is there again."""
        log.warning("connected to NATS again")

    async def end(self) -> None:
        """Note the end."""
        self.gone.set()
        for tell in self._at_end:
            tell()


async def opened(
    account: Account, subject: str, context: ssl.SSLContext, *, name: str, dropped: Dropped | None = None
) -> Connection:
    """Connect. Failure to do so at once raises UnreachableError; a lost connection is not re-established."""
    connection = Connection(account, dropped)
    try:
        async with asyncio.timeout(CONNECT_S):
            await connection.connect(
                list(account.servers), name=name, tls=context,
                inbox_prefix=answers(subject), allow_reconnect=False, max_reconnect_attempts=1, reconnect_time_wait=0,
                connect_timeout=CONNECT_S, ping_interval=_PING_S,
                error_cb=connection.note, disconnected_cb=connection.lost,
                reconnected_cb=connection.back, closed_cb=connection.end,
                **_known_by(account),
            )  # fmt: skip
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told in our own words
        await closed(connection)
        raise UnreachableError(_why(error, connection.trouble)) from None
    except BaseException:
        await closed(connection)
        raise
    return connection


def lasting(connection: Connection) -> Connection:
    """Let a connection that has once succeeded be re-established whenever it is lost, by the library's own means."""
    connection.options |= {
        "allow_reconnect": True,
        "max_reconnect_attempts": -1,
        "reconnect_time_wait": RETRY_S,
    }
    return connection


async def closed(connection: Connection) -> None:
    """Close it; a server that hangs is not waited for."""
    with suppress(Exception):
        async with asyncio.timeout(CLOSE_S):
            await connection.close()


@asynccontextmanager
async def lent(account: Account, subject: str, context: ssl.SSLContext, name: str) -> AsyncIterator[Connection]:
    """Connect for a moment."""
    connection = await opened(account, subject, context, name=name)
    try:
        yield connection
    finally:
        await closed(connection)


def _known_by(account: Account) -> dict[str, Any]:
    if account.credentials is not None:
        try:
            seed = seed_in(account.credentials)
        except ValueError as error:
            raise UnreachableError(str(error)) from None
        return {"user_credentials": str(account.credentials)} if seed is None else {"nkeys_seed_str": seed}
    return {"user": account.user, "password": account.password, "token": account.token}


def _why(error: Exception, trouble: Exception | None) -> str:
    """Say it in our own words."""
    if isinstance(error, UnreachableError):
        return str(error)
    known = [error, trouble]
    if any(isinstance(each, errors.SecureConnWantedError) for each in known):
        return NOT_ENCRYPTED
    if any(isinstance(each, ssl.SSLError) for each in known):
        return NOT_TRUSTED
    if any(isinstance(each, errors.AuthorizationError) or "authorization" in str(each).lower() for each in known):
        return NOT_TAKEN
    if isinstance(error, errors.Error | OSError | TimeoutError):
        return NO_ANSWER
    return NOT_TAKEN if type(error).__module__.startswith(("nkeys", "nacl")) else NO_ANSWER
