"""What is made of real DNS messages, lost packets and lying servers?"""

from __future__ import annotations

import asyncio
from itertools import pairwise
from typing import Any

import dns.rcode
import pytest

from bot.checks.dns import finding
from bot.checks.limits import MAX_CNAMES, MAX_SHOWN_ADDRESSES
from bot.checks.nameservers import NameServer, NameServers, parse_nameserver
from bot.diagnosis.findings import Failure

SITE = "www.site.test"
BOTH = ["A 192.0.2.1", "A 192.0.2.2", "AAAA 2001:db8::1"]


async def ask(lo: Any, *zones: Any, name: str = SITE, lifetime: float = 1.0, grace: float = 0.5) -> Any:
    servers = [await lo.name_server(zone, f"127.0.0.{number + 2}") for number, zone in enumerate(zones)]
    return await NameServers(servers, lifetime=lifetime, grace=grace).lookup(name)


@pytest.mark.parametrize(
    ("text", "server"),
    [
        ("9.9.9.9", ("9.9.9.9", 53)),
        ("127.0.0.1:5353", ("127.0.0.1", 5353)),
        ("2620:fe::fe", ("2620:fe::fe", 53)),
        ("[2620:fe::fe]", ("2620:fe::fe", 53)),
        (" [::1]:5353 ", ("::1", 5353)),
    ],
)
def test_name_server_is_read(text: str, server: tuple[str, int]) -> None:
    """An address with or without a port, of both families, is understood."""
    assert parse_nameserver(text) == NameServer(text.strip(), *server)


@pytest.mark.parametrize("text", ["", "dns.site.test", "1.1.1.1:", "1.1.1.1:x", "1.1.1.1:0", "1.1.1.1:70000", "[::1]x"])
def test_what_is_no_name_server_is_refused(text: str) -> None:
    """Names, empty ports and ports out of range are errors of the settings."""
    with pytest.raises(ValueError, match=r"name server|address"):
        parse_nameserver(text)


async def test_addresses_of_both_families_come_back(lo: Any) -> None:
    """One look-up asks for A and AAAA, once each, and returns both."""
    zone = lo.zone({SITE: BOTH})
    answer = await ask(lo, zone)
    assert (sorted(answer.v4), answer.v6, answer.failure) == (["192.0.2.1", "192.0.2.2"], ("2001:db8::1",), None)
    assert sorted(zone.questions) == [f"{SITE} A", f"{SITE} AAAA"]


async def test_alias_chain_is_told_in_order(lo: Any) -> None:
    """The names between the asked one and its addresses are reported, in order."""
    zone = lo.zone({SITE: ["CNAME a.cdn.test"], "a.cdn.test": ["CNAME b.cdn.test"], "b.cdn.test": BOTH})
    answer = await ask(lo, zone)
    assert (answer.cname, answer.v6) == (("a.cdn.test", "b.cdn.test"), ("2001:db8::1",))


async def test_unfollowed_alias_is_followed(lo: Any) -> None:
    """A server that leaves the alias to the asker is asked on."""
    zone = lo.zone({SITE: ["CNAME a.cdn.test"], "a.cdn.test": BOTH}, follow=False)
    answer = await ask(lo, zone)
    assert (answer.cname, answer.v6, answer.failure) == (("a.cdn.test",), ("2001:db8::1",), None)


async def test_alias_without_addresses_has_none(lo: Any) -> None:
    """An alias whose target has no address is no address; one whose target is gone is no such name."""
    empty = lo.zone({SITE: ["CNAME a.cdn.test"], "a.cdn.test": ["TXT x"]})
    gone = lo.zone({SITE: ["CNAME a.cdn.test"]})
    assert (await ask(lo, empty)).failure is Failure.NO_ADDRESS
    answer = await ask(lo, gone)
    assert (answer.failure, answer.cname) == (Failure.NXDOMAIN, ("a.cdn.test",))


@pytest.mark.parametrize("follow", [True, False])
async def test_alias_loop_is_named(follow: bool, lo: Any) -> None:
    """Aliases that lead in a circle end as a loop, whether the server follows them or not."""
    zone = lo.zone({SITE: ["CNAME a.cdn.test"], "a.cdn.test": [f"CNAME {SITE}"]}, follow=follow)
    assert (await ask(lo, zone)).failure is Failure.CNAME_LOOP


@pytest.mark.parametrize("follow", [True, False])
@pytest.mark.parametrize(("links", "failure"), [(MAX_CNAMES, None), (MAX_CNAMES + 1, Failure.CNAME_LOOP)])
async def test_alias_chain_has_a_limit(links: int, failure: Failure | None, follow: bool, lo: Any) -> None:
    """Eight links lead to the addresses, nine do not."""
    names = [SITE, *(f"n{n}.cdn.test" for n in range(links))]
    records = {one: [f"CNAME {following}"] for one, following in pairwise(names)}
    answer = await ask(lo, lo.zone({**records, names[-1]: BOTH}, follow=follow), lifetime=3.0)
    assert answer.failure is failure
    assert len(answer.cname) == MAX_CNAMES


