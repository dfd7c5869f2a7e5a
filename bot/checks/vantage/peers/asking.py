"""How are peers asked, and how long are they waited for?

Like Globalping they are asked only about a look that failed, and are told nothing about a person, nor user information,
query or fragment. What depends on a query is not asked at all: it may be somebody's own, and an answer to the path
alone would say nothing about it. The path is sent, since the machines are the operator's, each makes the check that is
made here, and many sites fail on some paths only. What the operator opened for the guard here may be asked, too;
whether a peer goes there is for its own guard to say.

There is a connection for each question and no longer: a failed look is rare. A NATS that does not answer is left alone
for a while, so that not every look waits for it in vain.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import NamedTuple

from nats import errors
from nats.aio.msg import Msg

from bot.checks.address import Address
from bot.checks.reach import Reach
from bot.checks.vantage.peers.heard import Heard
from bot.checks.vantage.peers.link import Connection, UnreachableError, lent
from bot.checks.vantage.peers.names import questions
from bot.checks.vantage.peers.protocol import LONGEST_S, MAX_ANSWER, VERSION, Hello, Look, Question, written
from bot.checks.vantage.peers.terms import MOST_PLACES, Terms
from bot.checks.vantage.question import IP, failed
from bot.diagnosis.findings import Finding, Vantage

log = logging.getLogger(__name__)

HEARD_WITHIN_S = 1.0
"""Peers that are there say so within this time."""
ON_THE_WAY_S = 0.5
"""For the transit of an answer: a peer is done this much sooner."""
SILENCE_S = 30.0
_NAME = "fiveohtwo asks"
_NOBODY_LISTENS = "503"


class Present(NamedTuple):
    """A peer that is there."""

    place: str
    off_s: float
    """How far its clock is ahead of ours."""
    release: str


class Roll(NamedTuple):
    """Who is there."""

    peers: tuple[Present, ...]
    twins: tuple[str, ...]
    """Names that more than one has, or that are this place's."""
    strange: int
    """Answers that were not understood."""
    may_ask: bool
    """The server lets this process ask and listen."""


class Peers:
    """Asks, within limits. Never raises except on cancellation."""

    def __init__(self, reach: Reach, terms: Terms) -> None:
        self._reach = reach
        self._terms = terms
        self._silent_until = float("-inf")

    async def look(self, address: Address, ips: Iterable[IP], findings: Iterable[Finding]) -> tuple[Vantage, ...]:
        """Return what peers see of an address whose look failed; nothing if none need or may be asked.

        `ips` are the addresses that the name led to, all of them passed by the guard here.
        """
        askable = failed(findings) and "?" not in address.target and any(True for _ in ips)
        if not askable or self._reach.monotonic() < self._silent_until:
            return ()
        heard, loop = _heard(self._terms), asyncio.get_running_loop()
        until = loop.time() + self._terms.patience
        try:
            async with asyncio.timeout_at(until), self._lent() as connection:
                within_s = min(max(until - loop.time() - ON_THE_WAY_S, 0.1), LONGEST_S)
                look = Look(v=VERSION, id=heard.question, url=address.url, within_s=within_s, here=self._terms.here)
                await _ask(connection, self._terms.subject, look, Asked(heard, until))
        except UnreachableError as error:
            self._silent_until = self._reach.monotonic() + SILENCE_S
            log.warning("peers cannot be asked: %s", error)
        except Exception as error:  # noqa: BLE001 - whatever it is, the bot's own look stands
            log.debug("peers: %s", type(error).__name__)  # never the address, nor a text from outside
        return heard.vantages()

    async def roll(self, now: Callable[[], datetime]) -> Roll:
        """Call the roll. Raises UnreachableError."""
        heard = _heard(self._terms)
        async with self._lent() as connection:
            sent = now()
            arrived: dict[str, datetime] = {}

            def note() -> None:
                for each in heard.present():
                    arrived.setdefault(each.place, now())

            hello = Hello(v=VERSION, id=heard.question, here=self._terms.here)
            try:
                until = asyncio.get_running_loop().time() + HEARD_WITHIN_S
                await _ask(connection, self._terms.subject, hello, Asked(heard, until, note))
            except (errors.Error, OSError) as error:
                log.debug("peers: %s", type(error).__name__)
            may_ask = connection.may_listen and connection.may_speak
        peers = tuple(
            Present(each.place, (each.at - sent - (arrived[each.place] - sent) / 2).total_seconds(), each.release)
            for each in heard.present()
        )
        return Roll(peers, tuple(sorted(heard.twins)), heard.strange, may_ask)

    def _lent(self) -> AbstractAsyncContextManager[Connection]:
        return lent(self._terms.account, self._terms.subject, self._reach.contexts.web, _NAME)


class Asked(NamedTuple):
    """What happens to one question."""

    heard: Heard
    until: float
    """By the loop's clock."""
    note: Callable[[], None] = lambda: None
    """Told after each answer."""


def _heard(terms: Terms) -> Heard:
    return Heard(uuid.uuid4().hex, terms.here, terms.most)


async def _ask(connection: Connection, subject: str, question: Question, asked: Asked) -> None:
    """Ask, and take answers until all who are there have answered, or time is up. Raises what nats-py raises."""
    loop, heard = asyncio.get_running_loop(), asked.heard
    room = 2 * MOST_PLACES
    messages: asyncio.Queue[Msg | None] = asyncio.Queue()

    async def hear(message: Msg) -> None:
        messages.put_nowait(message)

    connection.at_end(lambda: messages.put_nowait(None))
    inbox = connection.new_inbox()
    await connection.subscribe(inbox, cb=hear, pending_msgs_limit=room, pending_bytes_limit=room * MAX_ANSWER)
    await connection.publish(questions(subject), written(question), reply=inbox)
    known_at = loop.time() + HEARD_WITHIN_S
    while not heard.full and (now := loop.time()) < asked.until and (now < known_at or not heard.complete):
        try:
            # Not the library's own `next_msg`: before Python 3.12 it may swallow the end of the time.
            async with asyncio.timeout_at(min(known_at, asked.until) if heard.complete else asked.until):
                message = await messages.get()
        except TimeoutError:
            continue
        if message is None or (message.headers or {}).get("Status") == _NOBODY_LISTENS:
            return
        heard.take(message.data)
        asked.note()
