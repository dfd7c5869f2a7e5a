"""Is each of the demo's sites broken in the way it says, as the real checks see it?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.cli.compose import make_runner
from bot.cli.demo.show import offline
from bot.cli.demo.sites import MENDED_AFTER_S, SITES, Sites
from bot.diagnosis.identify import identify
from bot.kb.model import KnowledgeBase
from bot.settings.model import Settings

pytestmark = pytest.mark.soak
STATUS = {"shop": 502, "photos": 502, "slow": 504, "tickets": 503, "fine": 200}


@pytest.fixture
async def sites() -> AsyncIterator[Sites]:
    """Return running sites."""
    sites = Sites()
    await sites.start()
    yield sites
    await sites.close()


async def test_checks_see_what_each_site_says(sites: Sites, kb: KnowledgeBase) -> None:
    """The real checks find each status, and the forum's door closed."""
    runner = make_runner(kb, offline(Settings(confirm_after_s=0), sites).model_copy(update={"confirm_after_s": 0.0}))
    reports = await asyncio.gather(*(runner.run(sites.url(site)) for site in SITES))
    seen = {report.host.partition(".")[0]: report.local for report in reports}
    for name, status in STATUS.items():
        http = seen[name].finding("http")
        assert http is not None
        assert http.facts["status"] == status, name
    closed = seen["forum"].finding("tcp")
    assert closed is not None
    assert closed.failure == "refused"


def test_every_plea_is_one_that_the_bot_answers(kb: KnowledgeBase) -> None:
    """What the demo proposes to paste is noticed in a channel, with its address."""
    pasted = [site for site in SITES if not site.plea.startswith("/")]
    assert len(pasted) > 3
    for site in pasted:
        found = identify(kb, site.plea.format(url=f"http://{site.name}.example.com/"))
        assert found.speak, site.name
        assert found.target is not None, site.name
        assert found.target.host == f"{site.name}.example.com"


def test_one_site_mends_itself() -> None:
    """After a while the photos are back, so that "still broken" can meet a world that changed."""
    photos = next(site for site in SITES if site.name == "photos")
    assert photos.answer is not None
    assert photos.answer(0).status.startswith("502")
    assert photos.answer(MENDED_AFTER_S).status.startswith("200")


async def test_unknown_host_is_hung_up_on(sites: Sites) -> None:
    """A visitor without a name of ours gets no answer, and harms nobody."""
    reader, writer = await asyncio.open_connection("127.0.0.1", sites.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: else.example.com\r\n\r\n")
    assert await reader.read() == b""
    writer.close()
