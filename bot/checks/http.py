"""What does an address answer, redirect by redirect? Every hop passes the guard: parse, one look-up, vet, pin, ask."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address

from bot.checks import headers
from bot.checks.address import Address, Refusal
from bot.checks.decode import header_text
from bot.checks.dial import MAX_TRIES
from bot.checks.exchange import NoReply, Reply, ask
from bot.checks.failures import Stage, classify, has_row
from bot.checks.reach import Reach
from bot.diagnosis.findings import Failure
from bot.diagnosis.neutral import neutral

__all__ = ["REDIRECTS", "Fetched", "Hop", "Reply", "fetch", "follow", "resolve"]

REDIRECTS = frozenset({301, 302, 303, 307, 308})

IPs = tuple[IPv4Address | IPv6Address, ...]


@dataclass(frozen=True)
class Hop:
    """A redirect: who sent it, and where to."""

    address: Address
    status: int
    location: str
    """Without query, in one clean line; hostile text."""
    sets_cookie: bool = False
    """It may lead elsewhere if the cookie is sent back. No check sends it."""


@dataclass(frozen=True)
class Fetched:
    """How a fetch ended: with a reply, a failure, or both; `refusal` is the guard's reason if the guard ended it."""

    address: Address | None
    """The last address that was asked, or None when the text itself was refused."""
    hops: tuple[Hop, ...] = ()
    reply: Reply | None = None
    failure: Failure | None = None
    refusal: Refusal | None = None
    stage: Stage | None = None
    """How far the request to the last address got, when no answer came."""
    ms: float = 0.0
    poses_as: str | None = None
    """Id of the known error whose page this is, though it is sent as a good one."""


async def fetch(text: str, reach: Reach) -> Fetched:
    """Take an address as somebody wrote it, and follow it to its end. Raises as `follow` does."""
    address = reach.guard.parse(text)
    if isinstance(address, Refusal):
        return Fetched(None, failure=Failure.REFUSED_ADDRESS, refusal=address)
    ips = await resolve(address, reach)
    if isinstance(ips, Refusal):
        return Fetched(address, failure=Failure.REFUSED_ADDRESS, refusal=ips)
    if isinstance(ips, Failure):
        return Fetched(address, failure=ips, stage=Stage.DNS)
    return await follow(address, ips, reach)


async def resolve(address: Address, reach: Reach, family: int = 4) -> IPs | Refusal | Failure:
    """Look a host up once and vet the answer; addresses of the wanted family come first."""
    if address.literal:
        return reach.guard.vet(address, ())
    answer = await reach.resolver.lookup(address.host)
    if answer.failure is not None:
        return answer.failure
    vetted = reach.guard.vet(address, answer.addresses)
    if isinstance(vetted, Refusal):
        return vetted
    return tuple(sorted(vetted, key=lambda ip: ip.version != family)) or Failure.NO_ADDRESS


async def follow(address: Address, ips: Sequence[IPv4Address | IPv6Address], reach: Reach, family: int = 4) -> Fetched:
    """Ask vetted addresses and follow redirects. `family` is the one that later hops try first.

    Raises only what no network caused, a fault of ours or NotNow: that is not about the site.
    """
    now = asyncio.get_running_loop().time
    started = now()
    try:
        fetched = await _follow(address, ips, reach, family)
    except Exception as error:
        if not has_row(type(error)):
            raise
        fetched = Fetched(address, failure=classify(error, Stage.HTTP))
    return replace(fetched, ms=(now() - started) * 1000)


async def _follow(address: Address, ips: Sequence[IPv4Address | IPv6Address], reach: Reach, family: int) -> Fetched:
    hops: list[Hop] = []
    seen = {address.url}
    while True:
        reply = await ask(address, ips, reach)
        if isinstance(reply, NoReply):
            return Fetched(address, tuple(hops), failure=reply.failure, stage=reply.stage)
        try:
            location = headers.location(reply.headers) if reply.status in REDIRECTS else None
        except ValueError:
            return Fetched(address, tuple(hops), reply, Failure.BAD_LOCATION)
        if location is None:
            return Fetched(address, tuple(hops), reply, reply.failure)
        following = reach.guard.redirect(address, location, seen)
        sets_cookie = bool(headers.values(reply.headers, b"set-cookie"))
        hops.append(Hop(address, reply.status, _shown(following, location), sets_cookie))
        if isinstance(following, Refusal):
            return Fetched(address, tuple(hops), reply, _redirect_failure(following), following)
        found = await resolve(following, reach, family)
        if isinstance(found, Refusal):
            return Fetched(address, tuple(hops), reply, Failure.REDIRECT_REFUSED, found)
        if isinstance(found, Failure):
            return Fetched(following, tuple(hops), failure=found, stage=Stage.DNS)
        await reach.enter(found[:MAX_TRIES])
        seen.add(following.url)
        address, ips = following, found


def _redirect_failure(refusal: Refusal) -> Failure:
    match refusal.reason:
        case "redirect-loop":
            return Failure.REDIRECT_LOOP
        case "too-many-redirects":
            return Failure.TOO_MANY_REDIRECTS
    return Failure.BAD_LOCATION if refusal.decision == "invalid" else Failure.REDIRECT_REFUSED


def _shown(following: Address | Refusal, location: bytes) -> str:
    """Show where a redirect leads, without query, fragment and user information: they may hold secrets."""
    if isinstance(following, Address):
        return neutral(following.shown)
    text = header_text(location).partition("?")[0].partition("#")[0]
    scheme, slashes, rest = text.partition("//")
    host, slash, path = rest.partition("/")
    return neutral(scheme + slashes + host.rpartition("@")[2] + slash + path)
