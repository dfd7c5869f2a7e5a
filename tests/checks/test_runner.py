"""Does a whole look tell the truth, keep secrets to itself, and ask other places only where it may?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bent import PUBLIC, bent
from bot.checks.nameservers import NameServers
from bot.checks.runner import Runner
from bot.checks.vantage.api import Access
from bot.checks.vantage.globalping import Terms
from bot.checks.vantage.others import Wanted
from bot.diagnosis.findings import Failure, Finding, Outcome, Report
from globalping_standin import DALLAS, GlobalpingStandin, finished, never
from runner_stage import NAME, make


async def test_report_of_a_healthy_site(lo: Any) -> None:
    """Address, host, time and findings of one place, fresh."""
    server = await lo.serve(lo.reply())
    report = await make(lo).run(server.url(name=NAME, path="/a#b"))
    assert (report.url, report.host) == (server.url(name=NAME, path="/a"), NAME)
    assert report.checked_at == datetime(2026, 11, 24, tzinfo=UTC)
    assert (report.age_s, report.refusal, report.local.name) == (0.0, None, "local")
    assert report.elapsed_ms > 0
    http = report.local.finding("http")
    assert http is not None
    assert http.facts["status"] == 200


async def test_address_without_a_scheme_is_found_as_a_browser_finds_it(lo: Any) -> None:
    """The report names the address that was there; with a scheme the same address is another question."""
    server = await lo.serve(lo.reply())
    runner = make(lo, tls_timeout=0.2)
    found = await runner.run(f"//{NAME}:{server.port}/a")
    assert found.url == server.url(name=NAME, path="/a")
    assert [finding.outcome.value for finding in found.local.findings] == ["skip", "ok", "ok", "skip", "ok"]
    given = await runner.run(f"https://{NAME}:{server.port}/a")
    assert (given.url, given.age_s) == (server.url("https", NAME, "/a"), 0.0)
    assert given.local.finding("tls").outcome is Outcome.FAIL  # type: ignore[union-attr]
    assert (await runner.run(f"//{NAME}:{server.port}/a")).checked_at == found.checked_at


async def test_address_without_a_scheme_passes_the_guard(lo: Any) -> None:
    """An open scheme opens nothing else."""
    report = await make(lo).run("//10.0.0.1/admin")
    assert (report.url, report.refusal) == ("https://10.0.0.1/admin", "private-v4")


@pytest.mark.parametrize(
    ("text", "url", "host"),
    [
        ("http://10.0.0.1/admin?key=secret", "http://10.0.0.1/admin", "10.0.0.1"),
        ("http://user:secret@www.site.test/", "http://www.site.test/", "www.site.test"),
        ("http://a@secret@www.site.test/", "http://www.site.test/", "www.site.test"),
        ("ftp://www.site.test/", "ftp://www.site.test/", "www.site.test"),
        ("http://[fe80::1]:80/", "http://[fe80::1]:80/", "fe80::1"),
        ("http://10.0.0.1:80/@x", "http://10.0.0.1:80/@x", "10.0.0.1"),
        ("http://user:sec/ret@www.site.test/", "http://www.site.test/", "www.site.test"),
        ("no\u202e address\n", "no address", ""),
    ],
)
async def test_refused_text_contacts_nobody_and_repeats_no_secret(text: str, url: str, host: str, lo: Any) -> None:
    """What the guard does not take is reported with its reason; no name is looked up, no secret comes back."""
    runner = make(lo)
    told: list[Finding] = []
    report = await runner.run(text, on_finding=told.append)
    assert (report.url, report.host) == (url, host)
    assert report.refusal
    assert told == list(report.local.findings)
    assert told == [Finding(check="http", outcome=Outcome.SKIP, failure=Failure.REFUSED_ADDRESS)]
    assert runner._reach.resolver.asked == []  # type: ignore[attr-defined]


async def test_broken_look_is_a_report_of_no_look(lo: Any, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever breaks, a report comes back to all who wait; it is not handed out again, and the log names no site."""

    routes = [ValueError(f"no way to {NAME}")]

    def has_route(ip: Any) -> bool:
        if routes:
            raise routes[0]
        return True

    reach, server = lo.reach({NAME: lo.answer("127.0.0.2")}), await lo.serve(lo.reply())
    runner = Runner(replace(reach, has_route=has_route))
    url = server.url(name=NAME, path="/a?b")
    told: list[Finding] = []
    reports = await asyncio.gather(runner.run(url, on_finding=told.append), runner.run(url))
    assert [(report.url, report.host, report.refusal) for report in reports] == [(url[:-2], NAME, None)] * 2
    assert reports[0].local.findings == (
        Finding(check="http", outcome=Outcome.SKIP, facts={"not-looked": "broken"}),
    )  # fmt: skip
    assert told[-1] == reports[0].local.findings[0]
    assert NAME not in caplog.text
    routes.clear()
    whole = await runner.run(url)
    assert (whole.age_s, whole.local.finding("http").outcome) == (0.0, Outcome.OK)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("path", "asked"),
    [
        ("/view?key=%3Ctoken%3E&page=2", b"GET /view HTTP/1.1"),
        ("/view?key=<token>", b"GET /view HTTP/1.1"),
        ("/view?<query>", b"GET /view HTTP/1.1"),
        ("/hooks/<token>", b"GET / HTTP/1.1"),
    ],
)
async def test_placeholder_of_a_secret_is_not_sent(path: str, asked: bytes, lo: Any) -> None:
    """What was redacted is left out of the request, and the report says that the answer is another address's."""
    server = await lo.serve(lo.reply("404 Not Found"))
    runner = make(lo)
    report = await runner.run(server.url(path=path))
    assert server.requests[0].startswith(asked)
    http = report.local.finding("http")
    assert http is not None
    assert http.facts["secret-removed"] is True
    whole = await runner.run(server.url(path=asked.decode().split()[1]))
    assert whole.local.findings[-1].facts == {
        name: value for name, value in http.facts.items() if name != "secret-removed"
    }
    assert len(server.requests) == 1


