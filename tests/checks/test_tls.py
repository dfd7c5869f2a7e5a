"""What does a TLS server's story sound like?"""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.checks.tls import Greeting, check
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome

NAME = "www.site.test"


async def shaken(
    lo: Any, server: Any, host: str = NAME, at: tuple[str, ...] = ("127.0.0.2",), within: float = 5.0, **settings: Any
) -> Finding:
    reach = lo.reach({NAME: lo.answer(*at)}, **settings)
    address = reach.guard.parse(server.url("https", host))
    greeting = Greeting(address, reach, asyncio.get_running_loop().time() + within)
    return await check(greeting, reach.guard.vet(address, at), datetime.now(UTC))


async def test_good_certificate_is_verified_and_described(lo: Any) -> None:
    """A trusted certificate for the name: verified, with version, names, issuer and dates."""
    found = await shaken(lo, await lo.serve(lo.reply(), tls=lo.authority.server()))
    assert (found.outcome, found.failure) == (Outcome.OK, None)
    assert found.facts["verified"] is True
    assert found.facts["version"] == "TLSv1.3"
    assert NAME in found.facts["names"]  # type: ignore[operator]
    assert found.facts["issuer"] == "Loopback Trust"
    assert found.facts["days_left"] in (88, 89, 90)
    assert set(found.facts) <= set(CHECKS["tls"])


@pytest.mark.parametrize(
    ("story", "failure", "days"),
    [
        ("expired", Failure.CERT_EXPIRED, range(-12, -9)),
        ("not-yet-valid", Failure.CERT_NOT_YET_VALID, range(38, 41)),
        ("wrong-name", Failure.CERT_HOSTNAME, range(1, 9_999_999)),
        ("self-signed", Failure.CERT_SELF_SIGNED, range(28, 31)),
        ("untrusted", Failure.CERT_UNTRUSTED, range(1, 9_999_999)),
    ],
)
async def test_bad_certificate_tells_its_story(story: str, failure: Failure, days: range, lo: Any) -> None:
    """Each fault has its name, and the certificate is read all the same, over a second handshake that sends nothing."""
    server = await lo.serve(lo.reply(), tls=lo.authority.server(story))
    found = await shaken(lo, server)
    assert (found.outcome, found.failure, found.facts["verified"]) == (Outcome.FAIL, failure, False)
    assert found.facts["days_left"] in days
    assert server.requests == []


async def test_wrong_name_shows_the_right_ones(lo: Any) -> None:
    """A certificate for another name says for which."""
    found = await shaken(lo, await lo.serve(lo.reply(), tls=lo.authority.server("wrong-name")))
    assert found.facts["names"] == ["another.test"]


async def test_address_is_checked_against_the_certificates_addresses(lo: Any) -> None:
    """An IP address in the URL is verified by address; one that the certificate does not hold is a wrong name."""
    good = await lo.serve(lo.reply(), tls=lo.authority.server("good", "127.0.0.2"))
    assert (await shaken(lo, good, "127.0.0.2")).failure is None
    other = await lo.serve(lo.reply(), tls=lo.authority.server("good", NAME))
    assert (await shaken(lo, other, "127.0.0.2")).failure is Failure.CERT_HOSTNAME


async def test_protocol_of_choice_is_told(lo: Any) -> None:
    """A server that speaks HTTP/2 is seen to do so."""
    context = lo.authority.server()
    context.set_alpn_protocols(["h2", "http/1.1"])
    assert (await shaken(lo, await lo.serve(lo.reply(), tls=context))).facts["alpn"] == "h2"


async def test_plain_server_fails_the_handshake(lo: Any) -> None:
    """A server that speaks no TLS on this port is a failed handshake, tried twice."""

    async def plain(reader: Any, writer: Any) -> None:
        await reader.read(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    server = await lo.serve(plain)
    found = await shaken(lo, server)
    assert (found.failure, found.facts["verified"]) == (Failure.TLS_HANDSHAKE, False)
    assert server.connections == 2


async def test_client_certificate_demand_and_old_protocol_fail_or_pass_by_name(lo: Any) -> None:
    """A server with which no version can be agreed fails the handshake."""
    context = lo.authority.server()
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_3
    server = await lo.serve(lo.reply(), tls=context)
    lo.contexts.probe.maximum_version = ssl.TLSVersion.TLSv1_2
    try:
        found = await shaken(lo, server)
    finally:
        lo.contexts.probe.maximum_version = ssl.TLSVersion.MAXIMUM_SUPPORTED
    assert found.failure is Failure.TLS_HANDSHAKE


@pytest.mark.parametrize("ciphers", ["AES128-GCM-SHA256", "AES128-SHA", "ECDHE-RSA-AES128-SHA:ECDHE-RSA-AES256-SHA"])
async def test_old_server_is_one_that_browsers_open(ciphers: str, lo: Any) -> None:
    """TLS 1.2 with what old servers have left is agreed on, as in browsers."""
    context = lo.authority.server("rsa")
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(ciphers)
    found = await shaken(lo, await lo.serve(lo.reply(), tls=context))
    assert (found.failure, found.facts["verified"]) == (None, True)


async def test_weak_key_of_a_certificate_is_not_trusted(lo: Any) -> None:
    """Old ciphers do not lower what a certificate must be: an RSA key of 1024 bits is refused, as in browsers."""
    found = await shaken(lo, await lo.serve(lo.reply(), tls=lo.authority.server("weak-key")))
    assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.CERT_UNTRUSTED)


