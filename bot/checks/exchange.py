"""What does one server answer to one request? One GET over a fresh connection to vetted addresses.

Directly over httpcore, not through `httpx.AsyncClient`: httpx follows or at least parses every `Location` itself (a bad
one costs the whole response), joins two of them into one, decodes bodies without a limit and keeps cookies. Its own
transport takes no network backend, so pinning would mean reaching into private parts. httpx asks only Globalping's
interface (`vantage/api.py`).
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address

import h11
import httpcore

from bot.checks.address import Address
from bot.checks.dial import Connect, PinnedBackend
from bot.checks.failures import Stage, classify
from bot.checks.headers import Headers, capped
from bot.checks.limits import MAX_BODY, MAX_HEADER_BYTES
from bot.checks.reach import Reach
from bot.diagnosis.findings import Failure

_HEARD = 64
_MOST = 4 * (MAX_HEADER_BYTES + MAX_BODY)
"""Bytes of a whole exchange. The head and what is read of the body are far fewer; interim answers could be endless."""


@dataclass(frozen=True)
class Reply:
    """One HTTP answer: the head, and the first 64 KiB of the body as it came."""

    status: int
    reason: bytes
    headers: Headers
    """Names in lower case; at most 100 headers within 32 KiB."""
    body: bytes
    ms_first_byte: float
    failure: Failure | None = None
    """`truncated` when the server broke off in the body, or None."""


@dataclass(frozen=True)
class NoReply:
    """No HTTP answer came: why not, and how far the request got."""

    failure: Failure
    stage: Stage


async def ask(address: Address, ips: Sequence[IPv4Address | IPv6Address], reach: Reach) -> Reply | NoReply:
    """Send one GET to the pinned addresses and read the answer. Never raises except on cancellation."""
    line = _Line()
    backend = PinnedBackend(line.tap(reach.connect))
    backend.pin(address.host, address.port, ips)
    settings = reach.settings
    head_time = settings.connect_timeout + settings.tls_timeout + settings.read_timeout
    try:
        async with (
            # httpcore's own limits are per read: a server that sends a byte a second never meets them.
            asyncio.timeout(head_time) as patience,
            httpcore.AsyncConnectionPool(
                ssl_context=reach.contexts.web, max_connections=1, max_keepalive_connections=0, network_backend=backend
            ) as pool,
            pool.stream(
                "GET", _url(address), headers=_headers(address, reach), extensions=_options(address, reach)
            ) as answer,
        ):
            patience.reschedule(None)
            return await _read(answer, line, settings.body_time)
    except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
        return NoReply(line.failure(error), line.stage)


def _url(address: Address) -> httpcore.URL:
    return httpcore.URL(
        scheme=address.scheme.encode(),
        host=address.host.encode("ascii"),
        port=address.port,
        target=address.target.encode("ascii"),
    )


def _headers(address: Address, reach: Reach) -> list[tuple[bytes, bytes]]:
    return [
        (b"Host", address.host_header.encode("ascii")),
        (b"User-Agent", reach.settings.user_agent.encode("ascii", "replace")),
        (b"Accept", b"text/html,application/xhtml+xml,*/*;q=0.8"),
        (b"Accept-Encoding", b"identity"),
        (b"Connection", b"close"),
    ]


def _options(address: Address, reach: Reach) -> dict[str, object]:
    settings = reach.settings
    connect = max(settings.connect_timeout, settings.tls_timeout)
    return {
        "timeout": {"connect": connect, "read": settings.read_timeout, "write": settings.read_timeout, "pool": 1.0},
        "sni_hostname": address.server_name or address.host,
    }


async def _read(answer: httpcore.Response, line: _Line, patience: float) -> Reply:
    """Read enough of the body: to its end, 64 KiB, or the time that a body is worth."""
    body = bytearray()
    failure = None
    try:
        async with asyncio.timeout(patience), aclosing(_chunks(answer)) as chunks:
            async for chunk in chunks:
                body += chunk
                if len(body) >= MAX_BODY:
                    break
    except (TimeoutError, httpcore.TimeoutException):
        pass  # a page that trickles in, or a stream that never ends: its head is enough
    except Exception:  # noqa: BLE001 - whatever broke: the head is there, the body is not whole
        failure = Failure.TRUNCATED
    return Reply(
        status=answer.status,
        reason=bytes(answer.extensions.get("reason_phrase", b"")),
        headers=capped(answer.headers),
        body=bytes(body[:MAX_BODY]),
        ms_first_byte=line.ms_first_byte,
        failure=failure,
    )


async def _chunks(answer: httpcore.Response) -> AsyncGenerator[bytes, None]:
    async for chunk in answer.aiter_stream():
        yield chunk


class _Line:
    """Observes one connection: how far did it get, and what came first? Errors alone do not tell."""

    def __init__(self) -> None:
        self.stage = Stage.CONNECT
        self.heard = b""
        self._room = _MOST
        self._sent: float | None = None
        self._first: float | None = None

    @property
    def ms_first_byte(self) -> float:
        """Milliseconds between the request and the first byte of its answer."""
        return 0.0 if self._sent is None or self._first is None else (self._first - self._sent) * 1000

    def tap(self, connect: Connect) -> Connect:
        """Wrap a connect so that its stream is observed."""

        async def tapped(ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ASYNC109
            stream = await connect(ip, port, timeout)
            self.stage = Stage.HTTP
            return _Tapped(stream, self)

        return tapped

    def sent(self) -> None:
        """Note that something was sent."""
        self._sent = time.monotonic()

    def received(self, data: bytes) -> None:
        """Note the first bytes of the answer; endless interim answers (1xx) are no answer."""
        if data and self._first is None:
            self._first = time.monotonic()
        if len(self.heard) < _HEARD:
            self.heard = (self.heard + data[:_HEARD]).lstrip(b"\r\n")
        self._room -= len(data)
        if self._room < 0:
            raise httpcore.RemoteProtocolError("more than any answer that is read")

    def failure(self, error: Exception) -> Failure:
        """Name a failure. httpcore has one error for "no byte" and "no whole head"; only the bytes tell them apart."""
        found = classify(error, self.stage)
        if self.stage is not Stage.HTTP or not isinstance(error, httpcore.RemoteProtocolError):
            return found
        if not self.heard:
            return Failure.EMPTY_REPLY
        unread = any(isinstance(cause, h11.RemoteProtocolError) for cause in error.args)
        if not self.heard.startswith(b"HTTP/"):
            return Failure.NOT_HTTP
        return Failure.ODD_HTTP if unread else Failure.TRUNCATED


class _Tapped(httpcore.AsyncNetworkStream):
    """Passes everything on to another stream and tells the line what went over it."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, line: _Line) -> None:
        self._stream = stream
        self._line = line

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109
        data = await self._stream.read(max_bytes, timeout)
        self._line.received(data)
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        await self._stream.write(buffer, timeout)
        self._line.sent()

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        self._line.stage = Stage.TLS
        secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        self._line.stage = Stage.HTTP
        return _Tapped(secured, self._line)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
