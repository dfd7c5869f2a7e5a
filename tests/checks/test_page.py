"""Which facts are taken from an answer, and what never gets into them?"""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.address import Address
from bot.checks.exchange import Reply
from bot.checks.failures import Stage
from bot.checks.http import Fetched, Hop
from bot.checks.page import Reader, facts_of, failure_of, is_good
from bot.checks.refusal import Refusal
from bot.diagnosis.facts import CHECKS, NO_PAGE, NOT_FOLLOWED, STAGES
from bot.diagnosis.findings import Failure
from bot.kb.lists import Product, Sign

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HTTPS = Address("https", "www.site.test", 443, "/a?token=secret")
HTTP = Address("http", "www.site.test", 80, "/")
SHIELD = Product(
    id="shield",
    name="Shield",
    role="edge",
    signs=(
        Sign(proves="passed", headers={"x-shield": ""}),
        Sign(proves="challenge", body="are you a robot"),
        Sign(proves="maintenance", body="back soon"),
    ),
)
READER = Reader((SHIELD,), None, lambda: NOW)


def got(status: int = 200, body: bytes = b"", *headers: tuple[bytes, bytes], **changes: Any) -> Fetched:
    reply = Reply(status, b"Words", headers, body, 12.34)
    return Fetched(changes.pop("address", HTTPS), reply=reply, **changes)


def test_facts_of_an_error_page() -> None:
    """Status, words, server, title, times and identifiers of an error page are taken."""
    page = b"<title>502 Bad Gateway</title>"
    facts = facts_of(
        got(502, page, (b"server", b"nginx"), (b"retry-after", b"30"), (b"age", b"7"), (b"cf-ray", b"abc-FRA")), READER
    )
    assert facts == {
        "url": "https://www.site.test/a",
        "query": True,
        "status": 502,
        "reason": "Words",
        "server": "nginx",
        "title": "502 Bad Gateway",
        "retry_after_s": 30,
        "age_s": 7,
        "ids": {"cf-ray": "abc-FRA"},
        "ms_first_byte": 12.3,
    }


def test_fingerprint_is_taken() -> None:
    """What the products' signs prove becomes facts; what they do not prove is left out."""
    facts = facts_of(got(503, b"Are you a robot? We are back soon.", (b"x-shield", b"1")), READER)
    assert (facts["edge"], facts["challenge"], facts["maintenance"]) == ("shield", "shield", True)
    assert not {"product", "writer", "parked"} & set(facts)


def test_packed_page_is_read() -> None:
    """A server that packs although it was asked not to is read all the same."""
    page = gzip.compress(b"<title>Hello</title>")
    assert facts_of(got(200, page, (b"content-encoding", b"gzip")), READER)["title"] == "Hello"


def test_known_error_is_looked_for_in_errors_only() -> None:
    """The recogniser sees status and page of an error; a good page about errors is not shown to it."""
    asked: list[tuple[int, str]] = []

    def recognise(status: int, page: str) -> str:
        asked.append((status, page))
        return "nginx-502"

    reader = Reader((), recognise, lambda: NOW)
    assert facts_of(got(502, b"Bad Gateway"), reader)["error"] == "nginx-502"
    assert "error" not in facts_of(got(200, b"502 Bad Gateway explained"), reader)
    assert asked == [(502, "Bad Gateway")]


NGINX_502 = (
    b"<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center><hr>"
    b"<center>nginx/1.24.0</center></body></html><!-- a padding to disable MSIE and Chrome friendly error page -->"
)


@pytest.mark.parametrize(
    ("status", "page", "poses"),
    [
        (200, NGINX_502, True),
        (203, b"<title>HTTP Error 503: Service Unavailable</title>", True),
        (502, NGINX_502, False),
        (200, NGINX_502.replace(b"<hr>", b"<p>What it means, and how to mend it. " * 40), False),
        (200, b"<title>What is 502 Bad Gateway?</title>502 Bad Gateway", False),
        (200, b"<title>500 free pictures</title><div id=root></div>", False),
        (200, b"502 Bad Gateway", False),
    ],
    ids=["nginx", "other-words", "sent-as-error", "article", "question", "other-number", "no-title"],
)
def test_error_page_that_is_sent_as_a_good_one(status: int, page: bytes, poses: bool) -> None:
    """Only a page whose title is an error's own, and that says nothing else, poses; a page about errors does not."""
    reader = Reader((), lambda status, _: f"generic-{status}", lambda: NOW)
    fetched = got(status, page)
    assert fetched.reply is not None
    found = reader.poses_as(fetched.reply)
    assert (found is not None) is poses
    assert is_good(got(status, page, poses_as=found)) is (status < 500 and not poses)
    assert facts_of(got(status, page, poses_as=found), reader).get("poses-as") == found


@pytest.mark.parametrize(
    ("status", "body", "header", "expected"),
    [
        (301, b"", (), "location"),
        (302, b"", ((b"location", b"/x"),), None),
        (304, b"", (), None),
        (200, b"no gzip", ((b"content-encoding", b"gzip"),), "coding"),
        (200, gzip.compress(b"page", mtime=0)[:-4], ((b"content-encoding", b"gzip"),), None),
        (200, b"", ((b"content-encoding", b"gzip"),), None),
        (200, b"\x1b", ((b"content-encoding", b"br"),), None),
        (200, b"page", ((b"content-encoding", b"identity"),), None),
        (502, b"no gzip", ((b"content-encoding", b"gzip"),), None),
    ],
)
def test_answer_that_shows_no_page_is_told(
    status: int, body: bytes, header: tuple[tuple[bytes, bytes], ...], expected: str | None
) -> None:
    """A redirect to nowhere and a packing that is none leave a browser without a page, whatever the status says."""
    facts = facts_of(got(status, body, *header), READER)
    assert facts.get("no-page") == expected
    assert expected in (None, *NO_PAGE)


