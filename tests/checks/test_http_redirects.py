"""Where do redirects lead a fetch, and where do they end?"""

from __future__ import annotations

from typing import Any

import pytest

from bot.checks.failures import Stage
from bot.checks.http import fetch
from bot.diagnosis.findings import Failure


def moved(location: str, status: str = "302 Found") -> bytes:
    return f"HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()


async def test_cookies_are_not_kept_between_hops(lo: Any) -> None:
    """A cookie that a redirect sets does not come back with the next request."""
    server = await lo.serve(
        [b"HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n", lo.reply()]
    )
    fetched = await fetch(server.url(), lo.reach())
    assert fetched.reply.status == 200
    assert b"cookie" not in server.requests[1].lower()
    assert [hop.sets_cookie for hop in fetched.hops] == [True]
    server = await lo.serve([moved("/x"), lo.reply()])
    assert [hop.sets_cookie for hop in (await fetch(server.url(), lo.reach())).hops] == [False]


async def test_each_hop_is_looked_up_once(lo: Any) -> None:
    """The name of each hop is resolved exactly once, and the answer is what is dialled."""
    server = await lo.serve([moved("/next"), lo.reply()])
    reach = lo.reach({"www.site.test": lo.answer("127.0.0.2")})
    fetched = await fetch(server.url(name="www.site.test"), reach)
    assert fetched.reply.status == 200
    assert reach.resolver.asked == ["www.site.test", "www.site.test"]
    assert [(hop.status, hop.location) for hop in fetched.hops] == [
        (302, server.url(name="www.site.test", path="/next"))
    ]


async def test_ten_redirects_are_followed_and_not_eleven(lo: Any) -> None:
    """Ten redirects lead to the answer; the eleventh ends the fetch."""
    ten = [moved(f"/{n}") for n in range(10)]
    server = await lo.serve([*ten, lo.reply()])
    assert (await fetch(server.url(), lo.reach())).reply.status == 200
    server = await lo.serve([*ten, moved("/11"), lo.reply()])
    fetched = await fetch(server.url(), lo.reach())
    assert fetched.failure is Failure.TOO_MANY_REDIRECTS
    assert len(server.requests) == 11


@pytest.mark.parametrize(
    ("location", "failure"),
    [
        ("/", Failure.REDIRECT_LOOP),
        ("http://10.0.0.1/", Failure.REDIRECT_REFUSED),
        ("http://127.0.0.2:25/", Failure.REDIRECT_REFUSED),
        ("javascript:alert(1)", Failure.REDIRECT_REFUSED),
        ("http://user:pass@www.site.test/", Failure.REDIRECT_REFUSED),
        ("http:///nowhere", Failure.BAD_LOCATION),
        ("http://gone.site.test/", Failure.NXDOMAIN),
        ("http://inside.site.test/", Failure.REDIRECT_REFUSED),
    ],
)
async def test_bad_redirect_ends_the_fetch(location: str, failure: Failure, lo: Any) -> None:
    """A redirect that loops, leaves the policy or cannot be read is a failure of its own, and nobody else is asked."""
    server = await lo.serve(moved(location))
    fetched = await fetch(server.url(), lo.reach({"inside.site.test": lo.answer("10.1.2.3")}))
    assert fetched.failure is failure
    assert server.connections == 1


async def test_two_different_locations_lead_nowhere(lo: Any) -> None:
    """Two Location headers that differ are a bad location; the same one twice is followed."""
    head = b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: /a\r\n"
    server = await lo.serve([head + b"Location: /b\r\n\r\n"])
    assert (await fetch(server.url(), lo.reach())).failure is Failure.BAD_LOCATION
    server = await lo.serve([head + b"Location: /a\r\n\r\n", lo.reply()])
    assert (await fetch(server.url(), lo.reach())).reply.status == 200


async def test_shown_location_hides_query_and_user_information(lo: Any) -> None:
    """Where a redirect leads is told without its query and without a password."""
    server = await lo.serve(moved("https://user:secret@www.site.test/a?token=secret#secret"))
    fetched = await fetch(server.url(), lo.reach())
    assert [hop.location for hop in fetched.hops] == ["https://www.site.test/a"]


async def test_redirect_status_without_location_is_the_answer(lo: Any) -> None:
    """A 302 that names no place is the last answer, not an error of ours."""
    server = await lo.serve(lo.reply("302 Found"))
    fetched = await fetch(server.url(), lo.reach())
    assert (fetched.failure, fetched.reply.status) == (None, 302)


async def test_end_of_redirects_tells_how_far_it_was_got(lo: Any, silent_port: int) -> None:
    """That the first host answered at once says nothing of the one to which it sends visitors on."""
    reach = lo.reach({"quiet.site.test": lo.answer("127.0.0.2")}, connect_timeout=0.2, tls_timeout=0.2)
    for location, failure, stage in (
        (f"http://quiet.site.test:{silent_port}/", Failure.TIMEOUT, Stage.CONNECT),
        ("http://gone.site.test/", Failure.NXDOMAIN, Stage.DNS),
    ):
        server = await lo.serve(moved(location))
        fetched = await fetch(server.url(), reach)
        assert (fetched.failure, fetched.stage, len(fetched.hops)) == (failure, stage, 1)
    assert (await fetch((await lo.serve(lo.reply())).url(), reach)).stage is None
