"""What does one request carry, and what is remembered of the connection?"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from bot.checks.exchange import NoReply, Reply, ask
from bot.checks.failures import Stage
from bot.diagnosis.findings import Failure

HERE = (ip_address("127.0.0.2"),)


async def test_one_request_over_one_fresh_connection(lo: Any) -> None:
    """Two questions are two connections: nothing is reused, so nothing vetted earlier is trusted later."""
    server = await lo.serve(lo.reply())
    reach = lo.reach()
    address = reach.guard.parse(server.url())
    for _ in range(2):
        assert isinstance(await ask(address, HERE, reach), Reply)
    assert (server.connections, len(server.requests)) == (2, 2)


async def test_without_pinned_addresses_nobody_is_asked(lo: Any) -> None:
    """A host without vetted addresses cannot be reached."""
    server = await lo.serve(lo.reply())
    reach = lo.reach()
    answer = await ask(reach.guard.parse(server.url()), (), reach)
    assert answer == NoReply(Failure.REFUSED_ADDRESS, Stage.CONNECT)
    assert server.connections == 0


async def test_name_is_told_although_an_address_is_dialled(lo: Any) -> None:
    """The Host header holds the name and the port, not the address."""
    server = await lo.serve(lo.reply())
    reach = lo.reach()
    await ask(reach.guard.parse(server.url(name="www.site.test")), HERE, reach)
    assert f"Host: www.site.test:{server.port}\r\n".encode() in server.requests[0]


async def test_packets_are_sent_at_once(lo: Any) -> None:
    """TCP_NODELAY is set: without it each check costs one round trip more."""
    server = await lo.serve(lo.reply())
    reach = lo.reach()
    seen: list[int] = []

    async def connect(ip: Any, port: int, seconds: float) -> Any:
        stream = await reach.connect(ip, port, seconds)
        seen.append(stream.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        return stream

    await ask(reach.guard.parse(server.url()), HERE, replace(reach, connect=connect))
    assert seen == [1]


async def test_first_byte_is_timed_from_the_request(lo: Any) -> None:
    """A server that thinks for a while shows it in the time to the first byte."""

    async def thinks(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(0.1)
        writer.write(lo.reply())

    server = await lo.serve(thinks)
    reach = lo.reach()
    answer = await ask(reach.guard.parse(server.url()), HERE, reach)
    assert isinstance(answer, Reply)
    assert 90 < answer.ms_first_byte < 2000


async def test_reason_phrase_is_kept_raw(lo: Any) -> None:
    """The words behind the status come as bytes, whatever they are; none are none."""
    reach = lo.reach()
    for raw, reason in ((b"HTTP/1.1 502 Proxy\xff Error\r\n\r\n", b"Proxy\xff Error"), (b"HTTP/1.1 502\r\n\r\n", b"")):
        server = await lo.serve(raw)
        answer = await ask(reach.guard.parse(server.url()), HERE, reach)
        assert isinstance(answer, Reply)
        assert (answer.status, answer.reason) == (502, reason)


async def test_endless_interim_answers_are_not_waited_for(lo: Any) -> None:
    """A server that never comes to its answer is given up after a number of bytes, and counts as one that broke off."""
    sent = 0

    async def hint(reader: Any, writer: Any) -> None:
        nonlocal sent
        await reader.readuntil(b"\r\n\r\n")
        while not writer.is_closing() and sent < 50_000_000:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n" * 100)
            await writer.drain()
            sent += 2_800

    server = await lo.serve(hint)
    reach = lo.reach()
    assert await ask(reach.guard.parse(server.url()), HERE, reach) == NoReply(Failure.TRUNCATED, Stage.HTTP)
    assert sent < 20_000_000


async def test_how_far_it_got_is_told(lo: Any, closed_port: int, silent_port: int) -> None:
    """The same failure before, while and after a connection is set up is three different things."""

    async def mute(reader: Any, writer: Any) -> None:
        await asyncio.sleep(30)

    reach = lo.reach(connect_timeout=0.2, tls_timeout=0.2, read_timeout=0.2)
    server = await lo.serve(mute)
    for url, failure, stage in (
        (f"http://127.0.0.2:{closed_port}/", Failure.REFUSED, Stage.CONNECT),
        (f"http://127.0.0.2:{silent_port}/", Failure.TIMEOUT, Stage.CONNECT),
        (server.url("https"), Failure.TIMEOUT, Stage.TLS),
        (server.url("http"), Failure.TIMEOUT, Stage.HTTP),
    ):
        assert await ask(reach.guard.parse(url), HERE, reach) == NoReply(failure, stage)
