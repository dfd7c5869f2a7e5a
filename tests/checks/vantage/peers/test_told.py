"""Do only known facts travel, and are they believed only in their own form?"""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from bot.checks.vantage.peers.told import MOST_ADDRESSES, Told, as_findings, to_tell
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Finding, Outcome

TOLD: TypeAdapter[Told] = TypeAdapter(Told)


def finding(check: str, **facts: Any) -> Finding:
    return Finding(check=check, outcome=Outcome.FAIL, failure=Failure.TIMEOUT, facts=facts, ms=3.5)


@pytest.mark.parametrize("shape", ["canary", "dns", "tcp", "tls", "http"])
def test_facts_that_travel_are_facts_of_the_check(shape: str) -> None:
    """Nothing travels that the check does not know."""
    (told,) = to_tell([finding(shape)])
    assert told.check == shape
    assert type(told.facts).model_fields.keys() <= CHECKS[shape].keys()


def test_finding_survives_the_way() -> None:
    """What was seen of the site is the same at the other end."""
    seen = (
        finding("canary"),
        finding("dns", v4=["192.0.2.1"], v6=["2001:db8::1"], agreement="same", failed=0),
        finding("tcp", port=443, v4="ok", v6="untested", dead=0, tried=1),
        finding("tls", version="TLSv1.3", alpn="h2", verified=True, tried=1, failed=0, days_left=-3),
        finding("http", status=502, server="nginx/1.2", title="502 Bad Gateway", product="nginx", writer="server",
                confirmed=True, retry_after_s=3.0, ms_first_byte=1.5, stage="http"),
    )  # fmt: skip
    assert as_findings(to_tell(seen)) == seen


def test_what_is_the_peers_own_stays_at_home() -> None:
    """Its canaries, its resolvers, whole addresses and values out of the ordinary are not told."""
    told = as_findings(
        to_tell(
            [
                finding("canary", answered=["www.example.org"]),
                finding("dns", resolvers=[{"resolver": "10.0.0.1"}], v4=["192.0.2.1"] * 99, cname=["x"]),
                finding("http", url="https://shop.example.com/me", status=502, product="No Id!", title="a" * 999),
                finding("statuspage", x=1),
            ]
        )
    )
    assert [found.facts for found in told] == [{}, {"v4": ["192.0.2.1"] * MOST_ADDRESSES}, {"status": 502}]


@pytest.mark.parametrize(
    "facts",
    [
        {"status": "502"}, {"status": True}, {"status": 5.5}, {"status": 10**30}, {"status": -1}, {"writer": "moon"},
        {"challenge": "<b>"}, {"title": "a" * 201}, {"confirmed": 1}, {"unknown": 1}, {"url": "x"}, {"error": "../x"},
        {"title": ["x"]}, {"retry_after_s": -1}, {"stage": None, "extra": {}},
    ],
    ids=str,
)  # fmt: skip
def test_odd_facts_are_not_believed(facts: dict[str, Any]) -> None:
    """A number as text, a kind that is not there, an unknown fact: nothing of it is taken."""
    with pytest.raises(ValidationError):
        TOLD.validate_python({"check": "http", "outcome": Outcome.OK, "facts": facts})


@pytest.mark.parametrize("ip", ["localhost", "1.2.3", "fe80::1%eth0", "1.2.3.4\n", ""])
def test_address_is_an_address(ip: str) -> None:
    """Addresses are read, not repeated."""
    with pytest.raises(ValidationError):
        TOLD.validate_python({"check": "dns", "outcome": Outcome.OK, "facts": {"v4": (ip,)}})


def test_foreign_text_is_neutral() -> None:
    """Titles and servers are hostile: what steers a terminal or turns the direction of text is taken out."""
    told = TOLD.validate_python({"check": "http", "outcome": Outcome.OK, "facts": {"title": "a\x1b[31m\u202eb\nc"}})
    assert as_findings([told])[0].facts == {"title": "a[31mb c"}
