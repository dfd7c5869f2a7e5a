"""Is http looked at where no scheme was given and no https connection can be made, and nowhere else?"""

from __future__ import annotations

import asyncio
from ipaddress import ip_address
from typing import Any

from bot.checks.address import Address
from bot.checks.scheme import Settled, settle, unencrypted
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome

HERE = (ip_address("127.0.0.2"),)


async def settled(
    lo: Any, https: int, http: int, monkeypatch: Any, within: float = 5.0, **settings: Any
) -> tuple[Settled, Finding]:
    """Settle an address whose usual ports are these two: the real ones may not be opened by everybody."""
    monkeypatch.setattr("bot.checks.scheme._HTTPS", https)
    monkeypatch.setattr("bot.checks.scheme._HTTP", http)
    until = asyncio.get_running_loop().time() + within
    reach = lo.reach(**{"connect_timeout": 0.2, "tls_timeout": 0.2, **settings})
    async with asyncio.TaskGroup() as group:
        found = await settle(group, Address("https", "127.0.0.2", https, "/a?b"), HERE, reach, until)
        return found, await found.finding(until)


def test_unencrypted_twin_has_the_usual_port() -> None:
    """Only the scheme and its usual port change; a port that was named stays."""
    assert unencrypted(Address("https", "www.site.test", 443, "/a?b")) == Address("http", "www.site.test", 80, "/a?b")
    assert unencrypted(Address("https", "www.site.test", 8080, "/")) == Address("http", "www.site.test", 8080, "/")


async def test_https_is_taken_where_it_is(lo: Any, monkeypatch: Any) -> None:
    """Where something accepts connections for https, http is not even tried."""
    https, http = await lo.serve(lo.reply()), await lo.serve(lo.reply())
    found, tcp = await settled(lo, https.port, http.port, monkeypatch)
    assert (found.address.scheme, found.https, tcp.facts["port"]) == ("https", None, https.port)
    assert "https" not in tcp.facts
    assert http.connections == 0


async def test_closed_or_silent_https_gives_way_to_http(
    lo: Any, closed_port: int, silent_port: int, monkeypatch: Any
) -> None:
    """Only http answers: it is what is looked at, and how https failed is told beside it."""
    http = await lo.serve(lo.reply())
    for port, failure in ((closed_port, Failure.REFUSED), (silent_port, Failure.TIMEOUT)):
        found, tcp = await settled(lo, port, http.port, monkeypatch)
        assert found.address == Address("http", "127.0.0.2", http.port, "/a?b")
        assert (tcp.outcome, tcp.facts["port"], tcp.facts["https"]) == (Outcome.OK, http.port, failure.value)
        assert set(tcp.facts) <= set(CHECKS["tcp"])


async def test_neither_is_a_failure_of_https(lo: Any, closed_port: int, silent_port: int, monkeypatch: Any) -> None:
    """Where nothing answers at either port, what is told is what a visitor asked for first."""
    found, tcp = await settled(lo, closed_port, silent_port, monkeypatch)
    assert (found.address.scheme, tcp.failure, tcp.facts["port"]) == ("https", Failure.REFUSED, closed_port)
    assert "https" not in tcp.facts


async def test_deadline_ends_the_search(lo: Any, closed_port: int, silent_port: int, monkeypatch: Any) -> None:
    """When time is over nothing goes on in the background, and https is what failed."""
    async with asyncio.timeout(3):
        found, tcp = await settled(lo, closed_port, silent_port, monkeypatch, within=0.3, connect_timeout=30.0)
    assert (found.address.scheme, tcp.failure) == ("https", Failure.REFUSED)


async def test_named_port_is_http_where_it_speaks_no_tls(lo: Any, monkeypatch: Any) -> None:
    """A server of one's own at a port of its own: whichever it speaks is looked at, whatever its certificate is."""
    for tls, scheme, failure in (
        (None, "http", Failure.TLS_HANDSHAKE),
        (lo.authority.server("self-signed"), "https", None),
    ):
        server = await lo.serve(lo.reply("400 Bad Request"), tls=tls)
        address = Address("https", "127.0.0.2", server.port, "/")
        async with asyncio.TaskGroup() as group:
            until = asyncio.get_running_loop().time() + 5
            found = await settle(group, address, HERE, lo.reach(tls_timeout=0.3), until)
            await found.finding(until)
        assert found.address == Address(scheme, "127.0.0.2", server.port, "/")
        assert found.https in {failure, Failure.TIMEOUT if failure else None}
