"""What does a peer do with a question? It looks by its own rules, or says that it cannot, or says nothing at all.

Askers are not trusted: the address passes this machine's own guard, looks are counted and bounded here, and answers go
only where askers listen.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bot.checks.unlooked import places_of
from bot.checks.vantage.peers.did import Did
from bot.checks.vantage.peers.names import is_answer_to
from bot.checks.vantage.peers.protocol import (
    VERSION,
    Answer,
    Busy,
    Hello,
    Here,
    Look,
    Looking,
    Seen,
    question_in,
    written,
)
from bot.checks.vantage.peers.told import to_tell
from bot.checks.vantage.peers.turns import Turns
from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.ports import Checker

log = logging.getLogger(__name__)

AT_ONCE = 4
_CHECKS = ("canary", "dns", "tcp", "tls", "http")

Send = Callable[[str, bytes], Awaitable[None]]


@dataclass(frozen=True)
class Me:
    """Who answers."""

    place: str
    process: str
    release: str
    subject: str = "fiveohtwo"


class Answering:
    """Answers questions."""

    def __init__(self, me: Me, checker: Checker, turns: Turns, now: Callable[[], datetime]) -> None:
        self._me = me
        self._checker = checker
        self._turns = turns
        self._now = now
        self._looks: set[asyncio.Task[None]] = set()
        self.counted: Callable[[Did], None] = lambda _did: None

    async def hear(self, data: bytes, reply: str, send: Send) -> None:
        """Take a message; looks go on by themselves. Never raises except on cancellation."""
        question = question_in(data) if is_answer_to(self._me.subject, reply) else None
        if question is None:
            self._count("dropped")
            return

        async def say(answer: Answer) -> None:
            try:
                await send(reply, written(answer))
            except Exception as error:  # noqa: BLE001 - an answer that does not get through is no trouble of ours
                log.debug("an answer was lost: %s", type(error).__name__)

        if question.here is not None and question.here.casefold() == self._me.place.casefold():
            self._count("own")
        elif isinstance(question, Hello):
            await self._greet(question, say)
        else:
            await self._take(question, say)

    def drop(self) -> None:
        """Count a message that was too large to read."""
        self._count("dropped")

    async def aclose(self) -> None:
        """Abandon looks under way."""
        for task in self._looks:
            task.cancel()
        await asyncio.gather(*self._looks, return_exceptions=True)

    async def _greet(self, hello: Hello, say: Callable[[Answer], Awaitable[None]]) -> None:
        if not self._turns.may_answer():
            self._count("busy")
            return
        self._count("hello")
        await say(Here(**self._head(hello.id), at=self._now(), release=self._me.release))

    async def _take(self, look: Look, say: Callable[[Answer], Awaitable[None]]) -> None:
        host = (urlsplit(look.url).hostname or "") if _reads(look.url) else ""
        if len(self._looks) >= AT_ONCE or not self._turns.may_look(host):
            self._count("busy")
            await say(Busy(**self._head(look.id)))
            return
        task = asyncio.ensure_future(self._look(look, say))
        self._looks.add(task)
        task.add_done_callback(self._looks.discard)

    async def _look(self, look: Look, say: Callable[[Answer], Awaitable[None]]) -> None:
        found: dict[str, Finding] = {}

        def note(finding: Finding) -> None:
            found[finding.check] = finding

        await say(Looking(**self._head(look.id)))
        try:
            async with asyncio.timeout(look.within_s):
                report = await self._checker.run(look.url, fresh=True, on_finding=note)
            findings = report.local.findings
        except TimeoutError:
            findings = _until_now(found)
        except Exception as error:  # noqa: BLE001 - whatever it is: the asker waits for an answer
            log.error("a look for another place broke: %s", places_of(error))  # noqa: TRY400 - its words may be somebody's
            findings = ()
        did, told = _told(findings)
        self._count(did)
        head = self._head(look.id)
        await say(Seen(**head, findings=to_tell(told)) if told else Busy(**head))

    def _head(self, question: str) -> dict[str, Any]:
        return {"v": VERSION, "id": question, "place": self._me.place, "process": self._me.process}

    def _count(self, did: Did) -> None:
        log.info("asked", extra={"did": did})
        self.counted(did)


def _reads(url: str) -> bool:
    try:
        urlsplit(url)
    except ValueError:
        return False
    return True


def _until_now(found: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """Return what was seen when the time was up; nothing, if it was up before anything could be known."""
    if "canary" not in found or "dns" not in found:
        return ()
    late = Finding(check="http", outcome=Outcome.FAIL, failure=Failure.DEADLINE)
    seen = {"http": late, **found}
    return tuple(seen[check] for check in _CHECKS if check in seen)


def _told(findings: tuple[Finding, ...]) -> tuple[Did, tuple[Finding, ...]]:
    """Return what is said, and how it is counted: a place that sees nothing by its own fault says only that."""
    by_name = {finding.check: finding for finding in findings}
    canary, http = by_name.get("canary"), by_name.get("http")
    if canary is not None and canary.outcome is Outcome.FAIL:
        return "blind", (canary,)
    if http is not None and http.failure is Failure.REFUSED_ADDRESS:
        return "refused", (http,)
    return ("looked" if findings else "busy"), findings
