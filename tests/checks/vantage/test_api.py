"""Are answers of the interface read within bounds, over one client that is closed with the last question?"""

from __future__ import annotations

import asyncio
import gzip
from typing import Any

import httpx
import pytest

from bot.checks.vantage.api import MAX_ANSWER, Access, Api, TooLargeError
from globalping_standin import GlobalpingStandin, finished, raw


@pytest.fixture
def api(standin: GlobalpingStandin, lo: Any) -> Api:
    return Api(Access(standin.url, "my-token", "Tester/1"), lo.contexts.web)


async def test_requests_say_who_asks(standin: GlobalpingStandin, api: Api) -> None:
    """The User-Agent and the token are sent, answers may be packed, and the ETag of the last answer is told."""
    standin.results = [finished()]
    standin.looks_under_way = 0
    async with api.client() as client:
        first = await api.measurement(client, "abc", None)
        again = await api.measurement(client, "abc", first.headers["etag"])
    assert (first.status, again.status, again.shape) == (200, 304, None)
    assert first.shape["results"][0]["result"]["statusCode"] == 200
    assert [path for _, path, _ in standin.asked] == ["/v1/measurements/abc"] * 2
    headers = standin.asked[1][2]
    assert headers["If-None-Match"] == first.headers["etag"]
    assert (headers["User-Agent"], headers["Authorization"], headers["Accept-Encoding"]) == (
        "Tester/1",
        "Bearer my-token",
        "gzip",
    )


async def test_token_is_not_shown_and_not_needed(standin: GlobalpingStandin, lo: Any) -> None:
    """A token appears in no text of ours; without one no credentials are sent."""
    assert "my-token" not in repr(Access(token="my-token"))
    await Api(Access(standin.url), lo.contexts.web).limits()
    assert "Authorization" not in standin.asked[0][2]


async def test_one_client_serves_all_and_is_closed_with_the_last(api: Api) -> None:
    """Questions under way share a client; afterwards a new one is made."""
    async with api.client() as first:
        async with api.client() as second:
            assert first is second
        assert not first.is_closed
    assert first.is_closed
    async with api.client() as third:
        assert third is not first


async def test_packed_answer_is_unpacked(standin: GlobalpingStandin, api: Api) -> None:
    """gzip is what the API is asked for."""
    standin.telling = raw(gzip.compress(b'{"status": "finished"}'), Content_Encoding="gzip")
    async with api.client() as client:
        assert (await api.measurement(client, "abc", None)).shape == {"status": "finished"}


@pytest.mark.parametrize(
    "telling",
    [
        raw(b" " * (MAX_ANSWER + 1)),
        raw(gzip.compress(b" " * (MAX_ANSWER + 1)), Content_Encoding="gzip"),
        raw(gzip.compress(b"0" * 50_000_000), Content_Encoding="gzip"),
    ],
    ids=["plain", "packed", "bomb"],
)
async def test_huge_answer_is_not_read(standin: GlobalpingStandin, api: Api, telling: Any) -> None:
    """Beyond the limit reading ends, packed or not."""
    standin.telling = telling
    async with api.client() as client:
        with pytest.raises(TooLargeError):
            await api.measurement(client, "abc", None)


async def test_strange_packing_is_refused(standin: GlobalpingStandin, api: Api) -> None:
    """What was not asked for is not unpacked."""
    standin.telling = raw(b"{}", Content_Encoding="br")
    async with api.client() as client:
        with pytest.raises(ValueError, match="packed"):
            await api.measurement(client, "abc", None)


@pytest.mark.parametrize(
    ("text", "seconds"), [("30", 30.0), (" 7 ", 7.0), ("", None), ("-1", None), ("²", None), ("9" * 99, None)]
)
async def test_headers_with_numbers_are_read_carefully(text: str, seconds: float | None) -> None:
    """A number of seconds is digits, and not too many."""
    from bot.checks.vantage.api import Answer

    assert Answer(429, httpx.Headers({"retry-after": text.encode()}), None).seconds("retry-after") == seconds


async def test_waiting_for_a_client_can_be_ended(standin: GlobalpingStandin, api: Api) -> None:
    """A question that is cancelled leaves no client behind."""

    async def asking() -> None:
        async with api.client():
            await asyncio.sleep(60)

    task = asyncio.ensure_future(asking())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert api._client is None
