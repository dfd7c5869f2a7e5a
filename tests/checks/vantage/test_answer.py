"""Is what places report mapped to facts and failures of the closed lists, and left out where it cannot be?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.address import Address
from bot.checks.page import Reader
from bot.checks.vantage.answer import failure_in, is_over, vantages_of
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.kb.lists import Product, Sign
from globalping_standin import DALLAS, certificate, failed, finished, measurement, under_way

SITE = Address("https", "shop.example.com", 443, "/cart")
GUARD = Product(
    id="guardian",
    name="Guardian",
    role="edge",
    signs=(Sign(proves="challenge", headers={"cf-mitigated": "challenge"}),),
)
READER = Reader(
    (GUARD,),
    lambda status, page: f"known-{status}" if "nginx" in page else None,
    lambda: datetime(2026, 11, 24, tzinfo=UTC),
)


def seen(*items: Any) -> list[Finding]:
    return [vantage.findings[0] for vantage in vantages_of(measurement(list(items)), SITE, READER)]


def test_answer_has_the_facts_of_any_answer() -> None:
    """Status, server, known error and times are read as from an answer of one's own; the place is named."""
    (vantage,) = vantages_of(
        measurement([finished(502, DALLAS, "<center>nginx</center>", server="nginx", content_encoding="br")]),
        SITE,
        READER,
    )
    assert vantage.name == "globalping: Dallas, US, AS7018"
    (finding,) = vantage.findings
    assert (finding.check, finding.outcome, finding.failure, finding.ms) == ("http", Outcome.FAIL, None, 120.0)
    assert finding.facts == {
        "url": "https://shop.example.com/cart", "status": 502, "reason": "Words", "server": "nginx", "error": "known-502",
        "ms_first_byte": 60.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, Outcome.OK), (301, Outcome.OK), (404, Outcome.OK), (500, Outcome.FAIL)]
)
def test_outcome_is_that_of_any_look(status: int, outcome: Outcome) -> None:
    """Only a server error is a failure, as with a look of one's own."""
    assert seen(finished(status))[0].outcome is outcome


@pytest.mark.parametrize("told", [None, True, -1, 10**9, float("nan"), "60"])
def test_time_that_is_none_is_left_out(told: Any) -> None:
    """A place that tells no time, or an impossible one, still tells what it got."""
    item = finished(502)
    item["result"]["timings"] |= {"firstByte": told, "total": told}
    (finding,) = seen(item)
    assert "ms_first_byte" not in finding.facts
    assert finding.ms is None


def test_challenge_is_recognised() -> None:
    """A check for robots in a far place is reported as what it is."""
    assert seen(finished(503, cf_mitigated=["challenge"]))[0].facts["challenge"] == "guardian"


@pytest.mark.parametrize(
    ("output", "failure"),
    [
        ("connect ECONNREFUSED 93.184.216.34:443", Failure.REFUSED),
        ("connect ETIMEDOUT 93.184.216.34:443", Failure.TIMEOUT),
        ("read ECONNRESET", Failure.RESET),
        ("write EPIPE", Failure.RESET),
        ("connect EHOSTUNREACH 93.184.216.34:443 - Local (0.0.0.0:0)", Failure.UNREACHABLE),
        ("connect ENETUNREACH 93.184.216.34:443", Failure.UNREACHABLE),
        ("Request timeout.", Failure.TIMEOUT),
        ("The measurement timed out.", Failure.TIMEOUT),
        ("queryA ENOTFOUND shop.example.com", Failure.NXDOMAIN),
        ("queryA ENODATA shop.example.com", Failure.NO_ADDRESS),
        ("ENODATA shop.example.com", Failure.NO_ADDRESS),
        ("queryA ESERVFAIL shop.example.com", Failure.SERVFAIL),
        ("queryA EREFUSED shop.example.com", Failure.DNS_REFUSED),
        ("queryAaaa ETIMEOUT shop.example.com", Failure.DNS_TIMEOUT),
        ("queryA ECONNREFUSED shop.example.com", Failure.DNS_TIMEOUT),
        ("getaddrinfo ENOTFOUND shop.example.com", Failure.NXDOMAIN),
        ("getaddrinfo EAI_AGAIN shop.example.com", None),
        ("other side closed", None),
        ("The site said: connect ECONNREFUSED", None),
        ("connect ESTRANGE", None),
        ("", None),
        (None, None),
        (7, None),
    ],
)
def test_words_of_a_probe_are_mapped_by_their_codes(output: object, failure: Failure | None) -> None:
    """Fixed codes and sentences at the beginning count; whatever else is written there does not."""
    assert failure_in(output) is failure


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (failed("connect ECONNREFUSED 1.2.3.4:443"), [Failure.REFUSED]),
        (failed("other side closed"), [None]),
        (failed("other side closed", None), []),
        (failed("connect ECONNREFUSED 1.2.3.4:443", None), [Failure.REFUSED]),
        (failed("connect ECONNREFUSED 1.2.3.4:443", "internal"), []),
        (failed("queryA ESERVFAIL shop.example.com", "resolver"), [Failure.SERVFAIL]),
        (failed("Request timeout.", "resolver"), []),
        (failed("connect ECONNREFUSED 1.2.3.4:443", "the moon"), []),
        (failed("Private IP ranges are not allowed.", "internal"), []),
        (under_way(), []),
        ({"result": {"status": "offline", "rawOutput": ""}}, []),
    ],
)
def test_source_of_a_failure_decides_whether_it_counts(item: Any, expected: list[Failure | None]) -> None:
    """The site's and its name's failures are told, those of the probe are left out, and so is what is unclear."""
    found = seen(item)
    assert [one.failure for one in found] == expected
    assert all(one.outcome is Outcome.FAIL for one in found)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("CERT_HAS_EXPIRED", [Failure.CERT_EXPIRED]),
        ("CERT_NOT_YET_VALID", [Failure.CERT_NOT_YET_VALID]),
        ("DEPTH_ZERO_SELF_SIGNED_CERT", [Failure.CERT_SELF_SIGNED]),
        ("UNABLE_TO_VERIFY_LEAF_SIGNATURE", [Failure.CERT_UNTRUSTED]),
        ("ERR_TLS_CERT_ALTNAME_INVALID", [Failure.CERT_HOSTNAME]),
        ("SOMETHING_ELSE", []),
        (None, [None]),
    ],
)
def test_certificate_that_a_browser_would_not_take_is_a_failure(
    error: str | None, expected: list[Failure | None]
) -> None:
    """Probes take any certificate and tell what is wrong with it."""
    assert [one.failure for one in seen(finished(200, tls=certificate(error)))] == expected


