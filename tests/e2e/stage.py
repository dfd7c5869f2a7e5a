"""Which small servers do whole conversations need? What no product does on request: names, canary, strange answers.

They live in one thread beside the tests, on addresses that only this process uses, so that workers never meet.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections import Counter
from collections.abc import Coroutine, Iterator
from contextlib import suppress
from itertools import count
from typing import Any

from loopback_dns import Datagrams, Zone, over_tcp

HANG_UP = b""
"""The answer of a server that closes the connection without a word."""
SILENCE = b"..."
"""The answer of a server that never comes to an end."""
DOMAIN = "example.com"
PATIENCE_S = 20.0


def addresses() -> Iterator[str]:
    """Yield loopback addresses of this process's own block."""
    block = os.getpid() % (64 * 256)
    return (f"127.{64 + block // 256}.{block % 256}.{number}" for number in count(1))


def raw(status: str, body: str = "", **headers: str) -> bytes:
    """Return a whole HTTP answer; underscores in header names become dashes."""
    told = {"Content-Type": "text/html", "Content-Length": str(len(body.encode()))}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in told.items()), "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


class Stage:
    """A name server, a canary, and one HTTP server that answers each host with the raw answers it was given."""

    def __init__(self) -> None:
        self._addresses = addresses()
        self.zone = Zone()
        self.asked: Counter[str] = Counter()
        """Requests by host."""
        self.paths: list[str] = []
        """What was asked for, of whichever host."""
        self._answers: dict[str, tuple[bytes, ...]] = {}
        self._open: set[asyncio.Task[Any]] = set()
        self._closers: list[Any] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="stage", daemon=True)
        self._thread.start()
        self.ip, self.second_ip = self.new_address(), self.new_address()
        self.ports: set[int] = set()
        self.port, self.name_server = self._run(self._start())
        self.dead = f"{self.new_address()}:{self.port}"
        """An address on which nothing listens."""
        self.canary = self.site("canary", raw("204 No Content"))

    def new_address(self) -> str:
        """Return a loopback address that nobody else uses."""
        return next(self._addresses)

    def site(self, name: str, *answers: bytes, at: tuple[str, ...] = ()) -> str:
        """Let a name lead to this server, or to these addresses, and return the address of its front page.

        The n-th request gets the n-th answer, the last one again and again.
        """
        host = self.name(name, *(at or (self.ip,)))
        self.answer(name, *answers)
        return f"http://{host}:{self.port}/"

    def name(self, name: str, *ips: str) -> str:
        """Let a name lead to these addresses; return it whole."""
        host, records = f"{name}.{DOMAIN}", [f"A {ip}" for ip in ips]
        assert self.zone.records.setdefault(host, records) == records, f"{host} is another test's: take another name"
        return host

    def answer(self, name: str, *answers: bytes) -> None:
        """Say what this host answers from now on."""
        self.asked[f"{name}.{DOMAIN}"] = 0
        self._answers[f"{name}.{DOMAIN}"] = answers

    def wait_for_request(self, name: str) -> None:
        """Wait until this host is asked."""
        until = time.monotonic() + PATIENCE_S
        while not self.asked[f"{name}.{DOMAIN}"]:
            assert time.monotonic() < until, f"nobody asked {name}"
            time.sleep(0.01)

    def close(self) -> None:
        """End everything."""
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    async def _start(self) -> tuple[int, str]:
        web = await asyncio.start_server(self._connected, self.ip, 0)
        web_port = web.sockets[0].getsockname()[1]
        second = await asyncio.start_server(self._connected, self.second_ip, web_port)
        names = await asyncio.start_server(over_tcp(self.zone), self.ip, 0)
        port = names.sockets[0].getsockname()[1]
        transport, _ = await self._loop.create_datagram_endpoint(
            lambda: Datagrams(self.zone), local_addr=(self.ip, port)
        )
        self._closers += [web, second, names, transport]
        self.ports.add(web_port)
        return web_port, f"{self.ip}:{port}"

    async def _stop(self) -> None:
        for closer in self._closers:
            closer.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                answer = self._choose(await reader.readuntil(b"\r\n\r\n"))
                if answer == SILENCE:
                    await reader.read()
                writer.write(answer.removeprefix(SILENCE))
                await writer.drain()
        finally:
            writer.close()
            self._open.discard(task)

    def _choose(self, request: bytes) -> bytes:
        lines = request.decode("latin-1").split("\r\n")
        host = next(line[5:].strip() for line in lines if line.lower().startswith("host:")).partition(":")[0]
        answers = self._answers.get(host, (raw("404 Not Found"),))
        self.asked[host] += 1
        self.paths.append(lines[0].split()[1])
        return answers[min(self.asked[host], len(answers)) - 1]
