"""Which failure of the closed list is this exception? Decided by class and code, never by the text of a message.

Libraries wrap errors in each other, so the whole chain is read, the most telling link first:

    certificate (ssl verify code)  >  other ssl  >  the guard's own refusal  >  errno  >  class (the table below)
"""

from __future__ import annotations

import errno
import ssl
from collections.abc import Iterator
from enum import Enum

import anyio
import dns.exception
import dns.message
import dns.name
import dns.resolver
import h11
import httpcore
import httpx

from bot.checks.dial import Blocked
from bot.diagnosis.findings import Failure


class Stage(Enum):
    """Where it went wrong: decides what a general error means there."""

    DNS = Failure.SERVFAIL
    CONNECT = Failure.UNREACHABLE
    TLS = Failure.TLS_HANDSHAKE
    HTTP = Failure.NOT_HTTP

    @property
    def general(self) -> Failure:
        """What an error without a meaning of its own is called at this stage."""
        return self.value


CERTIFICATE_FAILURES = frozenset(
    {
        Failure.CERT_EXPIRED,
        Failure.CERT_NOT_YET_VALID,
        Failure.CERT_HOSTNAME,
        Failure.CERT_SELF_SIGNED,
        Failure.CERT_UNTRUSTED,
    }
)

_WAITING = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""Not errors but states: a handshake that was waiting for the other side when something else ended it."""

# X509_V_ERR_* of OpenSSL's x509_vfy.h. Every other code means a chain that leads to no root we trust.
_VERIFY_CODES = {
    9: Failure.CERT_NOT_YET_VALID,
    10: Failure.CERT_EXPIRED,
    18: Failure.CERT_SELF_SIGNED,
    62: Failure.CERT_HOSTNAME,
    63: Failure.CERT_HOSTNAME,
    64: Failure.CERT_HOSTNAME,
}

_ERRNO = {
    errno.ECONNREFUSED: Failure.REFUSED,
    errno.ETIMEDOUT: Failure.TIMEOUT,
    errno.ECONNRESET: Failure.RESET,
    errno.ECONNABORTED: Failure.RESET,
    errno.EPIPE: Failure.RESET,
    errno.ENETUNREACH: Failure.UNREACHABLE,
    errno.EHOSTUNREACH: Failure.UNREACHABLE,
    errno.ENETDOWN: Failure.UNREACHABLE,
    errno.EHOSTDOWN: Failure.UNREACHABLE,
    errno.EADDRNOTAVAIL: Failure.UNREACHABLE,
    errno.EACCES: Failure.UNREACHABLE,
    errno.EPERM: Failure.UNREACHABLE,
}

# Class -> failure; None: what is usual at that stage. A class without a row takes its base's.
_CLASSES: dict[type[BaseException], Failure | None] = {
    Blocked: Failure.REFUSED_ADDRESS,
    TimeoutError: Failure.TIMEOUT,
    OSError: None,
    anyio.BrokenResourceError: Failure.RESET,
    anyio.ClosedResourceError: Failure.RESET,
    anyio.EndOfStream: None,
    h11.RemoteProtocolError: Failure.NOT_HTTP,
    h11.LocalProtocolError: Failure.NOT_HTTP,
    httpcore.TimeoutException: Failure.TIMEOUT,
    httpcore.NetworkError: None,
    httpcore.ReadError: Failure.RESET,
    httpcore.WriteError: Failure.RESET,
    httpcore.ProtocolError: Failure.NOT_HTTP,
    httpcore.UnsupportedProtocol: Failure.REFUSED_ADDRESS,
    httpcore.ProxyError: Failure.UNREACHABLE,
    httpcore.ConnectionNotAvailable: Failure.UNREACHABLE,
    httpx.HTTPError: None,
    httpx.TimeoutException: Failure.TIMEOUT,
    httpx.ReadError: Failure.RESET,
    httpx.WriteError: Failure.RESET,
    httpx.CloseError: Failure.RESET,
    httpx.ProtocolError: Failure.NOT_HTTP,
    httpx.DecodingError: Failure.NOT_HTTP,
    httpx.UnsupportedProtocol: Failure.REFUSED_ADDRESS,
    httpx.ProxyError: Failure.UNREACHABLE,
    httpx.TooManyRedirects: Failure.TOO_MANY_REDIRECTS,
    httpx.InvalidURL: Failure.BAD_LOCATION,
    httpx.CookieConflict: Failure.NOT_HTTP,
    httpx.StreamError: Failure.TRUNCATED,
    dns.exception.DNSException: Failure.SERVFAIL,
    dns.exception.Timeout: Failure.DNS_TIMEOUT,
    dns.resolver.NXDOMAIN: Failure.NXDOMAIN,
    dns.resolver.NoAnswer: Failure.NO_ADDRESS,
    dns.resolver.EmptyHostAnswers: Failure.NO_ADDRESS,
    dns.message.ChainTooLong: Failure.CNAME_LOOP,
    dns.name.EmptyLabel: Failure.NXDOMAIN,
    dns.name.LabelTooLong: Failure.NXDOMAIN,
    dns.name.NameTooLong: Failure.NXDOMAIN,
    dns.name.IDNAException: Failure.NXDOMAIN,
    ssl.SSLError: Failure.TLS_HANDSHAKE,
}


def classify(error: BaseException, stage: Stage) -> Failure:
    """Name the failure that an exception means at this stage."""
    chain = list(_chain(error))
    for link in chain:
        if isinstance(link, ssl.SSLCertVerificationError):
            return _VERIFY_CODES.get(getattr(link, "verify_code", 0), Failure.CERT_UNTRUSTED)
    if any(isinstance(link, ssl.SSLError) and not isinstance(link, _WAITING) for link in chain):
        return Failure.TLS_HANDSHAKE
    failure = _from_codes(chain) or _from_classes(chain) or stage.general
    if stage is Stage.DNS and failure in (Failure.TIMEOUT, Failure.REFUSED, Failure.RESET, Failure.UNREACHABLE):
        return Failure.DNS_TIMEOUT  # the resolver was not reached; it did not say "refused"
    return failure


def _from_codes(chain: list[BaseException]) -> Failure | None:
    if any(isinstance(link, Blocked) for link in chain):
        return Failure.REFUSED_ADDRESS
    codes = (_ERRNO.get(link.errno) for link in chain if isinstance(link, OSError) and link.errno is not None)
    return next((failure for failure in codes if failure), None)


def _from_classes(chain: list[BaseException]) -> Failure | None:
    """Take the first link that has a meaning of its own, the outermost first."""
    return next((failure for link in chain if (failure := mapped(type(link)))), None)


def mapped(kind: type[BaseException]) -> Failure | None:
    """Return the table's failure for a class (or for its nearest base that has a row)."""
    return next((_CLASSES[base] for base in kind.__mro__ if base in _CLASSES), None)


def has_row(kind: type[BaseException]) -> bool:
    """Tell whether the table knows this class or one of its bases."""
    return any(base in _CLASSES for base in kind.__mro__)


def _chain(error: BaseException, depth: int = 12) -> Iterator[BaseException]:
    """Yield an exception and everything that it wraps: causes, arguments, members of a group."""
    waiting, seen = [error], set[int]()
    while waiting and depth > 0:
        link = waiting.pop(0)
        if id(link) in seen:
            continue
        seen.add(id(link))
        depth -= 1
        yield link
        inner = [link.__cause__, link.__context__, *link.args]
        if isinstance(link, BaseExceptionGroup):
            inner += link.exceptions
        waiting += [one for one in inner if isinstance(one, BaseException)]
