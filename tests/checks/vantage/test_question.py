"""Are others told only of what failed, is public, and holds no secret?"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address, ip_network
from typing import Any

import pytest

from bot.checks.address import Address
from bot.checks.guard import Guard
from bot.checks.policy import Policy
from bot.checks.vantage.question import NO_ANSWER, Question, failed, question_of
from bot.diagnosis.findings import Failure, Finding, Outcome
from globalping_standin import spec

SITE = Address("https", "shop.example.com", 443, "/cart")
PUBLIC, PUBLIC_V6, PRIVATE = (ip_address(text) for text in ("93.184.216.34", "2606:2800:220:1::1", "10.0.0.7"))


def look(*findings: Finding, canary: Outcome = Outcome.OK) -> tuple[Finding, ...]:
    return Finding(check="canary", outcome=canary), *findings


def http(status: int | None = None, failure: Failure | None = None, **facts: Any) -> Finding:
    told = facts | ({} if status is None else {"status": status})
    outcome = Outcome.OK if failure is None and status is not None and status < 500 else Outcome.FAIL
    return Finding(check="http", outcome=outcome, failure=failure, facts=told)


SKIPPED = Finding(check="http", outcome=Outcome.SKIP)


def tcp(failure: Failure) -> Finding:
    return Finding(check="tcp", outcome=Outcome.FAIL, failure=failure)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (look(http(502)), True),
        (look(http(599)), True),
        (look(http(200)), False),
        (look(http(404)), False),
        (look(http(503, challenge="cloudflare")), False),
        (look(http(502), canary=Outcome.FAIL), False),
        (look(http(502), canary=Outcome.SKIP), True),
        (look(tcp(Failure.REFUSED), SKIPPED), True),
        (look(tcp(Failure.TIMEOUT), SKIPPED), True),
        (look(Finding(check="tls", outcome=Outcome.FAIL, failure=Failure.TLS_HANDSHAKE), SKIPPED), True),
        (look(Finding(check="tls", outcome=Outcome.FAIL, failure=Failure.CERT_EXPIRED), SKIPPED), False),
        (look(Finding(check="dns", outcome=Outcome.FAIL, failure=Failure.NXDOMAIN), SKIPPED), False),
        (look(http(failure=Failure.EMPTY_REPLY)), True),
        (look(http(302, failure=Failure.REDIRECT_LOOP)), False),
        (look(http(200, failure=Failure.TRUNCATED)), False),
        (look(), False),
    ],
)
def test_only_failed_looks_need_others(findings: tuple[Finding, ...], expected: bool) -> None:
    """No answer or a server error, while the own connection works and no robot was refused."""
    assert failed(findings) is expected


def test_answers_are_no_silence() -> None:
    """Certificates and redirects speak for themselves."""
    assert not any(failure.value.startswith(("cert-", "redirect-")) for failure in NO_ANSWER)


async def test_public_site_may_be_asked_about(lo: Any) -> None:
    """Scheme, host, port and path are told, and the version of IP that the name has."""
    findings = look(http(502, url="https://shop.example.com/cart"))
    assert await question_of(SITE, (PUBLIC, PUBLIC_V6), findings, lo.reach()) == Question(SITE, 4)
    assert await question_of(SITE, (PUBLIC_V6,), findings, lo.reach()) == Question(SITE, 6)
    literal = Address("http", "93.184.216.34", 80, "/")
    assert await question_of(literal, (PUBLIC,), look(http(502)), lo.reach()) == Question(literal, None)


@pytest.mark.parametrize(
    ("host", "ips"),
    [
        ("shop.example.com", (PRIVATE,)),
        ("shop.example.com", (PUBLIC, PRIVATE)),
        ("shop.example.com", (ip_address("127.0.0.1"),)),
        ("shop.example.com", (ip_address("169.254.169.254"),)),
        ("shop.example.com", (ip_address("::1"),)),
        ("shop.example.com", ()),
        ("shop.internal", (PUBLIC,)),
        ("shop", (PUBLIC,)),
        ("10.0.0.7", (PRIVATE,)),
        ("127.0.0.1", (PUBLIC,)),
    ],
)
async def test_what_is_private_is_never_told(lo: Any, host: str, ips: Any) -> None:
    """Whatever the operator opens for the bot itself: others learn of nothing that is not public."""
    everything = Policy(
        allow_networks=(ip_network("0.0.0.0/0"), ip_network("::/0")), allow_ports=frozenset(range(1, 65536))
    )
    reach = replace(lo.reach(), guard=Guard(everything))
    address = Address("http", host, 80, "/")
    assert await question_of(address, ips, look(http(502, url=address.shown)), reach) is None
    assert await question_of(address, ips, look(tcp(Failure.REFUSED), SKIPPED), reach) is None


async def test_port_and_own_address_are_those_of_the_public_policy(lo: Any) -> None:
    """A port that only the operator allows is not told, and the bot's own address is not, either."""
    odd = Address("http", "shop.example.com", 25, "/")
    assert await question_of(odd, (PUBLIC,), look(tcp(Failure.REFUSED), SKIPPED), lo.reach()) is None
    for policy in (Policy(own_addresses=frozenset({PUBLIC})), Policy(own_networks=(ip_network(f"{PUBLIC}/32"),))):
        own = replace(lo.reach(), guard=Guard(policy))
        assert await question_of(SITE, (PUBLIC,), look(http(502)), own) is None
    usual = Address("http", "shop.example.com", 8080, "/")
    assert await question_of(usual, (PUBLIC,), look(http(502)), lo.reach()) == Question(usual, 4)


async def test_query_is_never_told(lo: Any) -> None:
    """An error that a query may have caused is nobody else's; where no connection came about the path is enough."""
    secret = Address("https", "shop.example.com", 443, "/reset?token=abc")
    asked = look(http(502, url=secret.shown, query=True))
    assert await question_of(secret, (PUBLIC,), asked, lo.reach()) is None
    silent = await question_of(secret, (PUBLIC,), look(tcp(Failure.REFUSED), SKIPPED), lo.reach())
    assert silent is not None
    assert silent.address.target == "/reset"


async def test_redirect_is_followed_for_others(lo: Any) -> None:
    """Where a redirect led to another host, that one is asked about, if its own name leads to public addresses only."""
    reach = lo.reach({"www.example.com": lo.answer("93.184.216.34"), "in.example.com": lo.answer("127.0.0.2")})
    moved = await question_of(SITE, (PUBLIC,), look(http(502, url="https://www.example.com/x")), reach)
    assert moved == Question(Address("https", "www.example.com", 443, "/x"), 4)
    for last in ("https://in.example.com/", "https://gone.example.com/", "http://127.0.0.2/", "nonsense"):
        assert await question_of(SITE, (PUBLIC,), look(http(502, url=last)), reach) is None


@pytest.mark.parametrize(
    "question", [Question(SITE, 4), Question(SITE, 6), Question(Address("http", "93.184.216.34", 8080, "/"), None)]
)
def test_request_fits_the_description(question: Question) -> None:
    """What is sent is a request for a measurement as the API describes it, with nothing but the address in it."""
    body = question.body([{"continent": "EU", "limit": 1}], 5)
    assert body["target"] == question.address.host
    assert body["measurementOptions"]["request"] == {"method": "GET", "path": question.address.target}  # type: ignore[index, call-overload]
    judge = spec()
    if judge is None:
        pytest.skip("Globalping's description is not at hand")
    assert judge.request(body) == []
    assert judge.request({**body, "timeout": 4}) != []
