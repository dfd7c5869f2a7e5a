"""How does a site look from a few places of Globalping's network of volunteers?

    failed look -> question (may they be told?) -> ration -> POST /v1/measurements -> GET ... until it is over

A place that says nothing usable is left out; when anything goes wrong there are fewer places, and the check goes on.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from pydantic import JsonValue

from bot.checks.address import Address
from bot.checks.page import Reader
from bot.checks.reach import Reach
from bot.checks.vantage.answer import PLACES, is_over, vantages_of
from bot.checks.vantage.api import Access, Answer, Api
from bot.checks.vantage.question import IP, Question, failed, question_of
from bot.checks.vantage.ration import Ration
from bot.diagnosis.findings import Finding, Vantage

log = logging.getLogger(__name__)

CONTINENTS: tuple[dict[str, JsonValue], ...] = tuple({"continent": name, "limit": 1} for name in ("EU", "NA", "AS"))
"""One place in each: where most probes are, and far from each other."""
PROBE_PATIENCE_S = 5
"""After this long a place gives up: the least that the API accepts."""
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Terms:
    """How much, and how long. All times are in seconds."""

    access: Access = field(default_factory=Access)
    per_hour: int = 60
    """Measurements, each of which counts once for every place; without an account 250 tests an hour are free."""
    patience: float = 8.0
    """For everything together: what a place has said by then counts."""
    pause: float = 0.5
    """Between an answer and the next question about the same measurement: the API's own advice."""


class Globalping:
    """Asks, within limits. Never raises except on cancellation."""

    def __init__(self, reach: Reach, reader: Reader, terms: Terms | None = None) -> None:
        self._reach = reach
        self._reader = reader
        self._terms = terms or Terms()
        self._api = Api(self._terms.access, reach.contexts.web)
        self._ration = Ration(self._terms.per_hour, reach.monotonic)

    async def look(self, address: Address, ips: Iterable[IP], findings: Iterable[Finding]) -> tuple[Vantage, ...]:
        """Return what other places see of an address whose look failed; nothing if none need or may be asked."""
        findings = tuple(findings)
        if not failed(findings) or self._ration.silent:
            return ()
        told: list[Any] = []
        question = None
        try:
            async with asyncio.timeout(self._terms.patience):
                question = await question_of(address, ips, findings, self._reach)
                if question is not None and self._ration.take():
                    await self._measure(question, told)
        except Exception as error:  # noqa: BLE001 - whatever it is, the bot's own look stands
            log.debug("globalping: %s", type(error).__name__)  # never the address, nor a text from outside
        if question is None or not told:
            return ()
        return await self._read(told[-1], question)

    async def _read(self, shape: Any, question: Question) -> tuple[Vantage, ...]:
        try:
            # In a thread: recognising error pages takes a while, and other checks are under way.
            return await asyncio.to_thread(vantages_of, shape, question.address, self._reader)
        except Exception as error:  # noqa: BLE001 - see `look`
            log.debug("globalping: %s", type(error).__name__)
            return ()

    async def _measure(self, question: Question, told: list[Any]) -> None:
        """Ask, and note each state of the measurement until it is over."""
        async with self._api.client() as client:
            created = await self._api.create(client, question.body(CONTINENTS, PROBE_PATIENCE_S))
            self._heed(created)
            name = created.shape.get("id") if isinstance(created.shape, Mapping) else None
            if created.status == 202 and isinstance(name, str) and _ID.fullmatch(name):
                await self._poll(client, name, told)
            else:
                log.debug("globalping: answered %d", created.status)

    async def _poll(self, client: httpx.AsyncClient, name: str, told: list[Any]) -> None:
        etag: str | None = None
        while not self._ration.silent:
            answer = await self._api.measurement(client, name, etag)
            self._heed(answer)
            if answer.status == 200:
                told[:] = [answer.shape]
                etag = answer.headers.get("etag")
                if is_over(answer.shape):
                    return
            elif answer.status != 304:
                log.debug("globalping: answered %d", answer.status)
                return
            await asyncio.sleep(self._terms.pause)

    def _heed(self, answer: Answer) -> None:
        """Be silent for as long as the service wants, before it has to say so."""
        left, reset_s = answer.seconds("x-ratelimit-remaining"), answer.seconds("x-ratelimit-reset")
        if answer.status == 429:
            named_s = answer.seconds("retry-after")
            self._ration.refused(reset_s if named_s is None else named_s)
        elif left is not None and left < PLACES:
            self._ration.spent(reset_s)
