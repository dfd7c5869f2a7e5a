"""Who gets a new run, who joins one, who gets what was seen before; and does a whole run tell the truth?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bent import PUBLIC, bent
from bot.checks.nameservers import NameServers
from bot.checks.places import LONGEST_LINE
from bot.checks.runner import Runner
from bot.checks.vantage.api import Access
from bot.checks.vantage.globalping import Terms
from bot.checks.vantage.others import Wanted
from bot.diagnosis.findings import Failure, Finding, Outcome, Report
from bot.ports import Asker
from globalping_standin import DALLAS, GlobalpingStandin, finished, never

NAME = "www.site.test"


class Clock:
    """A monotonic clock that stands until it is set."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


def make(lo: Any, clock: Clock | None = None, **settings: Any) -> Runner:
    reach = lo.reach({NAME: lo.answer("127.0.0.2")}, **settings)
    return Runner(replace(reach, monotonic=clock) if clock else reach, now=lambda: datetime(2026, 11, 24, tzinfo=UTC))


class Gate:
    """A server that answers when it is told to."""

    def __init__(self, lo: Any) -> None:
        self.asked = asyncio.Event()
        self.open = asyncio.Event()
        self.closed = asyncio.Event()
        self._answer = lo.reply()

    async def __call__(self, reader: Any, writer: Any) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
        except asyncio.IncompleteReadError:
            return  # a knock
        self.asked.set()
        waiting = asyncio.ensure_future(self.open.wait())
        gone = asyncio.ensure_future(reader.read())
        await asyncio.wait({waiting, gone}, return_when=asyncio.FIRST_COMPLETED)
        if gone.done():
            self.closed.set()
        waiting.cancel()
        gone.cancel()
        writer.write(self._answer)


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


async def test_fifty_callers_share_one_run(lo: Any) -> None:
    """The same address at the same moment is looked at once; late callers learn what was found before."""
    gate = Gate(lo)
    server = await lo.serve(gate)
    runner = make(lo)
    first = asyncio.ensure_future(runner.run(server.url()))
    await gate.asked.wait()
    late: list[Finding] = []
    others = [asyncio.ensure_future(runner.run(server.url(), on_finding=late.append)) for _ in range(1)]
    others += [asyncio.ensure_future(runner.run(server.url(), fresh=True)) for _ in range(48)]
    await asyncio.sleep(0)
    assert {"canary", "dns"} <= {finding.check for finding in late}
    gate.open.set()
    reports = await asyncio.gather(first, *others)
    assert all(report == reports[0] for report in reports)
    assert sorted(finding.check for finding in late) == ["canary", "dns", "http", "tcp", "tls"]
    assert server.connections == 2  # one knock, one request


async def test_last_waiter_leaving_ends_the_run(lo: Any) -> None:
    """When all callers are cancelled the server's connection is closed, and the next caller starts afresh."""
    gate = Gate(lo)
    server = await lo.serve(gate)
    runner = make(lo, read_timeout=30.0, deadline=60.0)
    callers = [asyncio.ensure_future(runner.run(server.url())) for _ in range(3)]
    await gate.asked.wait()
    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    await asyncio.wait_for(gate.closed.wait(), 5)
    gate.open.set()
    report = await runner.run(server.url())
    assert report.age_s == 0.0
    assert report.local.finding("http").outcome is Outcome.OK  # type: ignore[union-attr]


async def test_recent_result_is_handed_out_with_its_age(lo: Any) -> None:
    """Within a minute a good result comes from memory, with its age and its findings; after that it is made again."""
    clock = Clock()
    server = await lo.serve(lo.reply())
    runner = make(lo, clock)
    await runner.run(server.url())
    clock.at += 40
    told: list[Finding] = []
    kept = await runner.run(server.url(), on_finding=told.append)
    assert (kept.age_s, len(server.requests)) == (40.0, 1)
    assert told == list(kept.local.findings)
    clock.at += 21
    assert (await runner.run(server.url())).age_s == 0.0
    assert len(server.requests) == 2