async def test_forbidden_answer_is_a_refusal(lo: Any) -> None:
    """A public name with a private address is refused with the guard's reason."""
    reach = lo.reach({NAME: lo.answer("10.0.0.1")})
    report = await Runner(reach).run(f"http://{NAME}/")
    assert report.refusal == reach.guard.vet(reach.guard.parse(f"http://{NAME}/"), ("10.0.0.1",)).reason


async def test_error_page_is_recognised(lo: Any) -> None:
    """The injected recogniser names the known error whose page came."""
    server = await lo.serve(lo.reply("502 Bad Gateway", b"<center>nginx</center>"))
    runner = Runner(lo.reach(), recognise=lambda status, page: f"nginx-{status}" if "nginx" in page else None)
    report = await runner.run(server.url())
    assert report.local.finding("http").facts["error"] == "nginx-502"  # type: ignore[union-attr]


async def test_whole_run_with_real_name_servers(lo: Any) -> None:
    """Two name servers that disagree, good TLS, a 503 with a time: every check tells its part."""
    server = await lo.serve(lo.reply("503 Service Unavailable", Retry_After="90"), tls=lo.authority.server())
    one = await lo.name_server(lo.zone({NAME: ["CNAME edge.cdn.test"], "edge.cdn.test": ["A 127.0.0.2"]}))
    two = await lo.name_server(lo.zone({}), "127.0.0.3")
    reach = replace(lo.reach(), resolver=NameServers([one, two], lifetime=1.0, grace=0.5))
    report = await Runner(reach).run(server.url("https", NAME))
    dns, tls, http = (report.local.finding(check) for check in ("dns", "tls", "http"))
    assert dns is not None
    assert (dns.facts["cname"], dns.facts["agreement"]) == (["edge.cdn.test"], "conflict")
    assert tls is not None
    assert tls.facts["verified"] is True
    assert http is not None
    assert (http.outcome, http.facts["status"], http.facts["retry_after_s"]) == (Outcome.FAIL, 503, 90)
    assert http.facts["confirmed"] is True


