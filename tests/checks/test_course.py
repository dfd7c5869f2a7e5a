"""In which order do the checks run, and what hides what?"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.checks.canary import Canary
from bot.checks.course import Course, Seen, Tools
from bot.checks.page import Reader
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Finding

NAME = "www.site.test"
READER = Reader((), None, lambda: datetime.now(UTC))


async def run(reach: Any, url: str, told: list[Finding] | None = None) -> Seen:
    announce = (lambda _: None) if told is None else told.append
    return await Course(reach.guard.parse(url), Tools(reach, READER, Canary(reach)), announce).run()


def outcomes(seen: Seen) -> dict[str, str]:
    return {finding.check: finding.outcome.value for finding in seen.findings}


def failures(seen: Seen) -> dict[str, str]:
    return {finding.check: finding.failure.value for finding in seen.findings if finding.failure}


async def test_healthy_site_passes_every_check(lo: Any) -> None:
    """All checks of a good https site are fine; each is announced once, and the report keeps the table's order."""
    server = await lo.serve(lo.reply(), tls=lo.authority.server())
    told: list[Finding] = []
    seen = await run(lo.reach({NAME: lo.answer("127.0.0.2")}), server.url("https", NAME), told)
    assert outcomes(seen) == {"canary": "skip", "dns": "ok", "tcp": "ok", "tls": "ok", "http": "ok"}
    assert [finding.check for finding in seen.findings] == list(CHECKS)
    assert sorted(finding.check for finding in told) == sorted(CHECKS)
    for finding in seen.findings:
        assert set(finding.facts) <= set(CHECKS[finding.check])


async def test_plain_http_skips_tls(lo: Any) -> None:
    """An http address has no certificate to look at."""
    server = await lo.serve(lo.reply())
    seen = await run(lo.reach(), server.url())
    assert outcomes(seen) == {"canary": "skip", "dns": "ok", "tcp": "ok", "tls": "skip", "http": "ok"}


async def test_unknown_name_hides_the_rest(lo: Any) -> None:
    """Without an address nothing else can be tried: skipped, not failed."""
    seen = await run(lo.reach(), f"https://{NAME}/")
    assert outcomes(seen) == {"canary": "skip", "dns": "fail", "tcp": "skip", "tls": "skip", "http": "skip"}
    assert failures(seen) == {"dns": "nxdomain"}


async def test_closed_port_hides_tls_and_http(lo: Any, closed_port: int) -> None:
    """Where nothing listens only TCP failed."""
    seen = await run(lo.reach(), f"https://127.0.0.2:{closed_port}/")
    assert outcomes(seen) == {"canary": "skip", "dns": "ok", "tcp": "fail", "tls": "skip", "http": "skip"}
    assert failures(seen) == {"tcp": "refused"}


async def test_bad_certificate_hides_http(lo: Any) -> None:
    """An expired certificate is TLS's failure alone."""
    server = await lo.serve(lo.reply(), tls=lo.authority.server("expired"))
    seen = await run(lo.reach({NAME: lo.answer("127.0.0.2")}), server.url("https", NAME))
    assert outcomes(seen) == {"canary": "skip", "dns": "ok", "tcp": "ok", "tls": "fail", "http": "skip"}
    assert failures(seen) == {"tls": "cert-expired"}


async def test_refused_answer_contacts_nobody(lo: Any) -> None:
    """A name that leads to a forbidden address is refused; the reason is told, and no connection is opened."""
    server = await lo.serve(lo.reply())
    seen = await run(lo.reach({NAME: lo.answer("127.0.0.2", "10.0.0.1")}), server.url(name=NAME))
    assert outcomes(seen) == {"canary": "skip", "dns": "ok", "tcp": "skip", "tls": "skip", "http": "skip"}
    assert failures(seen) == {"http": "refused-address"}
    assert seen.refusal is not None
    assert server.connections == 0


async def test_canary_is_asked_together_with_dns(lo: Any) -> None:
    """A slow canary holds nobody up."""
    entered = asyncio.Event()

    async def slow(reader: Any, writer: Any) -> None:
        await entered.wait()
        writer.write(lo.reply())

    async def site(reader: Any, writer: Any) -> None:
        await reader.readuntil(b"\r\n\r\n")
        entered.set()
        writer.write(lo.reply())

    canary, server = await lo.serve(slow), await lo.serve(site)
    seen = await run(lo.reach(canary=(canary.url(),)), server.url())
    assert outcomes(seen)["canary"] == "ok"
    assert outcomes(seen)["http"] == "ok"


