"""What does a check need to reach a server? Made once per process and shared by all checks."""

from __future__ import annotations

import logging
import ssl
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address

import httpx

from bot.checks.dial import Connect, Dialer
from bot.checks.dns import Resolver
from bot.checks.guard import Guard
from bot.checks.limits import CheckSettings
from bot.checks.nameservers import NameServers
from bot.checks.policy import Policy
from bot.checks.routes import has_route
from bot.checks.turns import ON_THE_WAY_S, Tour

_LATELY = 60.0
"""Seconds."""
_CIPHERS = (
    "@SECLEVEL=2:ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES:AESGCM:AES"
    ":!aNULL:!eNULL:!aDSS:!PSK:!SRP:!DHE:!AESCCM:!SHA256:!SHA384"
)
"""What Chromium and Firefox offer up to TLS 1.2. Python's own list lacks the last ones that old servers have left, and
holds some that no browser offers. The level is written out: it judges keys and signatures of certificates, too."""


@dataclass(frozen=True)
class Contexts:
    """TLS contexts, loaded once: loading the certificates takes 20 ms during which nothing else runs."""

    web: ssl.SSLContext
    """Verifies; for HTTP requests. httpcore sets its protocols to http/1.1, so the probe has its own."""
    probe: ssl.SSLContext
    """Verifies; for the TLS check, which also asks for h2."""
    bare: ssl.SSLContext
    """Verifies nothing: only to read the certificate of a server that failed. Nothing is ever sent over it."""


@dataclass(frozen=True)
class Reach:
    """The guard, the two ways to the network (resolver and connect), the TLS contexts and the limits."""

    guard: Guard
    resolver: Resolver
    connect: Connect
    contexts: Contexts
    settings: CheckSettings = field(default_factory=CheckSettings)
    has_route: Callable[[IPv4Address | IPv6Address], bool] = has_route
    monotonic: Callable[[], float] = time.monotonic
    tour: Tour | None = None
    """The look that this is for, where looks take turns."""
    _answered: dict[int, float] = field(default_factory=dict)
    """IP version -> when something on the internet last answered over it, even with a refusal."""

    async def enter(self, ips: Iterable[IPv4Address | IPv6Address], patience_s: float = ON_THE_WAY_S) -> float:
        """Wait until vetted addresses may be contacted; return how long. Raises NotNow where that takes too long."""
        return 0.0 if self.tour is None else await self.tour.enter(ips, self.monotonic(), patience_s)

    def note_answer(self, version: int) -> None:
        """Remember that the internet has just been reached over this version of IP."""
        self._answered[version] = self.monotonic()

    def has_answered(self, version: int) -> bool:
        """Has the internet been reached over this version of IP lately? A connection can be lost at any time."""
        return version in self._answered and self.monotonic() - self._answered[version] < _LATELY


def load_contexts(ca_file: str | None = None) -> Contexts:
    """Trust the certificate authorities that browsers trust (certifi, by way of httpx), and the operator's own."""
    verifying = []
    for _ in range(2):
        context = httpx.create_ssl_context(trust_env=False)
        # Python 3.13 turned on checks that browsers do not make; a diagnosis must not depend on Python's version.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        if ca_file is not None:
            context.load_verify_locations(cafile=ca_file)
        verifying.append(context)
    web, probe = verifying
    probe.set_alpn_protocols(["h2", "http/1.1"])
    bare = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    bare.check_hostname = False
    bare.verify_mode = ssl.CERT_NONE
    for context in (web, probe, bare):
        context.set_ciphers(_CIPHERS)
    return Contexts(web, probe, bare)


def open_reach(settings: CheckSettings, policy: Policy | None = None) -> Reach:
    """Make the real one: real resolvers, real sockets."""
    quiet()
    return Reach(
        guard=Guard(policy),
        resolver=NameServers(settings.resolvers, lifetime=settings.dns_lifetime, grace=settings.dns_grace),
        connect=Dialer(policy),
        contexts=load_contexts(settings.ca_file),
        settings=settings,
    )


def quiet() -> None:
    """Keep targets out of the log: httpx writes full URLs at INFO, httpcore writes headers at DEBUG."""
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