@pytest.mark.parametrize(
    ("rcode", "failure"),
    [
        (dns.rcode.NXDOMAIN, Failure.NXDOMAIN),
        (dns.rcode.SERVFAIL, Failure.SERVFAIL),
        (dns.rcode.REFUSED, Failure.DNS_REFUSED),
        (dns.rcode.NOTIMP, Failure.SERVFAIL),
        (dns.rcode.FORMERR, Failure.SERVFAIL),
    ],
)
async def test_response_code_is_a_failure(rcode: dns.rcode.Rcode, failure: Failure, lo: Any) -> None:
    """Each response code has its failure."""
    assert (await ask(lo, lo.zone(everything=rcode))).failure is failure


async def test_name_without_addresses_has_none(lo: Any) -> None:
    """A name that exists with other records only has no address."""
    assert (await ask(lo, lo.zone({SITE: ["TXT hello"]}))).failure is Failure.NO_ADDRESS


async def test_lost_question_is_sent_again(lo: Any) -> None:
    """Two lost packets are no outage: the questions are repeated."""
    zone = lo.zone({SITE: BOTH}, drop=2)
    answer = await ask(lo, zone, lifetime=1.0)
    assert answer.failure is None
    assert len(zone.questions) == 4


async def test_mute_server_times_out_within_its_lifetime(lo: Any) -> None:
    """A server that never answers costs the lifetime and no more."""
    async with asyncio.timeout(5):
        answer = await ask(lo, lo.zone({SITE: BOTH}, drop=99), lifetime=0.3)
    assert answer.failure is Failure.DNS_TIMEOUT
    assert 250 <= answer.ms < 3000


async def test_slow_server_is_not_waited_for_once_another_answered(lo: Any) -> None:
    """One good answer ends the waiting for a mute server after the grace."""
    answer = await ask(lo, lo.zone({SITE: BOTH}), lo.zone({SITE: BOTH}, drop=99), lifetime=30.0, grace=0.1)
    assert [one.failure for one in answer.said] == [None, Failure.DNS_TIMEOUT]
    assert answer.ms < 10_000


async def test_long_answer_comes_over_tcp_and_whole(lo: Any) -> None:
    """An answer that is cut over UDP is fetched over TCP, and all of it is kept: every address must be vetted."""
    zone = lo.zone({SITE: [f"A 192.0.2.{n}" for n in range(1, 200)]})
    answer = await ask(lo, zone)
    assert len(answer.addresses) == 199
    assert len(finding(answer).facts["addresses"]) == MAX_SHOWN_ADDRESSES
    assert zone.over_tcp >= 1


async def test_unreachable_server_is_a_timeout(lo: Any, closed_port: int) -> None:
    """Nobody at the server's port: it did not answer, which is not a refusal of the question."""
    answer = await NameServers([f"127.0.0.2:{closed_port}"], lifetime=0.3).lookup(SITE)
    assert answer.failure is Failure.DNS_TIMEOUT


@pytest.mark.parametrize("name", ["a..site.test", "x" * 64 + ".test", ".".join(["abcdefgh"] * 40), "straße.test", ""])
async def test_impossible_name_does_not_raise(name: str, lo: Any) -> None:
    """A name that cannot be asked for is a failure like any other."""
    answer = await ask(lo, lo.zone({SITE: BOTH}), name=name)
    assert answer.failure is not None


async def test_broken_ipv6_question_does_not_hide_ipv4(lo: Any) -> None:
    """A server that fails on AAAA alone still names the IPv4 addresses."""
    zone = lo.zone({SITE: BOTH})
    whole = zone.respond

    def fails_on_aaaa(wire: bytes) -> bytes | None:
        zone.everything = dns.rcode.SERVFAIL if b"\x00\x1c\x00\x01" in wire else None
        return whole(wire)

    zone.respond = fails_on_aaaa
    answer = await ask(lo, zone)
    assert (sorted(answer.v4), answer.v6, answer.failure) == (["192.0.2.1", "192.0.2.2"], (), None)


@pytest.mark.parametrize("reaction", ["error", "silence"])
async def test_server_without_extensions_is_asked_plainly(reaction: str, lo: Any) -> None:
    """A server that does not understand extended questions is asked a plain one."""
    zone = lo.zone({SITE: BOTH})
    whole = zone.respond

    def plain_only(wire: bytes) -> bytes | None:
        extended = wire[10:12] != b"\x00\x00"
        zone.everything = dns.rcode.FORMERR if extended else None
        return None if extended and reaction == "silence" else whole(wire)

    zone.respond = plain_only
    assert (await ask(lo, zone)).failure is None


async def test_rubbish_is_ignored_until_the_answer_comes(lo: Any) -> None:
    """A packet that is no answer does not end the waiting for the real one; only rubbish is a timeout."""
    zone = lo.zone({SITE: BOTH})
    zone.respond = lambda wire: b"\x00\x01rubbish"
    assert (await ask(lo, zone, lifetime=0.3)).failure is Failure.DNS_TIMEOUT