async def test_tls_and_http_start_before_silent_addresses_give_up(lo: Any) -> None:
    """A dead second address does not delay the page of the first."""
    server = await lo.serve(lo.reply())
    reach = lo.reach({NAME: lo.answer("127.0.0.2", "127.0.0.9")})
    told: list[Finding] = []
    answered = asyncio.Event()

    async def connect(ip: Any, port: int, seconds: float) -> Any:
        if str(ip) == "127.0.0.9":
            await answered.wait()
        return await reach.connect(ip, port, seconds)

    def announce(finding: Finding) -> None:
        told.append(finding)
        if finding.check == "http":
            answered.set()

    tools = Tools(replace(reach, connect=connect), READER, Canary(reach))
    seen = await Course(reach.guard.parse(server.url(name=NAME)), tools, announce).run()
    assert [finding.check for finding in told][-2:] == ["http", "tcp"]
    assert next(finding for finding in seen.findings if finding.check == "tcp").facts["v4"] == "mixed"


async def test_deadline_stands_over_everything(lo: Any) -> None:
    """A drip feed ends the run at its deadline; what was found until then is kept."""

    async def drip(reader: Any, writer: Any) -> None:
        while True:
            writer.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.01)

    server = await lo.serve(drip)
    async with asyncio.timeout(10):
        seen = await run(lo.reach(deadline=0.5, read_timeout=60.0), server.url())
    assert outcomes(seen)["tcp"] == "ok"
    assert failures(seen) == {"http": "deadline"}


async def test_slow_resolver_meets_the_deadline(lo: Any) -> None:
    """A look-up that does not end is a deadline of DNS, and the rest is skipped."""

    class Never:
        async def lookup(self, name: str) -> Any:
            await asyncio.Event().wait()

    seen = await run(replace(lo.reach(deadline=0.1), resolver=Never()), f"http://{NAME}/")
    assert failures(seen) == {"dns": "deadline"}
    assert outcomes(seen)["http"] == "skip"


async def test_broken_check_is_skipped_and_logged(lo: Any, caplog: pytest.LogCaptureFixture) -> None:
    """A fault of our own says nothing of the site: no check fails by it, and neither log nor report repeats its words."""

    class Broken:
        async def lookup(self, name: str) -> Any:
            raise ValueError(f"cannot read {name}")

    with caplog.at_level(logging.ERROR):
        seen = await run(replace(lo.reach(), resolver=Broken()), f"http://{NAME}/?token=secret")
    assert set(outcomes(seen).values()) == {"skip"}
    assert failures(seen) == {}
    assert seen.findings[-1].facts == {"not-looked": "broken"}
    assert [record.getMessage()[:38] for record in caplog.records] == ["the check dns broke: ValueError in tes"]
    assert "secret" not in caplog.text
    assert NAME not in caplog.text


async def test_fault_of_ours_on_a_redirect_is_not_the_sites(lo: Any) -> None:
    """A site whose redirect our own code stumbles over is not told to answer with no HTTP."""

    class Broken:
        async def lookup(self, name: str) -> Any:
            raise ValueError(name)

    server = await lo.serve(lo.reply("302 Found", Location="http://elsewhere.site.test/"))
    seen = await run(replace(lo.reach(), resolver=Broken()), server.url())
    assert (outcomes(seen)["http"], failures(seen)) == ("skip", {})
    assert seen.findings[-1].facts == {"not-looked": "broken"}


async def test_remembered_canary_is_asked_again_before_a_site_is_blamed(lo: Any, closed_port: int) -> None:
    """A good canary of a moment ago does not vouch for a look that reached nothing; one look asks it at most once more."""
    canary = await lo.serve([lo.reply(), lo.reply("502 Bad Gateway")])
    site = await lo.serve(lo.reply())
    reach = lo.reach(canary=(canary.url(),))
    tools = Tools(reach, READER, Canary(reach))
    for url, outcome, asked in (
        (f"http://127.0.0.2:{closed_port}/first", "ok", 1),
        (site.url(), "ok", 1),
        (site.url(path="/again"), "ok", 1),
        (f"http://127.0.0.2:{closed_port}/", "fail", 2),
    ):
        seen = await Course(reach.guard.parse(url), tools, lambda _: None).run()
        assert (outcomes(seen)["canary"], len(canary.requests)) == (outcome, asked)