def test_redirects_and_downgrade() -> None:
    """Redirects are listed, and a step from https to http is told; the step up is none."""
    down = got(200, b"", address=HTTP, hops=(Hop(HTTPS, 301, "http://www.site.test/"),))
    up = got(200, b"", address=HTTPS, hops=(Hop(HTTP, 301, "https://www.site.test/"),))
    assert facts_of(down, READER)["downgrade"] is True
    assert facts_of(down, READER)["redirects"] == [{"status": 301, "location": "http://www.site.test/"}]
    assert "downgrade" not in facts_of(up, READER)


@pytest.mark.parametrize("failure", [Failure.REDIRECT_LOOP, Failure.TOO_MANY_REDIRECTS])
def test_circle_that_sets_a_cookie_is_told(failure: Failure) -> None:
    """A cookie counts where redirects come to no end, and nowhere else."""
    hops = (Hop(HTTP, 302, "https://www.site.test/a", sets_cookie=True), Hop(HTTPS, 302, "http://www.site.test/"))
    assert facts_of(got(302, failure=failure, hops=hops), READER)["cookie"] is True
    assert "cookie" not in facts_of(got(302, failure=failure, hops=hops[1:]), READER)
    assert "cookie" not in facts_of(got(200, hops=hops), READER)


@pytest.mark.parametrize(
    ("reason", "location", "why", "leads"),
    [
        ("port", "https://shop.site.test:8444/login", "port", "https://shop.site.test:8444"),
        ("scheme", "myapp://open/page", "scheme", "myapp://open"),
        ("scheme", "mailto:x@site.test", "scheme", "mailto:"),
        ("userinfo", "https://host.site.test/x", "userinfo", "https://host.site.test"),
        ("private-v4", "http://192.168.1.10/", "inside", "http://192.168.1.10"),
        ("loopback-v4", "//127.0.0.1/", "inside", "//127.0.0.1"),
        ("name-single-label", "http://web01/", "inside", "http://web01"),
        ("name-localhost", "http://localhost/wp-login.php", "inside", "http://localhost"),
        ("own-address", "http://self.site.test/", "other", "http://self.site.test"),
    ],
)
def test_refused_redirect_says_why_and_where(reason: str, location: str, why: str, leads: str) -> None:
    """A redirect that is not followed tells for which reason, and its place without what was wanted there."""
    refused = got(
        302, failure=Failure.REDIRECT_REFUSED, hops=(Hop(HTTPS, 302, location),), refusal=Refusal("block", reason)
    )
    facts = facts_of(refused, READER)
    assert (facts["not-followed"], facts["leads-to"]) == (why, leads)
    assert why in NOT_FOLLOWED
    assert set(facts) <= set(CHECKS["http"])
    assert "not-followed" not in facts_of(got(200, hops=(Hop(HTTPS, 302, location),)), READER)


def test_no_answer_leaves_the_address() -> None:
    """Without an answer only the asked address is known."""
    assert facts_of(Fetched(HTTPS, failure=Failure.TIMEOUT), READER) == {
        "url": "https://www.site.test/a",
        "query": True,
    }


@pytest.mark.parametrize(
    ("fetched", "good", "failure"),
    [
        (got(200), True, None),
        (got(404), True, None),
        (got(302), True, None),
        (got(500), False, None),
        (got(200, failure=Failure.TRUNCATED), False, Failure.TRUNCATED),
        (got(502, failure=Failure.TRUNCATED), False, None),
        (got(302, failure=Failure.REDIRECT_LOOP), False, Failure.REDIRECT_LOOP),
        (Fetched(HTTPS, failure=Failure.RESET), False, Failure.RESET),
    ],
)
def test_good_and_bad(fetched: Fetched, good: bool, failure: Failure | None) -> None:
    """Server errors and broken answers are bad; an error page that broke off counts as an error page."""
    assert (is_good(fetched), failure_of(fetched)) == (good, failure)


@given(
    st.integers(100, 999),
    st.binary(max_size=500),
    st.lists(
        st.tuples(
            st.sampled_from([b"server", b"content-type", b"content-encoding", b"retry-after", b"age", b"cf-ray", b"x"]),
            st.binary(max_size=300),
        ),
        max_size=6,
    ),
)
def test_hostile_answers_give_harmless_facts(status: int, body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    """Any answer gives only known facts, and texts that are short and clean."""
    facts = facts_of(got(status, body, *headers), READER)
    assert set(facts) <= set(CHECKS["http"])
    for name in ("server", "title", "reason"):
        text = str(facts.get(name, ""))
        assert len(text) <= 200
        assert text.isprintable()


def test_query_is_told_of_and_not_shown() -> None:
    """That an address has a query is a fact; what is in it is not."""
    assert facts_of(Fetched(HTTPS), READER) == {"url": "https://www.site.test/a", "query": True}
    assert facts_of(Fetched(HTTP), READER) == {"url": "http://www.site.test/"}


def test_how_far_an_unanswered_address_was_got_is_a_fact() -> None:
    """Whoever judges can tell a dead way from a server that keeps silent."""
    facts = facts_of(Fetched(HTTPS, failure=Failure.TIMEOUT, stage=Stage.CONNECT), READER)
    assert facts["stage"] == "connect"
    assert {stage.name.lower() for stage in Stage} == set(STAGES)
    assert "stage" not in facts_of(got(), READER)
