"""What does each name server say about a name? All are asked at once; none of them is believed alone."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import dns.asyncquery
import dns.exception
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype

from bot.checks.dns import Answer, Said, merge
from bot.checks.failures import Stage, classify
from bot.checks.limits import MAX_ADDRESSES, MAX_CNAMES
from bot.diagnosis.findings import Failure

_RESEND = 0.4
"""Share of the lifetime after which an unanswered question is sent once more: a lost packet is not an outage."""

_RCODES = {
    dns.rcode.NOERROR: None,
    dns.rcode.NXDOMAIN: Failure.NXDOMAIN,
    dns.rcode.SERVFAIL: Failure.SERVFAIL,
    dns.rcode.REFUSED: Failure.DNS_REFUSED,
}


_NOT_UNDERSTOOD = (dns.rcode.FORMERR, dns.rcode.NOTIMP, dns.rcode.BADVERS)


@dataclass(frozen=True)
class NameServer:
    """One name server, by address."""

    text: str
    ip: str
    port: int = 53


def parse_nameserver(text: str) -> NameServer:
    """Read `ip`, `ip:port` or `[ip]:port`. Raises ValueError for anything else; names are not taken."""
    host, colon, port = text.strip(), "", ""
    if host.startswith("["):
        host, _, rest = host[1:].partition("]")
        colon, port = rest[:1], rest[1:]
    elif host.count(":") == 1:
        host, colon, port = host.partition(":")
    port = port if colon else "53"
    if colon not in ("", ":") or not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise ValueError(f"not a name server: {text!r}")
    return NameServer(text.strip(), str(ipaddress.ip_address(host)), int(port))


@dataclass(frozen=True)
class _Part:
    """One answer to one question: addresses of one family."""

    addresses: tuple[str, ...] = ()
    cname: tuple[str, ...] = ()
    failure: Failure | None = None


class NameServers:
    """The real `Resolver`: dnspython, all name servers at once, answers compared."""

    def __init__(self, servers: Sequence[str], *, lifetime: float = 4.0, grace: float = 1.0) -> None:
        self._servers = [parse_nameserver(server) for server in servers]
        self._lifetime = lifetime
        self._grace = grace

    async def lookup(self, name: str) -> Answer:
        """Ask all servers for A and AAAA; once one has named addresses, wait only a little for the others."""
        started = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._ask(server, name)) for server in self._servers]
            await self._wait(set(tasks))
            for task in tasks:
                task.cancel()
        ms = (asyncio.get_running_loop().time() - started) * 1000
        said = [
            Said(server.text, failure=Failure.DNS_TIMEOUT, ms=ms) if task.cancelled() else task.result()
            for server, task in zip(self._servers, tasks, strict=True)
        ]
        return replace(merge(said), ms=ms)

    async def _wait(self, pending: set[asyncio.Task[Said]]) -> None:
        now = asyncio.get_running_loop().time
        until = now() + self._lifetime
        while pending and now() < until:
            done, pending = await asyncio.wait(pending, timeout=until - now(), return_when=asyncio.FIRST_COMPLETED)
            if any(task.result().failure is None for task in done):
                until = min(until, now() + self._grace)

    async def _ask(self, server: NameServer, name: str) -> Said:
        """Ask one server; follow its CNAME chain further when it does not do so itself."""
        started = asyncio.get_running_loop().time()
        chain: list[str] = []
        current = name
        while True:
            parts = await asyncio.gather(
                self._question(server, current, dns.rdatatype.A), self._question(server, current, dns.rdatatype.AAAA)
            )
            links = max((part.cname for part in parts), key=len)
            chain += links
            failure = _joint_failure(parts)
            if len(chain) > MAX_CNAMES or len({name, *chain}) <= len(chain):
                failure = Failure.CNAME_LOOP
            if failure is not Failure.NO_ADDRESS or not links:
                break
            current = links[-1]
        v4, v6 = (part.addresses if failure is None else () for part in parts)
        ms = (asyncio.get_running_loop().time() - started) * 1000
        return Said(server.text, v4, v6, tuple(chain[:MAX_CNAMES]), failure, ms)

    async def _question(self, server: NameServer, name: str, rdtype: dns.rdatatype.RdataType) -> _Part:
        try:
            absolute = dns.name.from_text(name.encode("ascii").decode("ascii") + ".")
            # The second question is a plain one: small servers may not understand the extension (EDNS) of the first.
            for edns, share in ((0, _RESEND), (False, 1 - _RESEND)):
                try:
                    # A new message each time: an answer to the first one must not fit the second.
                    response, _ = await dns.asyncquery.udp_with_fallback(
                        dns.message.make_query(absolute, rdtype, use_edns=edns, payload=1232),
                        server.ip,
                        timeout=self._lifetime * share,
                        port=server.port,
                        ignore_unexpected=True,
                        ignore_errors=True,
                    )
                except dns.exception.Timeout:
                    continue
                if edns is False or response.rcode() not in _NOT_UNDERSTOOD:
                    return _read(response, absolute, rdtype)
        except Exception as error:  # noqa: BLE001 - a check never raises; `classify` knows the class
            return _Part(failure=classify(error, Stage.DNS))
        return _Part(failure=Failure.DNS_TIMEOUT)


def _read(response: dns.message.Message, name: dns.name.Name, rdtype: dns.rdatatype.RdataType) -> _Part:
    """Walk the CNAME chain of one response to the addresses at its end."""
    failure = _RCODES.get(response.rcode(), Failure.SERVFAIL)
    if failure not in (None, Failure.NXDOMAIN):
        return _Part(failure=failure)
    chain: list[dns.name.Name] = []
    while len(chain) <= MAX_CNAMES:
        current = chain[-1] if chain else name
        found = response.get_rrset(response.answer, current, dns.rdataclass.IN, rdtype)
        if found is not None and failure is None:
            return _Part(_capped(record.address for record in found), _texts(chain))
        alias = response.get_rrset(response.answer, current, dns.rdataclass.IN, dns.rdatatype.CNAME)
        if alias is None:
            return _Part((), _texts(chain), failure or Failure.NO_ADDRESS)
        if alias[0].target in (name, *chain):
            return _Part((), _texts(chain), Failure.CNAME_LOOP)
        chain.append(alias[0].target)
    return _Part((), _texts(chain), Failure.CNAME_LOOP)


def _joint_failure(parts: Iterable[_Part]) -> Failure | None:
    """Combine the answers to A and AAAA: one with addresses is enough; broken AAAA answers are common."""
    failures = [part.failure for part in parts]
    if None in failures:
        return None
    for clear in (Failure.NXDOMAIN, Failure.CNAME_LOOP):
        if clear in failures:
            return clear
    return next((failure for failure in failures if failure is not Failure.NO_ADDRESS), Failure.NO_ADDRESS)


def _capped(addresses: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))[:MAX_ADDRESSES]


def _texts(chain: Iterable[dns.name.Name]) -> tuple[str, ...]:
    return tuple(name.to_text(omit_final_dot=True).lower()[:253] for name in chain)
