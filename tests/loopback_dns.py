"""What does a name server on loopback say? A table of records, over UDP and TCP, as slow or broken as a test wants."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class Zone:
    """What a name server of the tests says: by name, lists of `TYPE value`; or an rcode for a name, or for all."""

    records: dict[str, list[str]] = field(default_factory=dict)
    rcodes: dict[str, dns.rcode.Rcode] = field(default_factory=dict)
    everything: dns.rcode.Rcode | None = None
    delay: float = 0.0
    drop: int = 0
    """How many questions are lost before one is answered."""
    follow: bool = True
    """Whether aliases are followed, as a resolver does, or left to the asker."""
    questions: list[str] = field(default_factory=list)
    over_tcp: int = 0

    def respond(self, wire: bytes) -> bytes | None:
        """Answer one question, or lose it."""
        query = dns.message.from_wire(wire)
        question = query.question[0]
        name = question.name.to_text(omit_final_dot=True)
        self.questions.append(f"{name} {dns.rdatatype.to_text(question.rdtype)}")
        if self.drop > 0:
            self.drop -= 1
            return None
        response = dns.message.make_response(query)
        rcode = self.everything or self.rcodes.get(name)
        if rcode is not None:
            response.set_rcode(rcode)
            return response.to_wire()
        self._fill(response, name, dns.rdatatype.to_text(question.rdtype))
        return response.to_wire(max_size=65535)

    def _fill(self, response: dns.message.Message, name: str, wanted: str) -> None:
        for _ in range(20):
            found = self.records.get(name)
            if found is None:
                response.set_rcode(dns.rcode.NXDOMAIN)
                return
            matching = [text.split(" ", 1)[1] for text in found if text.split(" ", 1)[0] == wanted]
            alias = next((text.split(" ", 1)[1] for text in found if text.startswith("CNAME ")), None)
            if matching:
                response.answer.append(dns.rrset.from_text(name + ".", 60, "IN", wanted, *matching))
                return
            if alias is None:
                return
            response.answer.append(dns.rrset.from_text(name + ".", 60, "IN", "CNAME", alias + "."))
            if not self.follow or not alias:
                return
            name = alias


class Datagrams(asyncio.DatagramProtocol):
    """Answers questions over UDP; what does not fit is cut, so that the asker comes again over TCP."""

    def __init__(self, zone: Zone) -> None:
        self._zone = zone
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def datagram_received(self, data: bytes, addr: Any) -> None:
        wire = self._zone.respond(data)
        if wire is not None:
            asyncio.get_running_loop().call_later(self._zone.delay, self._send, self._cut(wire), addr)

    def _send(self, wire: bytes, addr: Any) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(wire, addr)

    def _cut(self, wire: bytes) -> bytes:
        if len(wire) <= 1232:
            return wire
        response = dns.message.from_wire(wire)
        response.answer.clear()
        response.flags |= dns.flags.TC
        return response.to_wire()


def over_tcp(zone: Zone) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
    """Return a handler that answers one question per TCP connection."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        zone.over_tcp += 1
        size = int.from_bytes(await reader.readexactly(2), "big")
        wire = zone.respond(await reader.readexactly(size))
        if wire is not None:
            writer.write(len(wire).to_bytes(2, "big") + wire)
            await writer.drain()

    return handle
