"""What does a name resolve to, and do the resolvers agree?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Protocol

from pydantic import JsonValue

from bot.checks.address import Address
from bot.checks.limits import MAX_SHOWN_ADDRESSES
from bot.diagnosis.findings import Failure, Finding, Outcome


@dataclass(frozen=True)
class Said:
    """What one resolver said."""

    resolver: str
    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    cname: tuple[str, ...] = ()
    failure: Failure | None = None
    ms: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What all resolvers said, combined: every address that any of them named, since all are vetted."""

    v4: tuple[str, ...] = ()
    v6: tuple[str, ...] = ()
    cname: tuple[str, ...] = ()
    failure: Failure | None = None
    """Why there is no address; None when there is one."""
    said: tuple[Said, ...] = ()
    ms: float = 0.0

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses, IPv4 first."""
        return self.v4 + self.v6


class Resolver(Protocol):
    """Turns a name into addresses. Never raises: what goes wrong is the answer's failure."""

    async def lookup(self, name: str) -> Answer:
        """Resolve an absolute name (A-labels, without the final dot) to A and AAAA at once."""
        ...


_SAYS_NO = (Failure.NXDOMAIN, Failure.NO_ADDRESS)
"""Answers that are no fault of the resolver: it knows that there is nothing."""
_SAYS_NOTHING = (None, Failure.DNS_TIMEOUT, Failure.DNS_REFUSED)
"""Not evidence against the name: addresses, a resolver that is slow or away, and one that refuses the bot."""


def merge(said: Sequence[Said]) -> Answer:
    """Combine the resolvers' answers, first come first, without duplicates."""
    v4 = _interleave([one.v4 for one in said])
    v6 = _interleave([one.v6 for one in said])
    cname = next((one.cname for one in said if one.failure is None and one.cname), ())
    cname = cname or next((one.cname for one in said if one.cname), ())
    return Answer(v4, v6, cname, None if v4 or v6 else _shared_failure(said), tuple(said))


def _interleave(lists: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    rounds = chain.from_iterable(zip_longest(*lists))
    return tuple(dict.fromkeys(address for address in rounds if address is not None))


def _shared_failure(said: Sequence[Said]) -> Failure:
    """Choose what to say when nobody named an address: a clear "no" outweighs resolvers in trouble."""
    failures = [one.failure for one in said if one.failure is not None]
    clear = [failure for failure in failures if failure in _SAYS_NO]
    counted = Counter(clear or failures).most_common(1)
    return counted[0][0] if counted else Failure.DNS_TIMEOUT


def agreement(said: Sequence[Said]) -> str:
    """Compare the resolvers: `same`, `addresses-differ`, `some-failed` or `conflict`."""
    failures = {one.failure for one in said}
    if None not in failures:
        return "same" if len(failures) == 1 else "some-failed"
    if Failure.NXDOMAIN in failures:
        return "conflict"
    if _failed_on_the_name(said):
        return "some-failed"
    answers = {frozenset(one.v4 + one.v6) for one in said if one.failure is None}
    return "same" if len(answers) == 1 else "addresses-differ"


def _failed_on_the_name(said: Sequence[Said]) -> int:
    """Count the resolvers whose answer is evidence against the name."""
    return sum(one.failure not in _SAYS_NOTHING for one in said)


async def check(address: Address, resolver: Resolver) -> tuple[Finding, Answer]:
    """Resolve the host once; the answer goes on to the guard, the finding to the report."""
    if address.literal:
        own = Answer(v6=(address.host,)) if ":" in address.host else Answer(v4=(address.host,))
        facts: dict[str, JsonValue] = {"literal": True, **_addresses(own)}
        return Finding(check="dns", outcome=Outcome.OK, facts=facts, ms=0.0), own
    answer = await resolver.lookup(address.host)
    return finding(answer), answer


def finding(answer: Answer) -> Finding:
    """Turn an answer into facts."""
    facts: dict[str, JsonValue] = {} if answer.failure else _addresses(answer)
    if answer.cname:
        facts["cname"] = list(answer.cname)
    if answer.said:
        facts["agreement"] = agreement(answer.said)
        facts["failed"] = _failed_on_the_name(answer.said)
        facts["resolvers"] = [_said(one) for one in answer.said]
    outcome = Outcome.FAIL if answer.failure else Outcome.OK
    return Finding(check="dns", outcome=outcome, failure=answer.failure, facts=facts, ms=round(answer.ms, 1))


def _addresses(answer: Answer) -> dict[str, JsonValue]:
    v6 = answer.v6[:MAX_SHOWN_ADDRESSES]
    v4 = answer.v4[: max(MAX_SHOWN_ADDRESSES - len(v6), MAX_SHOWN_ADDRESSES // 2)]
    v6 = v6[: MAX_SHOWN_ADDRESSES - len(v4)]
    return {"addresses": [*v4, *v6], "v4": list(v4), "v6": list(v6)}


def _said(one: Said) -> dict[str, JsonValue]:
    return {
        "resolver": one.resolver,
        "outcome": Outcome.FAIL.value if one.failure else Outcome.OK.value,
        "failure": one.failure.value if one.failure else None,
        "addresses": list((one.v4 + one.v6)[:MAX_SHOWN_ADDRESSES]),
        "ms": round(one.ms, 1),
    }
