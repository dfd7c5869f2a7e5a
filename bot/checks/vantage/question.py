"""May others be asked about what was just seen, and what are they told?

They learn of an address only when the guard, without anything that the operator allows besides the public internet,
accepts it and every address that its name leads to; and never of user information, query or fragment. What depends on a
query is not asked at all: an answer to the path alone would say nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

from pydantic import JsonValue

from bot.checks.address import Address, Refusal
from bot.checks.guard import Guard
from bot.checks.http import resolve
from bot.checks.reach import Reach
from bot.diagnosis.findings import Failure, Finding, Outcome

IP = IPv4Address | IPv6Address

NO_ANSWER = frozenset(
    {
        Failure.REFUSED,
        Failure.TIMEOUT,
        Failure.RESET,
        Failure.UNREACHABLE,
        Failure.TLS_HANDSHAKE,
        Failure.EMPTY_REPLY,
        Failure.NOT_HTTP,
        Failure.TRUNCATED,
        Failure.DEADLINE,
    }
)
"""Failures that the path may cause. Certificates and redirects are answers: they need no second witness."""


@dataclass(frozen=True)
class Question:
    """One address, without its query, and the version of IP by which it is reached."""

    address: Address
    ip_version: int | None
    """None: the host is an IP address."""

    def body(self, places: Iterable[dict[str, JsonValue]], patience_s: int) -> dict[str, JsonValue]:
        """Return the request for a measurement (`MeasurementRequest` of the API's description).

        GET, as a browser does: servers that do not support HEAD answer it with errors of their own. A place gives up
        after `patience_s` seconds.
        """
        options: dict[str, JsonValue] = {
            "protocol": self.address.scheme.upper(),
            "port": self.address.port,
            "request": {"method": "GET", "path": self.address.target},
        }
        if self.ip_version is not None:
            options["ipVersion"] = self.ip_version
        return {
            "type": "http",
            "target": self.address.host,
            "locations": list(places),
            "timeout": patience_s,
            "measurementOptions": options,
        }


def failed(findings: Iterable[Finding]) -> bool:
    """Tell whether a look got no answer or a server error, with a connection that works and no challenge for robots."""
    seen = {finding.check: finding for finding in findings}
    canary, http = seen.get("canary"), seen.get("http")
    if http is None or http.outcome is Outcome.OK or (canary is not None and canary.outcome is Outcome.FAIL):
        return False
    status = http.facts.get("status")
    if isinstance(status, int):
        return status >= 500 and "challenge" not in http.facts
    return any(finding.failure in NO_ANSWER for finding in seen.values() if finding.check in ("tcp", "tls", "http"))


async def question_of(
    address: Address, ips: Iterable[IP], findings: Iterable[Finding], reach: Reach
) -> Question | None:
    """Return what others may be asked after a failed look, or None.

    `ips` are the addresses to which the name led in that look. Where a redirect led to another host, that one is meant:
    other places follow no redirects, and it is the one that failed.
    """
    public = replace(reach, guard=Guard(replace(reach.guard.policy, allow_networks=(), allow_ports=frozenset())))
    http = next((finding for finding in findings if finding.check == "http"), None)
    last = http.facts.get("url") if http is not None else None
    if last is not None and http is not None and http.facts.get("query"):
        return None
    meant = public.guard.parse(last if isinstance(last, str) else address.shown)
    if isinstance(meant, Refusal):
        return None
    found: tuple[IP, ...] | Refusal | Failure
    if meant.host == address.host:
        found = public.guard.vet(meant, [str(ip) for ip in ips])
    else:
        found = await resolve(meant, public)
    if not isinstance(found, tuple) or not found:
        return None
    version = None if meant.literal else 4 if any(ip.version == 4 for ip in found) else 6
    return Question(meant, version)
