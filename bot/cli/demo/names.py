"""Who knows the names of the demo's sites? A name server on loopback; it refuses everything else."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import dns.exception
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import dns.rdatatype
import dns.rrset

TTL_S = 30
TRIES = 20
"""How many ports are tried until one is free for both UDP and TCP."""


class NameServer:
    """Answers for a handful of names, over UDP and TCP."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._zones = {name.partition(".")[2] for name in addresses}
        self._tcp: asyncio.Server | None = None
        self._udp: asyncio.DatagramTransport | None = None
        self.port = 0

    async def start(self, ip: str) -> None:
        """Start answering, on one port for UDP and TCP."""
        loop = asyncio.get_running_loop()
        for attempt in range(TRIES):
            self._tcp = await asyncio.start_server(self._connected, ip, 0)
            self.port = self._tcp.sockets[0].getsockname()[1]
            try:
                self._udp, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(self), (ip, self.port))
            except OSError:
                self._tcp.close()
                if attempt == TRIES - 1:
                    raise
            else:
                return

    async def close(self) -> None:
        """Stop answering."""
        if self._tcp is not None:
            self._tcp.close()
        if self._udp is not None:
            self._udp.close()

    def respond(self, wire: bytes) -> bytes | None:
        """Answer one question; None for anything that is not one."""
        try:
            query = dns.message.from_wire(wire)
        except (dns.exception.DNSException, ValueError):
            return None
        if query.opcode() != dns.opcode.QUERY or len(query.question) != 1:
            return None
        response = dns.message.make_response(query, recursion_available=True)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        address = self._addresses.get(name)
        if address is None:
            ours = name.partition(".")[2] in self._zones
            response.set_rcode(dns.rcode.NXDOMAIN if ours else dns.rcode.REFUSED)
        elif question.rdtype == dns.rdatatype.A:
            response.answer.append(dns.rrset.from_text(question.name, TTL_S, "IN", "A", address))
        return response.to_wire()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            size = int.from_bytes(await reader.readexactly(2), "big")
            wire = self.respond(await reader.readexactly(size))
            if wire is not None:
                writer.write(len(wire).to_bytes(2, "big") + wire)
                await writer.drain()
        writer.close()


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: NameServer) -> None:
        self._server = server
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See `asyncio`."""
        self._transport = transport

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        """See `asyncio`."""
        wire = self._server.respond(data)
        if wire is not None and not self._transport.is_closing():
            self._transport.sendto(wire, addr)