@pytest.fixture
async def globalping() -> AsyncIterator[GlobalpingStandin]:
    """Return a stand-in whose requests and replies are judged when the test is over."""
    standing = GlobalpingStandin()
    listening = await standing.start()
    yield standing
    await listening.cleanup()
    assert standing.faults == []


async def far(lo: Any, globalping: GlobalpingStandin, *answers: bytes, **settings: Any) -> Runner:
    """Return a runner for which `shop.example.com` is a public site that gives these answers."""
    server = await lo.serve(answers)
    reach = lo.reach({"shop.example.com": lo.answer(PUBLIC)}, **settings)
    terms = Terms(Access(globalping.url), pause=0.01)
    return Runner(bent(reach, server.host, server.port), others=Wanted(globalping=terms))


FAR = "http://shop.example.com/cart"


async def test_other_places_are_asked_after_a_failed_look(lo: Any, globalping: GlobalpingStandin) -> None:
    """The bot's own look is announced first and stays the first; others follow, and are kept with the report."""
    globalping.results = [finished(502), finished(200, DALLAS)]
    runner = await far(lo, globalping, lo.reply("502 Bad Gateway"))
    before: list[tuple[str, int]] = []
    report = await runner.run(
        FAR, elsewhere=True, on_finding=lambda finding: before.append((finding.check, len(globalping.asked)))
    )
    assert [vantage.name for vantage in report.vantages] == [
        "local", "globalping: Frankfurt, DE, AS3320", "globalping: Dallas, US, AS7018",
    ]  # fmt: skip
    assert sorted(before) == [(check, 0) for check in ("canary", "dns", "http", "tcp", "tls")]
    kept = await runner.run(FAR, elsewhere=True)
    assert (kept.vantages, len(globalping.bodies)) == (report.vantages, 1)
    assert Report.model_validate_json(report.model_dump_json()) == report


async def test_nobody_is_asked_unasked(lo: Any, globalping: GlobalpingStandin) -> None:
    """Without the caller's wish, and for a site that works, nobody else learns of the look."""
    runner = await far(lo, globalping, *[lo.reply("502 Bad Gateway")] * 3, lo.reply())
    assert len((await runner.run(FAR, fresh=True)).vantages) == 1
    report = await runner.run("http://shop.example.com/fine", elsewhere=True)
    assert report.local.finding("http").outcome is Outcome.OK  # type: ignore[union-attr]
    assert globalping.asked == []


async def test_look_without_others_is_no_look_with_them(lo: Any, globalping: GlobalpingStandin) -> None:
    """What a watch saw a moment ago does not keep a person from hearing of other places."""
    globalping.results = [finished(502)]
    runner = await far(lo, globalping, lo.reply("502 Bad Gateway"))
    alone, wide = await asyncio.gather(runner.run(FAR), runner.run(FAR, elsewhere=True))
    assert (len(alone.vantages), len(wide.vantages)) == (1, 2)
    assert len((await runner.run(FAR)).vantages) == 1


async def test_private_site_is_told_to_nobody(lo: Any, globalping: GlobalpingStandin) -> None:
    """A site that only the operator's list lets pass is looked at from here alone."""
    server = await lo.serve(lo.reply("502 Bad Gateway"))
    runner = Runner(lo.reach({NAME: lo.answer("127.0.0.2")}), others=Wanted(globalping=Terms(Access(globalping.url))))
    for url in (server.url(), server.url(name=NAME)):
        assert len((await runner.run(url, elsewhere=True)).vantages) == 1
    assert (await runner.run("http://10.0.0.1/", elsewhere=True)).refusal == "private-v4"
    assert globalping.asked == []


async def test_waiting_for_others_takes_no_turn(lo: Any, globalping: GlobalpingStandin) -> None:
    """While other places are asked, the next site is looked at already."""
    globalping.creating = never
    runner = await far(lo, globalping, lo.reply("502 Bad Gateway"), concurrency=1)
    waiting = asyncio.ensure_future(runner.run(FAR, elsewhere=True))
    while not globalping.asked:  # noqa: ASYNC110 - nothing else tells
        await asyncio.sleep(0.01)
    await asyncio.wait_for(runner.run("http://shop.example.com/other"), 2)
    assert not waiting.done()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