async def test_mute_server_times_out(lo: Any) -> None:
    """A server that accepts and says nothing is a timeout of the handshake."""

    async def mute(reader: Any, writer: Any) -> None:
        await asyncio.sleep(30)

    found = await shaken(lo, await lo.serve(mute), tls_timeout=0.1)
    assert found.failure is Failure.TIMEOUT


async def test_handshake_that_works_the_second_time_is_good(lo: Any) -> None:
    """One broken handshake is not an outage."""
    secure = await lo.serve(lo.reply(), tls=lo.authority.server())
    broken: list[int] = []

    async def relay(reader: Any, writer: Any) -> None:
        if not broken:
            broken.append(1)
            return
        upstream_reader, upstream = await asyncio.open_connection(secure.host, secure.port)
        try:
            await asyncio.gather(_pipe(reader, upstream), _pipe(upstream_reader, writer))
        finally:
            upstream.close()

    found = await shaken(lo, await lo.serve(relay))
    assert (found.outcome, len(broken)) == (Outcome.OK, 1)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65536):
        writer.write(data)
        await writer.drain()
    writer.close()


TWO = ("127.0.0.2", "127.0.0.3")


async def both(lo: Any, first: Any, second: Any, **options: Any) -> tuple[Finding, Any, Any]:
    """Shake hands with a name that leads to two servers; each is a story of a certificate, or a handler."""

    async def started(story: Any, host: str, port: int = 0) -> Any:
        if isinstance(story, str):
            return await lo.serve(lo.reply(), host, port, lo.authority.server(story))
        return await lo.serve(story, host, port)

    one = await started(first, TWO[0])
    other = await started(second, TWO[1], one.port)
    return await shaken(lo, one, at=TWO, **options), one, other


@pytest.mark.parametrize("stories", [("good", "expired"), ("expired", "good")])
async def test_one_bad_certificate_among_addresses_is_found(stories: tuple[str, str], lo: Any) -> None:
    """Whichever address comes first: the name passes with one and fails with the other, and both facts are told."""
    found, one, other = await both(lo, *stories)
    assert (found.outcome, found.failure) == (Outcome.OK, None)
    assert {name: found.facts[name] for name in ("mixed", "odd", "tried", "failed", "verified")} == {
        "mixed": True, "odd": "cert-expired", "tried": 2, "failed": 1, "verified": False,
    }  # fmt: skip
    bad = TWO[stories.index("expired")]
    assert [each["address"] for each in found.facts["attempts"] if each["failure"]] == [bad]  # type: ignore[index, union-attr]
    assert (one.requests, other.requests) == ([], [])
    assert set(found.facts) <= set(CHECKS["tls"])


async def test_addresses_that_agree_are_told_once(lo: Any) -> None:
    """Two good servers are good, two expired ones are expired; nothing differs."""
    for story, failure in (("good", None), ("expired", Failure.CERT_EXPIRED)):
        found, one, other = await both(lo, story, story)
        assert (found.failure, "mixed" in found.facts, found.facts["tried"]) == (failure, False, 2)
        assert min(one.connections, other.connections) > 0


async def test_same_bad_certificate_is_read_from_two_addresses_at_most(lo: Any) -> None:
    """Where eight addresses fail alike, a second handshake with all of them would tell nothing new."""
    first = await lo.serve(lo.reply(), tls=lo.authority.server("expired"))
    at = tuple(f"127.0.0.{number}" for number in range(2, 10))
    servers = [first] + [
        await lo.serve(lo.reply(), tls=lo.authority.server("expired"), host=ip, port=first.port) for ip in at[1:]
    ]
    found = await shaken(lo, first, at=at)
    assert (found.failure, found.facts["failed"]) == (Failure.CERT_EXPIRED, 8)
    assert found.facts["issuer"] == "Loopback Trust"
    assert sum(server.connections for server in servers) == 2  # those who verify hang up before they count


async def test_proved_fault_is_told_before_one_that_may_pass(lo: Any) -> None:
    """Where all addresses fail in different ways, a bad certificate says more than a server that hangs up."""

    async def hangs_up(reader: Any, writer: Any) -> None:
        await reader.read(10)

    for found, *_ in (await both(lo, hangs_up, "expired"), await both(lo, "expired", hangs_up)):
        assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.CERT_EXPIRED)
        assert ("mixed" in found.facts, found.facts["failed"]) == (False, 2)
        assert "not_after" in found.facts


async def test_mute_address_does_not_hide_the_others(lo: Any) -> None:
    """At the deadline what was seen of the other addresses is told; the mute one is a deadline of its own."""

    async def mute(reader: Any, writer: Any) -> None:
        await asyncio.sleep(30)

    found, *_ = await both(lo, mute, "good", within=0.5, tls_timeout=20.0)
    assert (found.outcome, found.facts["mixed"], found.facts["odd"]) == (Outcome.OK, True, "deadline")
    alone = await shaken(lo, await lo.serve(mute), within=0.2, tls_timeout=20.0)
    assert (alone.outcome, alone.failure) == (Outcome.FAIL, Failure.DEADLINE)
