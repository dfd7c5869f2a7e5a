"""What would a check of this address contact?

The whole check runs through the same code as always, with two things replaced: the resolver may be a script, and the
connection is simulated, so that no packet leaves for the target. What the check would have dialled is recorded.
"""

from __future__ import annotations

import re
import ssl
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address
from typing import Any, Literal

import httpcore

from bot.checks.dns import Answer
from bot.checks.http import Fetched, fetch
from bot.checks.limits import MAX_CNAMES
from bot.checks.reach import Reach
from bot.diagnosis.findings import Failure

_ALIAS = "CNAME "
_NO_ADDRESS = frozenset(
    {Failure.NXDOMAIN, Failure.NO_ADDRESS, Failure.SERVFAIL, Failure.DNS_REFUSED, Failure.DNS_TIMEOUT}
)


@dataclass(frozen=True)
class Rehearsal:
    """How a check would end as far as the guard is concerned."""

    decision: Literal["allow", "block", "invalid"]
    reason: str | None
    """Why it was refused; when it was allowed, why it still found no address, or None."""
    connect: tuple[str, ...]
    """The addresses that would have been dialled, in order, each once."""


async def rehearse(
    url: str,
    reach: Reach,
    dns: Mapping[str, Sequence[Sequence[str]]] | None = None,
    redirects: Sequence[str] = (),
) -> Rehearsal:
    """Run a check against a simulated server. Without `dns` names are looked up for real."""
    server = PlayedServer(redirects)
    resolver = reach.resolver if dns is None else ScriptedResolver(dns)
    fetched = await fetch(url, replace(reach, resolver=resolver, connect=server, has_route=lambda _: True))
    return _judged(fetched, tuple(server.dialled))


async def rehearse_row(row: Mapping[str, Any], reach: Reach) -> dict[str, Any]:
    """Answer one row of `vet --jsonl`. A row that brings `dns` or `redirects` is scripted throughout.

    Raises TypeError when they do not have the expected shape: a slip in a row must not look like a decision.
    """
    dns, redirects = row.get("dns"), row.get("redirects")
    if not (_is_script(dns) and (redirects is None or _are_texts(redirects))):
        raise TypeError(f"no script: {dns!r}, {redirects!r}")
    if dns is None and redirects is not None:
        dns = {}
    done = await rehearse(str(row["url"]), reach, dns, redirects or ())
    return {"id": row.get("id"), "decision": done.decision, "reason": done.reason, "connect": list(done.connect)}


def _is_script(dns: object) -> bool:
    """Is it a table of names, each with its sets of answers (or none at all)?"""
    if not isinstance(dns, dict):
        return dns is None
    return all(isinstance(sets, list) and all(map(_are_texts, sets)) for sets in dns.values())


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) for each in value)


def _judged(fetched: Fetched, connect: tuple[str, ...]) -> Rehearsal:
    if fetched.refusal is not None:
        return Rehearsal(fetched.refusal.decision, fetched.refusal.reason, connect)
    if fetched.failure is None:
        return Rehearsal("allow", None, connect)
    if fetched.failure is Failure.CNAME_LOOP:
        return Rehearsal("block", "dns-cname-loop", connect)
    if fetched.failure in _NO_ADDRESS:
        return Rehearsal("allow", fetched.failure.value, connect)
    # The simulated server makes no mistakes, so what could not be read is a Location that no header can hold.
    return Rehearsal("invalid", Failure.BAD_LOCATION.value, connect)


class ScriptedResolver:
    """A `Resolver` with prepared answers: each look-up of a name takes the next set, and the last one repeats.

    A name that the script does not hold does not exist. `CNAME target` is followed within the script.
    """

    def __init__(self, script: Mapping[str, Sequence[Sequence[str]]]) -> None:
        self._script = script
        self._lookups: Counter[str] = Counter()

    async def lookup(self, name: str) -> Answer:
        """Resolve within the script, under the same limits as the real resolver."""
        chain: list[str] = []
        current = name
        while True:
            entries = self._take(current)
            if entries is None:
                return Answer(cname=tuple(chain), failure=Failure.NXDOMAIN)
            found = [entry for entry in entries if not entry.startswith(_ALIAS)]
            aliases = [entry.removeprefix(_ALIAS) for entry in entries if entry.startswith(_ALIAS)]
            if found or not aliases:
                v4, v6 = (tuple(a for a in found if (":" in a) is wide) for wide in (False, True))
                return Answer(v4, v6, tuple(chain), None if found else Failure.NO_ADDRESS)
            current = aliases[0].strip().rstrip(".").lower()
            if current in (name, *chain) or len(chain) == MAX_CNAMES:
                return Answer(cname=tuple(chain), failure=Failure.CNAME_LOOP)
            chain.append(current)

    def _take(self, name: str) -> Sequence[str] | None:
        sets = self._script.get(name)
        if not sets:
            return None
        at = min(self._lookups[name], len(sets) - 1)
        self._lookups[name] += 1
        return sets[at]


class PlayedServer:
    """A `Connect` that opens nothing: it notes the address and answers the n-th request with the n-th redirect."""

    def __init__(self, locations: Sequence[str]) -> None:
        # A line break can occur in a header only as a folded line; a reader sees it as a space.
        self._left = [re.sub(rb"[\r\n]+", b"\r\n ", text.encode("utf-8", "surrogatepass")) for text in locations]
        self.dialled: dict[str, None] = {}

    async def __call__(self, ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ARG002, ASYNC109
        """Note the address and hand out a simulated connection."""
        self.dialled[str(ip)] = None
        return _PlayedStream(self)

    def answer(self) -> bytes:
        """Return the answer to the next request."""
        if not self._left:
            return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        return b"HTTP/1.1 302 Found\r\nLocation: " + self._left.pop(0) + b"\r\nContent-Length: 0\r\n\r\n"


class _PlayedStream(httpcore.AsyncNetworkStream):
    """One simulated connection: whatever is asked, the server's next answer comes back."""

    def __init__(self, server: PlayedServer) -> None:
        self._server = server
        self._answered = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002, ASYNC109
        if self._answered:
            return b""
        self._answered = True
        return self._server.answer()

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109
        pass

    async def aclose(self) -> None:
        pass

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,  # noqa: ARG002
        server_hostname: str | None = None,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> httpcore.AsyncNetworkStream:
        """Skip the handshake: nothing is sent anywhere. Only this simulated stream can do so, a real one cannot."""
        return self

    def get_extra_info(self, info: str) -> Any:  # noqa: ARG002
        return None