@pytest.mark.parametrize("status", [None, True, "200", 100, 99, 600, 10**30, 200.0])
def test_answer_without_a_status_is_left_out(status: Any) -> None:
    """What is no final status of HTTP is no answer."""
    item = finished()
    item["result"]["statusCode"] = status
    assert seen(item) == []


def test_no_more_places_than_were_asked_for() -> None:
    """However many come, three are read."""
    assert len(seen(*[finished()] * 500)) == 3


def test_hostile_texts_are_neutralised() -> None:
    """Names and texts of strangers come out as one harmless, short line."""
    item = finished(
        502, (*DALLAS[:2], "Dal\u202elas\n`@everyone`" + "x" * 999, "US\n", 0), server="ng\x1b[31minx\u200b" + "y" * 999
    )
    (vantage,) = vantages_of(measurement([item]), SITE, READER)
    assert vantage.name.startswith("globalping: Dallas `@everyone`xxx")
    assert len(vantage.name) <= 60
    server = vantage.findings[0].facts["server"]
    assert isinstance(server, str)
    assert server.startswith("ng[31minx")
    assert len(server) <= 200


def test_nameless_place_is_a_place() -> None:
    """Without any part of a name the service's own is left."""
    item = {"probe": {"asn": True, "city": 7, "country": "Germany"}, "result": finished()["result"]}
    assert [vantage.name for vantage in vantages_of(measurement([item]), SITE, READER)] == ["globalping"]


def test_only_in_progress_is_not_over() -> None:
    """Any other status is final, and so is none at all."""
    assert not is_over({"status": "in-progress"})
    assert all(map(is_over, ({"status": "finished"}, {"status": "new"}, {}, None, [], "in-progress")))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=60)
    | st.sampled_from(["finished", "failed", "target", "resolver", "connect ECONNREFUSED", "queryA ENOTFOUND x"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["results", "probe", "result", "status", "statusCode", "headers", "rawBody", "tls", "timings", "firstByte",
             "total", "authorized", "error", "city", "country", "asn", "rawOutput", "failureSource", "retry-after", "age"]
        ) | st.text(max_size=20),
        inner, max_size=8,
    ),
    max_leaves=40,
)  # fmt: skip
results = st.fixed_dictionaries({
    "status": st.sampled_from(["finished", "failed"]) | values,
    "statusCode": st.integers(100, 700) | values,
    "headers": st.dictionaries(st.text(max_size=20), st.text(max_size=99) | values, max_size=9) | values,
    "rawBody": st.text(max_size=999) | values, "rawOutput": values, "failureSource": values, "tls": values,
    "timings": values, "statusCodeName": values,
})  # fmt: skip


@given(
    shape=values
    | st.fixed_dictionaries({"results": st.lists(st.fixed_dictionaries({"probe": values, "result": results | values}))})
)
def test_no_answer_makes_it_raise(shape: Any) -> None:
    """Whatever JSON comes: findings of the closed lists, in bounds, as they can be kept; or none."""
    for vantage in vantages_of(shape, SITE, READER):
        assert len(vantage.name) <= 80
        assert vantage.name.isprintable()
        for finding in vantage.findings:
            assert set(finding.facts) <= set(CHECKS["http"])
            assert len(json.dumps(finding.facts, allow_nan=False)) < 20_000
            Finding.model_validate_json(finding.model_dump_json())