async def test_failing_result_is_kept_for_half_the_time(lo: Any) -> None:
    """After half a minute a failing site is looked at again."""
    clock = Clock()
    server = await lo.serve([lo.reply("502 x"), lo.reply("502 x"), lo.reply()])
    runner = make(lo, clock)
    await runner.run(server.url())
    clock.at += 31
    report = await runner.run(server.url())
    assert report.local.finding("http").outcome is Outcome.OK  # type: ignore[union-attr]


async def test_fresh_run_looks_again(lo: Any) -> None:
    """Whoever asks for a fresh look gets one, and it replaces the kept one."""
    clock = Clock()
    server = await lo.serve([lo.reply(), lo.reply("404 Not Found")])
    runner = make(lo, clock, target_pause=2.0)
    await runner.run(server.url())
    clock.at += 10
    again = await runner.run(server.url(), fresh=True)
    kept = await runner.run(server.url())
    assert [one.local.finding("http").facts["status"] for one in (again, kept)] == [404, 404]  # type: ignore[union-attr]


async def test_fresh_look_of_a_moment_ago_is_fresh_enough(lo: Any) -> None:
    """A target is not hammered: a second fresh look right away gets the first one's result, with its age."""
    clock = Clock()
    server = await lo.serve(lo.reply())
    runner = make(lo, clock, target_pause=5.0)
    await runner.run(server.url(), fresh=True)
    clock.at += 3
    report = await runner.run(server.url(), fresh=True)
    assert (report.age_s, len(server.requests)) == (3.0, 1)


async def test_other_pages_of_a_host_wait_for_their_turn(lo: Any) -> None:
    """Two pages of one host are looked at one after the other; two hosts are not."""
    server = await lo.serve(lo.reply())
    runner = make(lo, target_pause=0.3)
    now = asyncio.get_running_loop().time
    started = now()
    await asyncio.gather(runner.run(server.url(path="/a")), runner.run(server.url(path="/b")))
    assert now() - started >= 0.3
    assert len(server.requests) == 2


