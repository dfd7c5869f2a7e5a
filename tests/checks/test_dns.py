"""How are the resolvers' answers combined, compared and turned into facts?"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.dns import Said, agreement, check, finding, merge
from bot.checks.limits import MAX_SHOWN_ADDRESSES
from bot.diagnosis.facts import CHECKS
from bot.diagnosis.findings import Failure, Outcome

ONE = Said("a", v4=("192.0.2.1",))
SAME = Said("b", v4=("192.0.2.1",))
OTHER = Said("c", v4=("192.0.2.2",), v6=("2001:db8::1",))
NONE = Said("d", failure=Failure.NXDOMAIN)
EMPTY = Said("e", failure=Failure.NO_ADDRESS)
BROKEN = Said("f", failure=Failure.SERVFAIL)
MUTE = Said("g", failure=Failure.DNS_TIMEOUT)
SHUT = Said("h", failure=Failure.DNS_REFUSED)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([ONE, SAME], "same"),
        ([ONE, OTHER], "addresses-differ"),
        ([ONE, EMPTY], "some-failed"),
        ([ONE, BROKEN], "some-failed"),
        ([ONE, MUTE], "same"),
        ([ONE, SHUT], "same"),
        ([ONE, OTHER, MUTE], "addresses-differ"),
        ([ONE, BROKEN, MUTE], "some-failed"),
        ([ONE, NONE], "conflict"),
        ([ONE, NONE, MUTE], "conflict"),
        ([NONE, NONE], "same"),
        ([NONE, BROKEN], "some-failed"),
        ([ONE], "same"),
    ],
)
def test_agreement(said: list[Said], expected: str) -> None:
    """Resolvers that say the same agree; other addresses, trouble and a flat denial have their names; silence has none."""
    assert agreement(said) == expected


def test_resolvers_against_the_name_are_counted() -> None:
    """No address, a denial and a failure speak against a name; silence and a resolver that serves nobody do not."""
    assert finding(merge([ONE, EMPTY, BROKEN, NONE])).facts["failed"] == 3
    assert finding(merge([ONE, SAME, MUTE, SHUT])).facts["failed"] == 0


@pytest.mark.parametrize(
    ("said", "failure"),
    [
        ([NONE, NONE], Failure.NXDOMAIN),
        ([NONE, MUTE, MUTE], Failure.NXDOMAIN),
        ([EMPTY, BROKEN], Failure.NO_ADDRESS),
        ([BROKEN, BROKEN, MUTE], Failure.SERVFAIL),
        ([MUTE], Failure.DNS_TIMEOUT),
        ([ONE, NONE], None),
    ],
)
def test_shared_failure(said: list[Said], failure: Failure | None) -> None:
    """A clear no outweighs resolvers in trouble; one resolver with addresses is enough for none."""
    assert merge(said).failure is failure


def test_merge_keeps_every_address_once() -> None:
    """Every address that any resolver names is there, each one once: all of them must pass the guard."""
    merged = merge([ONE, SAME, OTHER])
    assert merged.addresses == ("192.0.2.1", "192.0.2.2", "2001:db8::1")


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=4))
def test_merge_keeps_to_the_cap_and_drops_no_family(sizes: list[tuple[int, int]]) -> None:
    """No address is lost, the finding shows at most 32, and both families when both were named."""
    said = [
        Said(str(n), tuple(f"192.0.{n}.{i}" for i in range(v4)), tuple(f"2001:db8:{n}::{i:x}" for i in range(v6)))
        for n, (v4, v6) in enumerate(sizes)
    ]
    merged = merge(said)
    assert len(merged.addresses) == sum(v4 + v6 for v4, v6 in sizes)
    if merged.addresses:
        facts = finding(merged).facts
        assert len(facts["addresses"]) <= MAX_SHOWN_ADDRESSES
        assert bool(facts["v4"]) == any(v4 for v4, _ in sizes)
        assert bool(facts["v6"]) == any(v6 for _, v6 in sizes)


def test_finding_names_no_addresses_when_there_are_none() -> None:
    """A failed look-up keeps what each resolver said and claims no empty list of addresses."""
    found = finding(merge([NONE, MUTE]))
    assert (found.outcome, found.failure) == (Outcome.FAIL, Failure.NXDOMAIN)
    assert "addresses" not in found.facts
    assert [one["failure"] for one in found.facts["resolvers"]] == ["nxdomain", "dns-timeout"]  # type: ignore[union-attr]


def test_facts_are_those_of_the_vocabulary() -> None:
    """No fact is invented."""
    assert set(finding(merge([ONE, OTHER])).facts) <= set(CHECKS["dns"])


@pytest.mark.parametrize(("host", "family"), [("127.0.0.2", "v4"), ("[::1]", "v6")])
async def test_literal_needs_no_resolver(host: str, family: str, lo: Any) -> None:
    """An IP address in a URL is its own answer; nobody is asked."""
    reach = lo.reach()
    found, answer = await check(reach.guard.parse(f"http://{host}/"), reach.resolver)
    assert found.facts["literal"] is True
    assert found.facts[family] == list(answer.addresses)
    assert reach.resolver.asked == []
