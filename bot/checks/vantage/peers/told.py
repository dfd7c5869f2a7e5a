"""Which facts of a look travel from one machine to another, and in which form are they believed?

Only what says something of the site, each of its own kind and within bounds; hosts of canaries, resolvers and the like
are a peer's own affair. Whatever else comes, the whole answer is dropped.
"""

from __future__ import annotations

from collections.abc import Iterable
from ipaddress import ip_address
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.diagnosis.neutral import VALUE_LENGTH, neutral

MOST_ADDRESSES = 16
_MOST_MS = 1e6


class Strict(BaseModel):
    """A shape that takes nothing else: no other field, no text for a number."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


def _address(text: str) -> str:
    if "%" in text:
        raise ValueError("an address with a zone")
    return str(ip_address(text))


Ip = Annotated[str, Field(max_length=45), AfterValidator(_address)]
Ips = Annotated[tuple[Ip, ...], Field(max_length=MOST_ADDRESSES)]
Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
Text = Annotated[str, Field(max_length=VALUE_LENGTH), AfterValidator(neutral)]
Count = Annotated[int, Field(ge=0, le=4096)]
Family = Literal["ok", "fail", "mixed", "none", "untested"]


class NoFacts(Strict):
    """Nothing but the outcome."""


class DnsFacts(Strict):
    """To what the name led."""

    v4: Ips | None = None
    v6: Ips | None = None
    agreement: Literal["same", "addresses-differ", "some-failed", "conflict"] | None = None
    failed: Count | None = None
    literal: bool | None = None


class TcpFacts(Strict):
    """Which addresses accepted connections."""

    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    v4: Family | None = None
    v6: Family | None = None
    dead: Count | None = None
    tried: Count | None = None


class TlsFacts(Strict):
    """How the handshake went."""

    version: Literal["TLSv1.2", "TLSv1.3"] | None = None
    alpn: Literal["h2", "http/1.1"] | None = None
    verified: bool | None = None
    tried: Count | None = None
    failed: Count | None = None
    mixed: bool | None = None
    days_left: Annotated[int, Field(ge=-100_000, le=100_000)] | None = None


class HttpFacts(Strict):
    """What the site answered."""

    status: Annotated[int, Field(ge=100, le=999)] | None = None
    server: Text | None = None
    title: Text | None = None
    product: Id | None = None
    writer: Literal["edge", "gateway", "server", "platform", "filter"] | None = None
    edge: Id | None = None
    error: Id | None = None
    challenge: Id | None = None
    maintenance: bool | None = None
    parked: bool | None = None
    confirmed: bool | None = None
    flapping: bool | None = None
    unsteady: bool | None = None
    retry_after_s: Annotated[float, Field(ge=0, le=1e9)] | None = None
    ms_first_byte: Annotated[float, Field(ge=0, le=_MOST_MS)] | None = None
    stage: Literal["dns", "connect", "tls", "http"] | None = None


class _Told(Strict):
    outcome: Outcome
    failure: Failure | None = None
    ms: Annotated[float, Field(ge=0, le=_MOST_MS)] | None = None


class CanaryTold(_Told):
    """How the peer's own connection did."""

    check: Literal["canary"]
    facts: NoFacts = NoFacts()


class DnsTold(_Told):
    """What its name servers said."""

    check: Literal["dns"]
    facts: DnsFacts = DnsFacts()


class TcpTold(_Told):
    """How it connected."""

    check: Literal["tcp"]
    facts: TcpFacts = TcpFacts()


class TlsTold(_Told):
    """How it shook hands."""

    check: Literal["tls"]
    facts: TlsFacts = TlsFacts()


class HttpTold(_Told):
    """What it was answered."""

    check: Literal["http"]
    facts: HttpFacts = HttpFacts()


Told = Annotated[CanaryTold | DnsTold | TcpTold | TlsTold | HttpTold, Field(discriminator="check")]

_FACTS: dict[str, type[Strict]] = {
    "canary": NoFacts,
    "dns": DnsFacts,
    "tcp": TcpFacts,
    "tls": TlsFacts,
    "http": HttpFacts,
}
_TOLD: TypeAdapter[Told] = TypeAdapter(Told)


def to_tell(findings: Iterable[Finding]) -> tuple[Told, ...]:
    """Return what of the findings travels."""
    return tuple(
        _TOLD.validate_python(
            {**finding.model_dump(include={"check", "outcome", "failure", "ms"}), "facts": _facts_of(finding)}
        )
        for finding in findings
        if finding.check in _FACTS
    )


def _facts_of(finding: Finding) -> Strict:
    """Return the facts that travel; one that has an unusual value stays at home."""
    shape = _FACTS[finding.check]
    known: dict[str, Any] = {name: finding.facts[name] for name in shape.model_fields if name in finding.facts}
    for name in ("v4", "v6"):
        if isinstance(known.get(name), list):
            known[name] = tuple(known[name][:MOST_ADDRESSES])
    try:
        return shape.model_validate(known)
    except ValidationError as error:
        odd = {str(fault["loc"][0]) for fault in error.errors(include_url=False, include_input=False)}
        return shape.model_validate({name: value for name, value in known.items() if name not in odd})


def as_findings(told: Iterable[Told]) -> tuple[Finding, ...]:
    """Return what was told as findings."""
    return tuple(
        Finding(
            check=each.check,
            outcome=each.outcome,
            failure=each.failure,
            facts=each.facts.model_dump(mode="json", exclude_none=True),
            ms=each.ms,
        )
        for each in told
    )
