"""What does a fetch make of servers that behave, misbehave and lie?"""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import Any

import pytest

from bot.checks.http import fetch
from bot.diagnosis.findings import Failure

CUT = 64 * 1024


async def silent(reader: Any, writer: Any) -> None:
    await asyncio.sleep(30)


async def test_plain_answer_comes_back_with_its_first_byte_time(lo: Any) -> None:
    """A good server's status, headers and body arrive, and the time to the first byte is measured."""
    server = await lo.serve(lo.reply(body=b"hi", Server="nginx"))
    fetched = await fetch(server.url(), lo.reach())
    assert (fetched.failure, fetched.reply.status, fetched.reply.body) == (None, 200, b"hi")
    assert (b"server", b"nginx") in fetched.reply.headers
    assert 0 < fetched.reply.ms_first_byte < 1000


async def test_request_is_polite_and_tells_nothing(lo: Any) -> None:
    """One GET with the bot's name, asking for plain bytes, closing the connection, without cookies or credentials."""
    server = await lo.serve(lo.reply())
    await fetch(server.url(path="/a?b=c#d"), lo.reach())
    head = server.requests[0].decode().lower()
    assert head.startswith("get /a?b=c http/1.1\r\n")
    assert f"host: 127.0.0.2:{server.port}\r\n" in head
    assert "user-agent: fiveohtwo/" in head
    assert "accept-encoding: identity\r\n" in head
    assert "connection: close\r\n" in head
    assert "cookie" not in head
    assert "authorization" not in head


