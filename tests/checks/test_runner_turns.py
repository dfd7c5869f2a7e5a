"""Who shares a run, who waits for a turn, and who is told to come back?"""

from __future__ import annotations

import asyncio
from typing import Any

from bent import PUBLIC, bent
from bot.checks.places import LONGEST_LINE
from bot.checks.runner import Runner
from bot.diagnosis.findings import Finding, Outcome
from bot.ports import Asker
from runner_stage import Clock, Gate, make


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


async def test_look_that_somebody_else_wants_too_need_not_wait(lo: Any) -> None:
    """Whoever joins a look that waits for its asker's share brings a share of their own."""
    gates = [await lo.serve(Gate(lo)) for _ in range(2)]
    server = await lo.serve(lo.reply())
    runner = make(lo, read_timeout=30.0, deadline=60.0)
    slow = [asyncio.ensure_future(runner.run(gate.url(), by=Asker("ann", "one"))) for gate in gates]
    await asyncio.sleep(0.1)
    third = asyncio.ensure_future(runner.run(server.url(), by=Asker("ann", "one")))
    await asyncio.sleep(0.3)
    assert not third.done()
    joined = await asyncio.wait_for(runner.run(server.url(), by=Asker("bob", "two")), 5)
    assert joined == await asyncio.wait_for(third, 5)
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


async def test_listener_that_fails_does_not_spoil_a_kept_result(lo: Any) -> None:
    """Also with a result from memory a broken listener harms nobody."""
    server = await lo.serve(lo.reply())
    runner = make(lo, Clock())
    await runner.run(server.url())

    def broken(finding: Finding) -> None:
        raise RuntimeError

    assert (await runner.run(server.url(), on_finding=broken)).host == "127.0.0.2"
