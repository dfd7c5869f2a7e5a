"""Which websites can be tried in the demo, and how is each of them broken? They live on loopback and nowhere else."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import Any, NamedTuple

from bot.cli.demo.names import NameServer

DOMAIN = "example.com"
HERE = "127.0.0.1"
MENDED_AFTER_S = 60.0
"""For this long after its first visitor the site that recovers stays broken."""
SLOW_S = 1.0
HTTP_PORT = 80
PORTS = (HTTP_PORT, 8080, 0)
"""Ports that are tried in turn: an address without a number reads best, but not everybody may take port 80."""


class Answer(NamedTuple):
    """What a site's server says to every request."""

    status: str
    server: str
    page: str
    after_s: float = 0.0


class Site(NamedTuple):
    """One site: its name, what a person would write about it (or the command that looks at it), and what it answers.

    Without an answer nothing listens there. Unasked, the bot speaks up only about gateway errors.
    """

    name: str
    plea: str
    answer: Callable[[float], Answer] | None


def _nginx(status: str, after_s: float = 0.0) -> Answer:
    page = f"<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center><hr><center>nginx/1.24.0"
    return Answer(status, "nginx/1.24.0", page + "</center></body></html>", after_s)


def _mends_itself(visited_for: float) -> Answer:
    return _nginx("502 Bad Gateway") if visited_for < MENDED_AFTER_S else _works("Photos")


def _works(title: str) -> Answer:
    page = (
        f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>Everything is well here.</p></body></html>"
    )
    return Answer("200 OK", "nginx/1.24.0", page)


_UNAVAILABLE = Answer(
    "503 Service Unavailable",
    "",
    "<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>",
)
SITES: tuple[Site, ...] = (
    Site("shop", "help, 502 Bad Gateway nginx/1.24.0 at {url}", lambda _: _nginx("502 Bad Gateway")),
    Site("photos", "anyone else? 502 Bad Gateway nginx/1.24.0 on {url}", _mends_itself),
    Site("slow", "/check {url}", lambda _: _nginx("504 Gateway Time-out", SLOW_S)),
    Site(
        "tickets",
        "503 Service Unavailable, no server is available to handle this request. {url}",
        lambda _: _UNAVAILABLE,
    ),
    Site("forum", "/check {url}", None),
    Site("fine", "I get 502 Bad Gateway nginx/1.24.0 at {url}, only me?", lambda _: _works("Fine")),
)
CANARY = Site("canary", "", lambda _: _works("Canary"))


class Sites:
    """All sites of one demo: a name server for their names, one web server, and a port on which nothing listens."""

    def __init__(self) -> None:
        self._names = NameServer({f"{site.name}.{DOMAIN}": HERE for site in (*SITES, CANARY)})
        self._visited: dict[str, float] = {}
        self._by_host = {f"{site.name}.{DOMAIN}": site for site in (*SITES, CANARY)}
        self._web: asyncio.Server | None = None
        self._open: set[asyncio.Task[Any]] = set()
        self.port = self.closed_port = 0

    async def start(self) -> None:
        """Start answering."""
        await self._names.start(HERE)
        self._web = await self._listen()
        self.port = self._web.sockets[0].getsockname()[1]
        probe = await asyncio.start_server(self._connected, HERE, 0)
        self.closed_port = probe.sockets[0].getsockname()[1]
        probe.close()
        await probe.wait_closed()

    async def _listen(self) -> asyncio.Server:
        for port in PORTS[:-1]:
            with contextlib.suppress(OSError):
                return await asyncio.start_server(self._connected, HERE, port)
        return await asyncio.start_server(self._connected, HERE, PORTS[-1])

    async def close(self) -> None:
        """End everything."""
        await self._names.close()
        if self._web is not None:
            self._web.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    @property
    def name_server(self) -> str:
        """Where the sites' names are known."""
        return f"{HERE}:{self._names.port}"

    def url(self, site: Site) -> str:
        """Return the address of a site's front page."""
        port = self.port if site.answer is not None else self.closed_port
        return f"http://{site.name}.{DOMAIN}{f':{port}' if port != HTTP_PORT else ''}/"

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._open.add(task)
            task.add_done_callback(self._open.discard)
        with contextlib.suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = await reader.readuntil(b"\r\n\r\n")
            await self._answer(head.decode("latin-1"), writer)
        writer.close()

    async def _answer(self, head: str, writer: asyncio.StreamWriter) -> None:
        lines = head.splitlines()
        host = next((line[5:].strip() for line in lines if line[:5].lower() == "host:"), "").partition(":")[0]
        site = self._by_host.get(host.lower())
        if site is None or site.answer is None:
            return
        first = self._visited.setdefault(host, time.monotonic())
        answer = site.answer(time.monotonic() - first)
        await asyncio.sleep(answer.after_s)
        writer.write(_raw(answer, with_body=not head.startswith("HEAD ")))
        await writer.drain()


def _raw(answer: Answer, *, with_body: bool) -> bytes:
    body = answer.page.encode()
    told = {
        "Content-Type": "text/html",
        "Content-Length": str(len(body)),
        "Server": answer.server,
        "Connection": "close",
    }
    head = [f"HTTP/1.1 {answer.status}", *(f"{name}: {value}" for name, value in told.items() if value)]
    return ("\r\n".join(head) + "\r\n\r\n").encode() + (body if with_body else b"")
