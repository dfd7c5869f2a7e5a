"""Does the one place that opens connections to targets reach only vetted ones?"""

from __future__ import annotations

import asyncio
import errno
import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path
from typing import Any

import httpcore
import pytest

import bot.checks
from bot.checks.dial import MAX_TRIES, Blocked, Connect, Dialer, PinnedBackend
from bot.checks.guard import Guard, Policy
from bot.checks.http import fetch
from bot.checks.limits import CheckSettings
from bot.checks.reach import open_reach
from bot.checks.rehearsal import ScriptedResolver

LOOPBACK = Policy(allow_networks=(ip_network("127.0.0.0/8"),))
HERE = ip_address("127.0.0.1")
A, B, C = ip_address("192.0.2.1"), ip_address("192.0.2.2"), ip_address("2001:db8::3")


@asynccontextmanager
async def web_server(host: str, answer: bytes) -> AsyncIterator[int]:
    """Serve one fixed HTTP answer; yields the port."""

    busy: set[asyncio.Task[Any]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        busy.add(task)
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
            await writer.drain()
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()

    server = await asyncio.start_server(serve, host, 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        await asyncio.sleep(0.01)  # lets connections that were just accepted reach `serve`
        await asyncio.gather(*busy)
        server.close()
        await server.wait_closed()


def ok(body: bytes = b"hello") -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)


@pytest.fixture
def no_lookups(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every use of the system's resolver fail the test."""

    def forbidden(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"getaddrinfo{args}")

    monkeypatch.setattr(socket, "getaddrinfo", forbidden)


class EndsOf(httpcore.AsyncNetworkStream):
    """A stream that claims to connect two given ends."""

    def __init__(self, own: str | None, peer: str | None) -> None:
        self.ends = {"client_addr": own and (own, 40000), "server_addr": peer and (peer, 80)}
        self.closed = False

    def get_extra_info(self, info: str) -> Any:
        return self.ends.get(info)

    async def aclose(self) -> None:
        self.closed = True


class NetworkTo(httpcore.AsyncNetworkBackend):
    """A network on which every connection ends at the same stream."""

    def __init__(self, stream: EndsOf) -> None:
        self.stream = stream

    async def connect_tcp(self, *args: Any, **kwargs: Any) -> httpcore.AsyncNetworkStream:
        return self.stream


class Recorder:
    """A Connect that fails as scripted and notes what it was asked."""

    def __init__(self, *outcomes: Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.calls: list[tuple[IPv4Address | IPv6Address, int, float]] = []
        self.stream = EndsOf("192.0.2.9", "192.0.2.1")

    async def __call__(self, ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ASYNC109
        self.calls.append((ip, port, timeout))
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if outcome is not None:
            raise outcome
        return self.stream


async def test_dialer_opens_a_connection_without_delay(no_lookups: None) -> None:
    """A vetted address is reached, small packets leave at once, and no name is looked up."""
    async with web_server("127.0.0.1", ok()) as port:
        stream = await Dialer(LOOPBACK)(HERE, port, 5)
        assert stream.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        await stream.write(b"GET / HTTP/1.0\r\n\r\n", 5)
        assert (await stream.read(100, 5)).startswith(b"HTTP/1.1 200")
        await stream.aclose()


async def test_refused_connection_keeps_its_errno() -> None:
    """The operating system's own error is the cause, so that `refused` can be told from `unreachable`."""
    async with web_server("127.0.0.1", ok()) as port:
        pass
    with pytest.raises(httpcore.ConnectError) as caught:
        await Dialer(LOOPBACK)(HERE, port, 5)
    assert isinstance(caught.value.__cause__, OSError)
    assert caught.value.__cause__.errno == errno.ECONNREFUSED


async def test_own_machine_is_recognised_by_its_address() -> None:
    """A connection that comes from the very address it goes to ended on this machine: it is cut."""
    async with web_server("127.0.0.1", ok()) as port:
        with pytest.raises(Blocked, match="own-address"):
            await Dialer()(HERE, port, 5)


@pytest.mark.parametrize(
    ("own", "peer", "reason"),
    [
        ("10.0.0.5", "192.0.2.77", "other-peer"),
        ("192.0.2.1", "192.0.2.1", "own-address"),
        ("10.0.0.5", "x", "other-peer"),
    ],
)
async def test_wrong_ends_are_cut(own: str, peer: str, reason: str) -> None:
    """A connection whose ends are not what was asked for is closed and refused."""
    stream = EndsOf(own, peer)
    with pytest.raises(Blocked, match=reason):
        await Dialer(network=NetworkTo(stream))(A, 80, 5)
    assert stream.closed


async def test_connection_that_died_at_once_is_a_reset() -> None:
    """Without a peer to compare, the connection counts as reset, not as vetted."""
    stream = EndsOf("10.0.0.5", None)
    with pytest.raises(httpcore.ConnectError) as caught:
        await Dialer(network=NetworkTo(stream))(A, 80, 5)
    assert isinstance(caught.value.__cause__, ConnectionResetError)
    assert stream.closed


async def test_peer_is_compared_as_an_address() -> None:
    """Two spellings of one IPv6 address are the same peer."""
    stream = EndsOf("2001:db8::1", "2001:0db8:0:0::3")
    assert await Dialer(network=NetworkTo(stream))(C, 443, 5) is stream


async def test_dialer_takes_no_names(no_lookups: None) -> None:
    """A name, or an address as text, is refused before anything is looked up or opened."""
    for name in ("localhost", "127.0.0.1"):
        with pytest.raises(Blocked, match="not-an-address"):
            await Dialer(LOOPBACK)(name, 80, 5)  # type: ignore[arg-type]


@pytest.mark.parametrize(("host", "port"), [("other.example", 443), ("shop.example", 80), ("192.0.2.1", 443)])
async def test_only_pinned_pairs_are_reached(host: str, port: int) -> None:
    """Another host, another port, or the address itself is not what was vetted."""
    connect = Recorder()
    backend = PinnedBackend(connect)
    backend.pin("shop.example", 443, [A])
    with pytest.raises(Blocked, match="not-pinned"):
        await backend.connect_tcp(host, port)
    assert connect.calls == []


async def test_pinned_addresses_are_tried_in_order() -> None:
    """A silent or refusing address gives way to the next vetted one, and the time is shared."""
    connect = Recorder(httpcore.ConnectTimeout(), httpcore.ConnectError())
    backend = PinnedBackend(connect)
    backend.pin("shop.example", 443, [A, B, C])
    assert await backend.connect_tcp("shop.example", 443, timeout=6) is connect.stream
    assert [(ip, port) for ip, port, _ in connect.calls] == [(A, 443), (B, 443), (C, 443)]
    assert [timeout for _, _, timeout in connect.calls] == pytest.approx([2, 3, 6], abs=0.2)


async def test_last_error_is_told_when_none_answers() -> None:
    """When every address fails, the failure of the last one is raised."""
    backend = PinnedBackend(Recorder(httpcore.ConnectError("first"), httpcore.ConnectTimeout("last")))
    backend.pin("shop.example", 443, [A, B])
    with pytest.raises(httpcore.ConnectTimeout, match="last"):
        await backend.connect_tcp("shop.example", 443)


async def test_refusal_ends_the_tries() -> None:
    """An address that turns out to be forbidden ends the request; no other one is tried."""
    connect = Recorder(Blocked("own-address"))
    backend = PinnedBackend(connect)
    backend.pin("shop.example", 443, [A, B])
    with pytest.raises(Blocked, match="own-address"):
        await backend.connect_tcp("shop.example", 443)
    assert len(connect.calls) == 1


async def test_tries_are_limited() -> None:
    """A name with many addresses does not turn one request into many connections."""
    connect = Recorder(*[httpcore.ConnectError() for _ in range(30)])
    backend = PinnedBackend(connect)
    backend.pin("shop.example", 443, [ip_address(f"192.0.2.{n}") for n in range(30)])
    with pytest.raises(httpcore.ConnectError):
        await backend.connect_tcp("shop.example", 443)
    assert len(connect.calls) == MAX_TRIES


async def test_other_ways_out_are_closed() -> None:
    """No unix socket, and no pause for a retry."""
    backend = PinnedBackend(Recorder())
    with pytest.raises(Blocked, match="unix-socket"):
        await backend.connect_unix_socket("/run/docker.sock")
    with pytest.raises(Blocked, match="retry"):
        await backend.sleep(1)


async def test_httpcore_reaches_the_pin_by_name(no_lookups: None) -> None:
    """A request for a name that does not exist arrives at the pinned address; `Blocked` comes through unchanged."""
    async with web_server("127.0.0.1", ok(b"pinned")) as port:
        backend = PinnedBackend(Dialer(LOOPBACK))
        backend.pin("no-such-name.example", port, [HERE])
        async with httpcore.AsyncConnectionPool(network_backend=backend) as pool:
            answer = await pool.request("GET", f"http://no-such-name.example:{port}/")
            assert answer.content == b"pinned"
            with pytest.raises(Blocked):
                await pool.request("GET", f"http://127.0.0.1:{port}/")


async def test_check_opens_no_other_socket(monkeypatch: pytest.MonkeyPatch, no_lookups: None) -> None:
    """During a whole check with redirects, every TCP connection goes through Connect to a vetted address."""
    vetted: set[tuple[str, int]] = set()
    opened: list[tuple[str, int]] = []
    connect_socket = socket.socket.connect

    def watched(sock: socket.socket, address: Any) -> None:
        if sock.type == socket.SOCK_STREAM:
            assert address[:2] in vetted
            opened.append(address[:2])
        connect_socket(sock, address)

    def noted(connect: Connect) -> Connect:
        async def wrapper(ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ASYNC109
            vetted.add((str(ip), port))
            return await connect(ip, port, timeout)

        return wrapper

    async with web_server("127.0.0.3", ok()) as second:
        moved = f"HTTP/1.1 302 Found\r\nLocation: http://two.test:{second}/\r\nContent-Length: 0\r\n\r\n"
        async with web_server("127.0.0.2", moved.encode()) as first:
            policy = replace(LOOPBACK, allow_ports=frozenset({first, second}))
            reach = replace(
                open_reach(CheckSettings(), policy),
                guard=Guard(policy),
                resolver=ScriptedResolver({"one.test": [["127.0.0.2"]], "two.test": [["127.0.0.3"]]}),
                connect=noted(Dialer(policy)),
            )
            monkeypatch.setattr(socket.socket, "connect", watched)
            fetched = await fetch(f"http://one.test:{first}/", reach)
    assert fetched.reply is not None
    assert fetched.reply.body == b"hello"
    assert opened == [("127.0.0.2", first), ("127.0.0.3", second)]


def test_only_dial_can_open_connections() -> None:
    """No other module of the checks names a function that opens a TCP connection."""
    openers = re.compile(r"AnyIOBackend|AutoBackend|open_connection|create_connection|sock_connect|SOCK_STREAM")
    folder = Path(bot.checks.__file__).parent
    found = {path.name for path in folder.rglob("*.py") if openers.search(path.read_text("utf-8"))}
    assert found == {"dial.py"}
