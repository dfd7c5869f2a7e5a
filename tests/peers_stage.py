"""Which peers do tests meet? Real ones over a real NATS, each with its own view of the sites, and tricky ones."""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime
from ipaddress import ip_address
from typing import Any

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg

from bot.checks.address import Address
from bot.checks.reach import Reach
from bot.checks.runner import Runner
from bot.checks.vantage.peers.account import Account, account_in
from bot.checks.vantage.peers.answering import Answering, Me
from bot.checks.vantage.peers.asking import Peers
from bot.checks.vantage.peers.serving import Post, Serving
from bot.checks.vantage.peers.terms import Terms
from bot.checks.vantage.peers.turns import Turns
from bot.diagnosis.findings import Failure, Finding, Outcome, Report, Vantage

SUBJECT = "fiveohtwo"
SITE = Address("http", "www.site.test", 80, "/cart")
IPS = (ip_address("127.0.0.2"),)
BROKEN = (
    Finding(check="canary", outcome=Outcome.OK),
    Finding(check="http", outcome=Outcome.FAIL, facts={"status": 502, "url": SITE.shown}),
)
FINE = (Finding(check="http", outcome=Outcome.OK, facts={"status": 200, "url": SITE.shown}),)
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


def now() -> datetime:
    return NOW


def me(place: str = "Frankfurt", **more: str) -> Me:
    return Me(place, uuid.uuid4().hex, "1.2.3", **more)


def asker(reach: Reach, url: str | Account, **terms: Any) -> Peers:
    """Return what asks, quickly."""
    account = url if isinstance(url, Account) else account_in(url)
    return Peers(reach, Terms(account, **({"patience": 5.0} | terms)))


@asynccontextmanager
async def peer(
    reach: Reach, url: str, place: str = "Frankfurt", checker: Any = None, **more: Any
) -> AsyncIterator[Serving]:
    """Run a real peer as a task."""
    answering = Answering(me(place), checker or Runner(reach), Turns(more.get("per_hour", 600)), more.get("now", now))
    answering.counted = more.get("counted", answering.counted)
    serving = Serving(Post(account_in(url), SUBJECT, reach.contexts.web), answering)
    await serving.begin()
    running = asyncio.ensure_future(serving.run())
    try:
        yield serving
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await serving.aclose()


@asynccontextmanager
async def tricky(
    url: str, answer: Callable[[dict[str, Any], Callable[[Any], Awaitable[None]]], Awaitable[None]]
) -> AsyncIterator[Client]:
    """Run a peer that answers as it likes: `answer` gets each question, and sends bytes, or values as JSON."""
    async with AsyncExitStack() as stack:
        client = await nats.connect(url, allow_reconnect=False)
        stack.push_async_callback(client.close)

        async def hear(message: Msg) -> None:
            async def send(said: Any) -> None:
                await client.publish(message.reply, said if isinstance(said, bytes) else json.dumps(said).encode())
                await client.flush()

            await answer(json.loads(message.data), send)

        await client.subscribe(f"{SUBJECT}.ask", cb=hear)
        await client.flush()
        yield client


PROCESS = "c" * 32


def said(question: dict[str, Any], what: str, place: str = "Frankfurt", **more: Any) -> dict[str, Any]:
    """Return an answer as a peer would give it, and changes to it."""
    return {"v": 1, "id": question["id"], "what": what, "place": place, "process": PROCESS} | more


def saw(question: dict[str, Any], status: int = 200, place: str = "Frankfurt", **more: Any) -> dict[str, Any]:
    """Return what a peer saw."""
    outcome = "ok" if status < 500 else "fail"
    findings = [
        {"check": "canary", "outcome": "ok"},
        {"check": "http", "outcome": outcome, "facts": {"status": status}},
    ]
    return said(question, "seen", place, **({"findings": findings} | more))


def statuses(vantages: Sequence[Vantage]) -> dict[str, Any]:
    """Return what each place got, by its name."""
    got = {vantage.name: vantage.gist for vantage in vantages}
    return {name: found and (found.failure or found.facts.get("status")) for name, found in got.items()}


class Looker:
    """A `Checker` whose looks take as long and say as much as a test wants."""

    def __init__(self, *findings: Finding, takes_s: float = 0.0, refusal: str | None = None) -> None:
        self.findings = findings
        self.takes_s = takes_s
        self.refusal = refusal
        self.asked: list[str] = []
        self.given_up = 0

    async def run(self, url: str, *, fresh: bool = False, elsewhere: bool = False, on_finding: Any = None) -> Report:
        self.asked.append(url)
        assert fresh
        assert not elsewhere, "a peer asks nobody in its turn"
        for finding in self.findings:
            on_finding(finding)
        try:
            await asyncio.sleep(self.takes_s)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        own = Vantage(name="local", findings=self.findings)
        return Report(url=url, host="x", checked_at=NOW, elapsed_ms=1, vantages=(own,), refusal=self.refusal)


def check(name: str, outcome: Outcome = Outcome.OK, failure: Failure | None = None, **facts: Any) -> Finding:
    return Finding(check=name, outcome=outcome, failure=failure, facts=facts)


async def until(true: Callable[[], bool], within_s: float = 10.0) -> None:
    """Wait until something is so."""
    for _ in range(round(within_s / 0.02)):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")
