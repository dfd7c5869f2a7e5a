"""What does Globalping's interface answer, within bounds? (https://api.globalping.io, version 1)

Its answers come from strangers' machines and hold what strangers' servers sent: they are read up to a limit, compressed
or not, and only parsed here.
"""

from __future__ import annotations

import json
import re
import ssl
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from bot.checks.limits import own_user_agent

BASE = "https://api.globalping.io"
MAX_ANSWER = 512 * 1024
"""Bytes, compressed and not: three places with 10 kB of body and headers each, sent twice, are a third of it."""
_SECONDS = re.compile(r"[0-9]{1,10}")
_MAX_ETAG = 256
_GZIP = 31
"""zlib's value for gzip."""


class TooLargeError(Exception):
    """An answer beyond the limit."""


@dataclass(frozen=True)
class Access:
    """Where the interface is, and who asks."""

    base: str = BASE
    token: str | None = field(default=None, repr=False)
    """For an account with a higher limit."""
    user_agent: str = field(default_factory=own_user_agent)


class Answer(NamedTuple):
    """One answer."""

    status: int
    headers: httpx.Headers
    shape: Any
    """The JSON that came (hostile), or None."""

    def seconds(self, name: str) -> float | None:
        """Return a header that holds a number (of seconds, of remaining tests), or None."""
        text = self.headers.get(name, "").strip()
        return float(text) if _SECONDS.fullmatch(text) else None


class Api:
    """Asks. One client is shared by all questions under way, and closed with the last of them."""

    def __init__(self, access: Access, context: ssl.SSLContext) -> None:
        self._access = access
        self._context = context
        self._client: httpx.AsyncClient | None = None
        self._users = 0

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        """Lend the client."""
        client = self._client = self._client or self._made()
        self._users += 1
        try:
            yield client
        finally:
            self._users -= 1
            if self._users == 0:
                self._client = None
                await client.aclose()

    def _made(self) -> httpx.AsyncClient:
        headers = {"User-Agent": self._access.user_agent, "Accept": "application/json", "Accept-Encoding": "gzip"}
        if self._access.token is not None:
            headers["Authorization"] = f"Bearer {self._access.token}"
        return httpx.AsyncClient(
            base_url=self._access.base, headers=headers, verify=self._context, trust_env=False, follow_redirects=False
        )

    async def create(self, client: httpx.AsyncClient, body: Mapping[str, Any]) -> Answer:
        """Ask for a measurement."""
        return await _exchange(client.stream("POST", "/v1/measurements", json=body))

    async def measurement(self, client: httpx.AsyncClient, name: str, etag: str | None) -> Answer:
        """Ask how far a measurement has got; 304 when it has got no further since `etag`."""
        known = {"If-None-Match": etag} if etag and len(etag) <= _MAX_ETAG else {}
        return await _exchange(client.stream("GET", f"/v1/measurements/{name}", headers=known))

    async def limits(self) -> Answer:
        """Ask how many measurements are left. Raises what httpx raises."""
        async with self.client() as client:
            return await _exchange(client.stream("GET", "/v1/limits"))


async def _exchange(streaming: Any) -> Answer:
    async with streaming as response:
        raw = bytearray()
        # Raw, since httpx would decompress without a limit.
        async for chunk in response.aiter_raw():
            raw += chunk
            if len(raw) > MAX_ANSWER:
                raise TooLargeError
    text = _unpacked(bytes(raw), response.headers.get("content-encoding", "").strip().lower())
    return Answer(response.status_code, response.headers, json.loads(text) if text else None)


def _unpacked(raw: bytes, coding: str) -> bytes:
    if coding in ("", "identity"):
        return raw
    if coding != "gzip":
        raise ValueError("packed in a way that was not asked for")
    plain = zlib.decompressobj(_GZIP).decompress(raw, MAX_ANSWER + 1)
    if len(plain) > MAX_ANSWER:
        raise TooLargeError
    return plain
