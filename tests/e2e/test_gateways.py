"""Do whole conversations about real gateways end well? nginx, HAProxy, Apache and Squid, broken as they break."""

from __future__ import annotations

import re
import time
from typing import NamedTuple

import pytest

from e2e.command import Command, Talk
from e2e.servers import Nginx, Product, Squid
from e2e.stage import HANG_UP, Stage, raw

pytestmark = pytest.mark.soak
ELSEWHERE = "I get the same error from elsewhere, so your browser, devices and line are not the cause"
ROUTER, NAMES, NETWORK = "Restart modem and router", "Refresh DNS", "Try another network"
POINTLESS = {"private-window", "clear-cache", "cookies", "restart-computer", "restart-network", "dns-servers"}
POLITENESS_S = 2.1
"""A look that is younger than this is not repeated."""


class Story(NamedTuple):
    """A gateway's page, and what must come of it."""

    product: str
    site: str
    page: str
    """A part of the page that the product of the day really sends."""
    title: str
    cause: str
    skipped: tuple[str, ...]


STORIES = {
    "nginx-dead-upstream": Story(
        "nginx", "dead", "502 Bad Gateway", "nginx", "gateway-without-answer", (ROUTER, NAMES)
    ),
    "nginx-slow-upstream": Story("nginx", "slow", "504 Gateway Time-out", "nginx", "gateway-timeout", (NETWORK,)),
    "haproxy-no-server": Story(
        "haproxy", "empty", "503 Service Unavailable", "HAProxy", "nothing-healthy-behind", (ROUTER, NAMES)
    ),
    "apache-upstream-hangs-up": Story(
        "apache", "hangs_up", "Error reading from remote server", "Apache", "gateway-without-answer", (ROUTER, NAMES)
    ),
    "apache-upstream-refuses": Story(
        "apache", "refused", "Service Unavailable", "Apache", "service-unavailable", ("Pause your VPN",)
    ),
}


@pytest.fixture(params=STORIES.values(), ids=STORIES.keys())
def story(request: pytest.FixtureRequest) -> Story:
    """Return one of the stories."""
    return request.param


@pytest.fixture
def product(story: Story, request: pytest.FixtureRequest) -> Product:
    """Return the running server of the story."""
    return request.getfixturevalue(story.product)


def opened(talk: Talk, page: str, url: str, role: str = "visitor") -> Talk:
    """Paste a page, say whose site it is, and give its address."""
    talk.paste(*page.splitlines())
    assert talk.keys == ["recognised", "ask-role"]
    talk.picks(role)
    assert talk.keys == ["ask-address"]
    talk.say(url)
    assert talk.keys == ["checking", "verdict"]
    return talk


def to_the_exit(talk: Talk) -> list[str]:
    """Say "still broken" at every step; return the steps that were shown."""
    shown: list[str] = []
    while "still-broken" in talk.offered:
        assert talk.step is not None
        shown.append(talk.step)
        assert len(shown) < 20
        talk.picks("still-broken")
        assert talk.keys[:2] == ["checking", "same"]
    return shown


def test_visitor_of_broken_gateway_reaches_an_end(story: Story, product: Product, command: Command) -> None:
    """From the real page to the report: the right side is blamed, and pointless steps are left out, with the reason."""
    url = getattr(product, story.site)
    page = product.page(url)
    assert story.page in page
    with command.chat() as talk:
        opened(talk, page, url)
        assert story.title in talk.said[1]["text"]
        assert talk.judged == ("down", "origin", story.cause, "likely"), "one place that looked is never certain"
        assert "twice" in talk.text

        talk.picks("why")
        assert talk.keys == ["why", "verdict"]
        assert story.cause in talk.text
        assert "Asked twice, the same both times: yes" in talk.text

        talk.picks("guide")
        skipped = talk.text.partition(f"Skipped, because {ELSEWHERE}: ")[2].partition("\n")[0]
        assert all(title in skipped for title in story.skipped)

        talk.picks("why")
        assert talk.keys == ["why", "step"]
        talk.picks("back")
        assert talk.keys == ["verdict"]
        talk.picks("guide")
        shown = to_the_exit(talk)
        assert len(shown) == len(set(shown)) >= 2
        assert not POINTLESS & set(shown)
        assert talk.keys == ["checking", "same", "exhausted"]

        talk.picks("report-owner")
        assert talk.keys == ["report", "exhausted"]
        assert f"Address: {url}" in talk.text
        assert "did not help" in talk.text
        talk.picks("later")
        assert talk.keys == ["ended"]
        assert talk.ends() == (0, "")


def test_owner_sees_the_site_come_back(nginx: Nginx, stage: Stage, command: Command) -> None:
    """The owner is led through nginx's own guide; once the upstream answers, a new look says so and ends it."""
    stage.answer("mended", HANG_UP)
    page = nginx.page(nginx.mended)
    with command.chat() as talk:
        opened(talk, page, nginx.mended, role="owner")
        assert talk.judged == ("down", "origin", "gateway-without-answer", "likely")
        talk.picks("guide")
        assert talk.step == "read-gateway-log"
        assert "error.log" in talk.text

        stage.answer("mended", raw("200 OK", "<h1>Back</h1>"))
        time.sleep(POLITENESS_S)
        talk.picks("still-broken")
        assert talk.keys == ["checking", "changed", "verdict"]
        assert talk.judged[0] == "up"
        talk.picks("works")
        assert talk.keys == ["ended"]
        assert talk.ends() == (0, "")
    assert stage.asked["mended.example.com"] == 1, "a good answer needs no second request"


def test_site_that_works_is_not_blamed(nginx: Nginx, command: Command) -> None:
    """A visitor's 502 while the site works from here: the bot asks what it cannot see, and has the page reloaded."""
    with command.chat() as talk:
        opened(talk, nginx.page(nginx.dead), nginx.fine)
        assert talk.judged == ("up", "unknown", "answers-well-here", "likely")
        talk.picks("guide")
        assert talk.keys == ["ask-question"]
        talk.picks("yes")
        assert "verdict" in talk.keys
        assert talk.judged == ("up", "unknown", "recovered", "weak")
        assert talk.step == "reload"
        assert talk.ends() == (0, "")


def test_office_proxy_is_told_from_the_site(squid: Squid, stage: Stage, command: Command) -> None:
    """Squid's page about a site that works from here: the proxy is blamed, not the site; its address is read."""
    url = stage.site("news", raw("200 OK", "<h1>News</h1>"))
    page = squid.page(url)
    assert re.search(r"Connection to \S+ failed", page)
    with command.chat() as talk:
        talk.paste(*page.splitlines())
        assert talk.keys == ["recognised", "ask-role"]
        assert "Squid" in talk.text
        talk.picks("visitor")
        assert talk.keys == ["checking", "verdict"], "the address stands in the page"
        assert talk.judged == ("up", "visitor", "local-proxy", "likely")
        assert talk.ends() == (0, "")
    assert stage.asked["news.example.com"] == 1
