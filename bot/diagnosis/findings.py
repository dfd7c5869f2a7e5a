"""What did one check see? Facts and a failure from a closed list; never a judgement, never prose."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, JsonValue


class Failure(StrEnum):
    """The closed list of ways in which a check can fail. `ODD_HTTP` is an answer against the rules of HTTP."""

    NXDOMAIN = "nxdomain"
    SERVFAIL = "servfail"
    DNS_REFUSED = "dns-refused"
    DNS_TIMEOUT = "dns-timeout"
    NO_ADDRESS = "no-address"
    CNAME_LOOP = "cname-loop"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    RESET = "reset"
    UNREACHABLE = "unreachable"
    CERT_EXPIRED = "cert-expired"
    CERT_NOT_YET_VALID = "cert-not-yet-valid"
    CERT_HOSTNAME = "cert-hostname"
    CERT_SELF_SIGNED = "cert-self-signed"
    CERT_UNTRUSTED = "cert-untrusted"
    TLS_HANDSHAKE = "tls-handshake"
    EMPTY_REPLY = "empty-reply"
    NOT_HTTP = "not-http"
    ODD_HTTP = "odd-http"
    TRUNCATED = "truncated"
    REDIRECT_LOOP = "redirect-loop"
    TOO_MANY_REDIRECTS = "too-many-redirects"
    REDIRECT_REFUSED = "redirect-refused"
    REFUSED_ADDRESS = "refused-address"
    BAD_LOCATION = "bad-location"
    DEADLINE = "deadline"


class Outcome(StrEnum):
    """How one check ended. Skipped is not failed."""

    OK = "ok"
    FAIL = "fail"
    SKIP = "skip"


class Finding(BaseModel):
    """What one check saw. `facts` holds only JSON values; their names are listed per check in `facts.py`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    check: str
    """`canary`, `dns`, `tcp`, `tls` or `http`."""
    outcome: Outcome
    failure: Failure | None = None
    facts: dict[str, JsonValue] = Field(default_factory=dict)
    ms: float | None = None
    """How long the check took, in milliseconds."""


class Vantage(BaseModel):
    """What one place on the internet saw."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    """`local` for the bot itself."""
    findings: tuple[Finding, ...]

    def finding(self, check: str) -> Finding | None:
        """Return the finding of the named check, or None if it did not run."""
        return next((f for f in self.findings if f.check == check), None)

    @property
    def looked(self) -> bool:
        """Did it see anything of the site? Not with a broken connection, nor where its rules forbid it."""
        canary, http = self.finding("canary"), self.finding("http")
        if canary is not None and canary.outcome is Outcome.FAIL:
            return False
        return http is None or http.failure is not Failure.REFUSED_ADDRESS

    @property
    def gist(self) -> Finding | None:
        """What decides: what HTTP got or, if it did not get that far, the check that failed before it."""
        http = self.finding("http")
        if http is None or http.outcome is not Outcome.SKIP:
            return http
        return next((f for f in self.findings if f.check in ("dns", "tcp") and f.outcome is Outcome.FAIL), http)


class Report(BaseModel):
    """All that was seen of one address at one time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str
    """The address that was checked, canonical, without user information."""
    host: str
    """Its host without brackets and final dot, in ASCII: what was looked up, and what no look-alike letter hides."""
    checked_at: datetime
    """When the check began, with its time zone (UTC)."""
    elapsed_ms: float
    vantages: tuple[Vantage, ...]
    age_s: float = 0.0
    """How old the result was when it was handed out, in seconds (0: fresh)."""
    refusal: str | None = None
    """Why the bot would not contact this address (a reason of `checks/guard.py`), or None."""

    @property
    def local(self) -> Vantage:
        """What the bot itself saw."""
        return self.vantages[0]

    @property
    def places(self) -> tuple[Vantage, ...]:
        """Where the site was looked at from: here, and all other places that did look."""
        return (*self.vantages[:1], *(vantage for vantage in self.vantages[1:] if vantage.looked))
