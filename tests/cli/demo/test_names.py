"""Does the demo's name server know its own sites, and nothing else in the world?"""

from __future__ import annotations

from collections.abc import AsyncIterator

import dns.asyncquery
import dns.message
import dns.rcode
import pytest

from bot.cli.demo.names import NameServer


@pytest.fixture
async def names() -> AsyncIterator[NameServer]:
    """Return a name server that knows one name."""
    server = NameServer({"shop.example.com": "127.0.0.1"})
    await server.start("127.0.0.1")
    yield server
    await server.close()


@pytest.mark.parametrize("ask", [dns.asyncquery.udp, dns.asyncquery.tcp])
async def test_known_name_has_its_address_over_udp_and_tcp(names: NameServer, ask: object) -> None:
    """Both transports answer on one port, as the checks ask both."""
    query = dns.message.make_query("Shop.example.com", "A")
    answer = await ask(query, "127.0.0.1", port=names.port, timeout=2)  # type: ignore[operator]
    assert [record.to_text() for record in answer.answer[0]] == ["127.0.0.1"]


@pytest.mark.parametrize(
    ("name", "rcode"),
    [("typo.example.com", dns.rcode.NXDOMAIN), ("www.python.org", dns.rcode.REFUSED), ("com", dns.rcode.REFUSED)],
)
def test_other_names_lead_nowhere(name: str, rcode: dns.rcode.Rcode) -> None:
    """A typing error is no name; the rest of the world is refused rather than declared gone."""
    server = NameServer({"shop.example.com": "127.0.0.1"})
    answer = server.respond(dns.message.make_query(name, "A").to_wire())
    assert answer is not None
    assert dns.message.from_wire(answer).rcode() == rcode


def test_known_name_has_no_other_records() -> None:
    """Asked for IPv6, the name exists and has none."""
    server = NameServer({"shop.example.com": "127.0.0.1"})
    answer = server.respond(dns.message.make_query("shop.example.com", "AAAA").to_wire())
    assert answer is not None
    assert dns.message.from_wire(answer).answer == []
    assert dns.message.from_wire(answer).rcode() == dns.rcode.NOERROR


@pytest.mark.parametrize("wire", [b"", b"x", b"\0" * 12, b"\xff" * 40])
def test_rubbish_is_not_answered(wire: bytes) -> None:
    """What is no question gets no answer."""
    assert NameServer({"a.example.com": "127.0.0.1"}).respond(wire) is None