async def test_proxy_of_the_environment_is_not_used(lo: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy that the environment names would lead around the guard; nobody asks it."""
    server, proxy = await lo.serve(lo.reply()), await lo.serve(lo.reply("502 Bad Gateway"))
    monkeypatch.setenv("HTTP_PROXY", proxy.url())
    monkeypatch.setenv("ALL_PROXY", proxy.url())
    fetched = await fetch(server.url(), lo.reach())
    assert (fetched.reply.status, proxy.connections) == (200, 0)


@pytest.mark.parametrize(
    ("raw", "failure"),
    [
        (b"", Failure.EMPTY_REPLY),
        (b"220 mail.site.test ESMTP ready\r\n", Failure.NOT_HTTP),
        (b"SSH-2.0-OpenSSH_9.2", Failure.NOT_HTTP),
        (b"\x15\x03\x01\x00\x02\x02\x16", Failure.NOT_HTTP),
        (b"<html>no head at all</html>\r\n\r\n", Failure.NOT_HTTP),
        (b"HTTP/1.1 200 OK\r\nContent-Le", Failure.TRUNCATED),
        (b"HTTP/1.1 200 OK\r\nbroken header line\r\n\r\n", Failure.ODD_HTTP),
        (b"\r\n\r\nHTTP/1.1 99 Odd\r\n\r\n", Failure.ODD_HTTP),
        (b"HTTP/1.1 200 OK\r\nX: " + b"a" * 300_000, Failure.ODD_HTTP),
    ],
    ids=[
        "nothing",
        "mail",
        "ssh",
        "tls-alert",
        "no-head",
        "half-a-head",
        "bad-header",
        "bad-status",
        "endless-header",
    ],
)
async def test_what_is_no_answer_is_named(raw: bytes, failure: Failure, lo: Any) -> None:
    """Silence, other protocols and broken heads each have their name."""

    async def speak(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(raw)
        await writer.drain()

    fetched = await fetch((await lo.serve(speak)).url(), lo.reach())
    assert (fetched.failure, fetched.reply) == (failure, None)


async def test_reset_is_named(lo: Any) -> None:
    """A connection that is torn down before any byte is a reset."""

    async def tear(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        linger = struct.pack("ii", 1, 0)  # closing then sends a reset
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.transport.abort()

    assert (await fetch((await lo.serve(tear)).url(), lo.reach())).failure is Failure.RESET


async def test_closed_port_is_refused(lo: Any, closed_port: int) -> None:
    """Where nothing listens the failure is `refused`."""
    assert (await fetch(f"http://127.0.0.2:{closed_port}/", lo.reach())).failure is Failure.REFUSED


async def test_mute_server_times_out(lo: Any) -> None:
    """A server that accepts and never speaks is a timeout, after the read limit."""
    server = await lo.serve(silent)
    assert (await fetch(server.url(), lo.reach(read_timeout=0.2))).failure is Failure.TIMEOUT


@pytest.mark.parametrize("piece", [b"H", b"HTTP/1.1 103 Early Hints\r\n\r\n"], ids=["byte-by-byte", "103-after-103"])
async def test_head_that_never_ends_times_out(piece: bytes, lo: Any) -> None:
    """A head in drips, and early hints without end, meet the limit for the whole head."""

    async def drip(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        while True:
            writer.write(piece if len(piece) > 1 else b"a")
            await writer.drain()
            await asyncio.sleep(0.02)

    server = await lo.serve(drip)
    reach = lo.reach(connect_timeout=0.2, tls_timeout=0.2, read_timeout=0.3)
    async with asyncio.timeout(5):
        assert (await fetch(server.url(), reach)).failure is Failure.TIMEOUT


async def test_outer_deadline_ends_a_drip(lo: Any) -> None:
    """The deadline of the caller cuts a fetch short, and the server's connection is closed."""
    closed = asyncio.Event()

    async def drip(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        try:
            while True:
                writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            closed.set()

    server = await lo.serve(drip)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3):
            await fetch(server.url(), lo.reach(read_timeout=30.0))
    await asyncio.wait_for(closed.wait(), 5)


async def test_endless_body_is_cut(lo: Any) -> None:
    """Of an endless body 64 KiB are read, then the connection is closed."""
    closed = asyncio.Event()

    async def flood(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 4096)
                await writer.drain()
        except ConnectionError:
            closed.set()

    fetched = await fetch((await lo.serve(flood)).url(), lo.reach())
    assert (fetched.failure, len(fetched.reply.body)) == (None, CUT)
    await asyncio.wait_for(closed.wait(), 5)


async def test_trickling_body_is_enough_after_a_while(lo: Any) -> None:
    """A body that trickles keeps its status; what has come until the limit is taken, and nothing is called broken."""

    async def trickle(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
        while True:
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.02)

    fetched = await fetch((await lo.serve(trickle)).url(), lo.reach(body_time=0.3))
    assert (fetched.failure, fetched.reply.status) == (None, 200)
    assert 0 < len(fetched.reply.body) < 1000


@pytest.mark.parametrize(
    "rest",
    [
        b"Content-Length: 100\r\n\r\nshort",
        b"Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
        b"Transfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["length", "chunks", "bad-chunk"],
)
async def test_broken_off_body_is_truncated(rest: bytes, lo: Any) -> None:
    """A body that ends before its time keeps its status and is called truncated."""
    fetched = await fetch((await lo.serve(b"HTTP/1.1 200 OK\r\n" + rest)).url(), lo.reach())
    assert (fetched.failure, fetched.reply.status) == (Failure.TRUNCATED, 200)


async def test_headers_are_capped(lo: Any) -> None:
    """Of many or huge headers only the first hundred within 32 KiB are kept; the answer counts all the same."""
    many = b"".join(b"X-%d: y\r\n" % n for n in range(2000))
    fetched = await fetch(
        (await lo.serve(b"HTTP/1.1 200 OK\r\n" + many + b"Content-Length: 0\r\n\r\n")).url(), lo.reach()
    )
    assert (fetched.reply.status, len(fetched.reply.headers)) == (200, 100)
    huge = b"A: b\r\nX: " + b"y" * 40_000 + b"\r\n"
    fetched = await fetch((await lo.serve(b"HTTP/1.1 200 OK\r\n" + huge + b"\r\n")).url(), lo.reach())
    assert (fetched.reply.status, fetched.reply.headers) == (200, ((b"a", b"b"),))


async def test_next_address_is_tried(lo: Any) -> None:
    """When the first of a name's addresses refuses, the next vetted one is asked."""
    server = await lo.serve(lo.reply())
    reach = lo.reach({"www.site.test": lo.answer("127.0.0.9", "127.0.0.2")})
    assert (await fetch(server.url(name="www.site.test"), reach)).reply.status == 200


async def test_refused_text_contacts_nobody(lo: Any) -> None:
    """A text that the guard does not take is refused before any look-up."""
    reach = lo.reach()
    fetched = await fetch("http://10.0.0.1/", reach)
    assert (fetched.failure, fetched.address, reach.resolver.asked) == (Failure.REFUSED_ADDRESS, None, [])
    assert fetched.refusal is not None


async def test_mixed_answer_is_refused(lo: Any) -> None:
    """One private address among a name's answers refuses the name, and nobody is contacted."""
    server = await lo.serve(lo.reply())
    reach = lo.reach({"www.site.test": lo.answer("127.0.0.2", "10.0.0.1")})
    fetched = await fetch(server.url(name="www.site.test"), reach)
    assert (fetched.failure, server.connections) == (Failure.REFUSED_ADDRESS, 0)


@pytest.mark.parametrize(
    ("story", "failure"),
    [
        ("good", None),
        ("expired", Failure.CERT_EXPIRED),
        ("not-yet-valid", Failure.CERT_NOT_YET_VALID),
        ("wrong-name", Failure.CERT_HOSTNAME),
        ("self-signed", Failure.CERT_SELF_SIGNED),
        ("untrusted", Failure.CERT_UNTRUSTED),
    ],
)
async def test_https_is_verified_by_name(story: str, failure: Failure | None, lo: Any) -> None:
    """The certificate is checked against the name although the connection goes to an address."""
    server = await lo.serve(lo.reply(), tls=lo.authority.server(story))
    fetched = await fetch(server.url("https", "www.site.test"), lo.reach({"www.site.test": lo.answer("127.0.0.2")}))
    assert fetched.failure is failure


@pytest.mark.parametrize("host", ["127.0.0.2", "::1"])
async def test_https_to_a_literal_is_verified_by_address(host: str, lo: Any) -> None:
    """An IP address in a URL is checked against the addresses in the certificate."""
    server = await lo.serve(lo.reply(), host, tls=lo.authority.server())
    assert (await fetch(server.url("https"), lo.reach())).failure is None


async def test_http_on_a_tls_port_and_the_reverse_are_named(lo: Any) -> None:
    """Plain HTTP asked for TLS fails the handshake; TLS asked for plain HTTP is not HTTP or an empty reply."""

    async def bad_request(reader: Any, writer: Any) -> None:
        await reader.read(1)
        writer.write(lo.reply("400 Bad Request"))

    plain = await lo.serve(bad_request)
    assert (await fetch(plain.url("https"), lo.reach())).failure is Failure.TLS_HANDSHAKE
    secure = await lo.serve(lo.reply(), tls=lo.authority.server())
    failure = (await fetch(secure.url("http"), lo.reach())).failure
    assert failure in (Failure.NOT_HTTP, Failure.EMPTY_REPLY, Failure.RESET)


async def test_cancelling_closes_the_connection(lo: Any) -> None:
    """A fetch that is cancelled leaves no open connection behind."""
    asked, closed = asyncio.Event(), asyncio.Event()

    async def wait(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        closed.set()

    server = await lo.serve(wait)
    task = asyncio.ensure_future(fetch(server.url(), lo.reach(read_timeout=30.0)))
    await asked.wait()
    task.cancel()
    await asyncio.wait_for(closed.wait(), 5)