async def test_many_pages_of_one_site_are_answered_soon(lo: Any) -> None:
    """In an outage everybody pastes another page of the same host: few looks are made, and all learn what they saw."""
    server = await lo.serve(lo.reply("502 Bad Gateway", b"<title>private</title>", cf_ray="1"))
    runner = make(lo, target_pause=3.0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    reports = await asyncio.gather(*(runner.run(server.url(path=f"/{number}")) for number in range(20)))
    assert loop.time() - began < 8
    assert {request.split()[1] for request in server.requests} == {b"/0", b"/1", b"/2"}
    assert [report.url for report in reports] == [server.url(path=f"/{number}") for number in range(20)]
    facts = [report.local.finding("http").facts for report in reports]  # type: ignore[union-attr]
    assert [each.get("other-page", False) for each in facts] == [False] * 3 + [True] * 17
    assert {each["status"] for each in facts} == {502}
    assert facts[3]["url"] == server.url()
    assert "private" not in str(facts[3:])
    assert [finding.outcome for finding in reports[3].local.findings] == [
        finding.outcome for finding in reports[0].local.findings
    ]


async def test_page_that_was_seen_a_moment_ago_is_told_as_itself(lo: Any) -> None:
    """Whoever wants a new look at a host that many ask for gets the newest one of the same page, if there is one."""
    clock, server = Clock(), await lo.serve(lo.reply())
    runner = make(lo, clock, target_pause=4.0)
    first = await runner.run(server.url(path="/a"))
    clock.at += 5
    runner._hosts.take("127.0.0.2", clock.at + 60)
    again = await runner.run(server.url(path="/a"), fresh=True)
    assert (again.checked_at, again.age_s) == (first.checked_at, 5.0)
    assert again.local.findings == first.local.findings


async def test_one_server_under_many_names_is_not_hammered(lo: Any) -> None:
    """Names that lead to one network share its turns: a few looks at once, then none until there is a turn again."""
    server = await lo.serve(lo.reply())
    names = [f"a{number}.example.com" for number in range(6)]
    reach = lo.reach({name: lo.answer(PUBLIC) for name in names}, target_pause=60.0)
    runner = Runner(bent(reach, server.host, server.port))
    reports = [await runner.run(f"http://{name}/") for name in names]
    assert len(server.requests) == 4
    assert [report.local.finding("http").facts.get("not-looked") for report in reports] == [  # type: ignore[union-attr]
        None, None, None, None, "busy", "busy",
    ]  # fmt: skip
    assert not any(finding.failure for report in reports for finding in report.local.findings)


async def test_redirects_of_many_names_do_not_hammer_one_server(lo: Any) -> None:
    """A redirect to a network takes a turn there, too; whoever finds none says nothing of the site."""
    victim = await lo.serve(lo.reply())
    owner = await lo.serve(lo.reply("302 Found", Location="http://victim.example.com/"))
    names = {f"a{number}.site.test": lo.answer(owner.host) for number in range(6)}
    reach = lo.reach({**names, "victim.example.com": lo.answer(PUBLIC)}, target_pause=60.0)
    runner = Runner(bent(reach, victim.host, victim.port))
    reports = [await runner.run(owner.url(name=name)) for name in names]
    assert len(victim.requests) == 4
    https = [report.local.finding("http") for report in reports]
    assert [each.outcome for each in https] == [Outcome.OK] * 4 + [Outcome.SKIP] * 2  # type: ignore[union-attr]
    assert https[-1].facts == {"not-looked": "busy"}  # type: ignore[union-attr]


async def test_no_more_than_so_many_run_at_once(lo: Any) -> None:
    """Beyond the limit runs wait for a free place."""
    gate = Gate(lo)
    server = await lo.serve(gate)
    other = await lo.serve(lo.reply())
    runner = make(lo, concurrency=1, read_timeout=30.0, deadline=60.0)
    first = asyncio.ensure_future(runner.run(server.url()))
    await gate.asked.wait()
    second = asyncio.ensure_future(runner.run(other.url()))
    await asyncio.sleep(0.1)
    assert other.connections == 0
    gate.open.set()
    await asyncio.gather(first, second)
    assert len(other.requests) == 1


async def test_one_person_does_not_hold_all_places(lo: Any) -> None:
    """Silent sites of one person, more than there are places, keep nobody else waiting."""
    gates = [await lo.serve(Gate(lo)) for _ in range(12)]
    server = await lo.serve(lo.reply())
    runner = make(lo, read_timeout=30.0, deadline=60.0)
    slow = [asyncio.ensure_future(runner.run(gate.url(), by=Asker("ann", "one"))) for gate in gates]
    await asyncio.sleep(0.1)
    report = await asyncio.wait_for(runner.run(server.url(), by=Asker("bob", "two")), 5)
    assert report.local.finding("http").outcome is Outcome.OK  # type: ignore[union-attr]
    assert sum(gate.connections > 0 for gate in gates) == 2
    for each in slow:
        each.cancel()
    await asyncio.gather(*slow, return_exceptions=True)


async def test_who_comes_too_late_is_told_to_come_back(lo: Any) -> None:
    """Beyond a long line no look is made, and the report says why."""
    gate = Gate(lo)
    server = await lo.serve(gate)
    runner = make(lo, concurrency=1, read_timeout=30.0, deadline=60.0)
    looks = [
        asyncio.ensure_future(runner.run(server.url(path=f"/{number}"), by=Asker(f"p{number}", "one")))
        for number in range(LONGEST_LINE + 2)
    ]
    done, waiting = await asyncio.wait(looks, return_when=asyncio.FIRST_COMPLETED)
    assert [each.result().local.findings[0].facts for each in done] == [{"not-looked": "busy"}]
    for each in waiting:
        each.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_error_page_is_recognised(lo: Any) -> None:
    """The injected recogniser names the known error whose page came."""
    server = await lo.serve(lo.reply("502 Bad Gateway", b"<center>nginx</center>"))
    runner = Runner(lo.reach(), recognise=lambda status, page: f"nginx-{status}" if "nginx" in page else None)
    report = await runner.run(server.url())
    assert report.local.finding("http").facts["error"] == "nginx-502"  # type: ignore[union-attr]


async def test_listener_that_fails_does_not_spoil_a_kept_result(lo: Any) -> None:
    """Also with a result from memory a broken listener harms nobody."""
    server = await lo.serve(lo.reply())
    runner = make(lo, Clock())
    await runner.run(server.url())

    def broken(finding: Finding) -> None:
        raise RuntimeError

    assert (await runner.run(server.url(), on_finding=broken)).host == "127.0.0.2"


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
