"""Is every error of every library a failure of the closed list?"""

from __future__ import annotations

import errno
import importlib
import os
import pkgutil
import ssl
from collections.abc import Iterator
from types import ModuleType

import dns
import dns.exception
import dns.resolver
import h11
import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.checks.dial import Blocked
from bot.checks.failures import _CLASSES, Stage, classify, mapped
from bot.diagnosis.findings import Failure


def subclasses(base: type[BaseException]) -> Iterator[type[BaseException]]:
    yield base
    for one in base.__subclasses__():
        yield from subclasses(one)


def exceptions_of(module: ModuleType) -> Iterator[type[BaseException]]:
    for name in dir(module):
        value = getattr(module, name)
        if isinstance(value, type) and issubclass(value, BaseException):
            yield value


def library_errors() -> list[type[BaseException]]:
    """Every exception class of httpcore, httpx, h11, ssl and the whole of dnspython."""
    for module in pkgutil.walk_packages(dns.__path__, "dns."):
        try:
            importlib.import_module(module.name)
        except ImportError:
            continue  # an optional part whose own library is not installed
    found: set[type[BaseException]] = set(subclasses(dns.exception.DNSException))
    for library in (httpcore, httpx, ssl, h11):
        found |= set(exceptions_of(library))
    found |= {one for kind in list(found) for one in subclasses(kind)}
    return sorted(found - {BaseException, Exception}, key=lambda kind: (kind.__module__, kind.__qualname__))


ERRORS = library_errors()


def test_libraries_are_really_walked() -> None:
    """The walk sees the classes that matter, so that the next test means something."""
    names = {f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in ERRORS}
    assert {
        "httpcore.ReadTimeout",
        "httpx.InvalidURL",
        "dns.NXDOMAIN",
        "dns.LifetimeTimeout",
        "ssl.SSLEOFError",
    } <= names
    assert len(ERRORS) > 100


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_every_error_class_is_mapped(kind: type[BaseException]) -> None:
    """Each class has a row of its own or a base's; only general bases may leave the failure to the stage."""
    own = kind is ssl.SSLCertVerificationError or has_row(kind) or issubclass(kind, h11.ProtocolError)
    assert own, f"{kind} is not in the table"
    assert isinstance(classify(_made(kind), Stage.HTTP), Failure)


def has_row(kind: type[BaseException]) -> bool:
    """Tell whether the table knows this class or one of its bases."""
    return any(base in _CLASSES for base in kind.__mro__)


def _made(kind: type[BaseException]) -> BaseException:
    """Make an error without its constructor's wishes: only its class counts."""
    return kind.__new__(kind)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        (9, Failure.CERT_NOT_YET_VALID),
        (10, Failure.CERT_EXPIRED),
        (18, Failure.CERT_SELF_SIGNED),
        (19, Failure.CERT_UNTRUSTED),
        (20, Failure.CERT_UNTRUSTED),
        (62, Failure.CERT_HOSTNAME),
        (64, Failure.CERT_HOSTNAME),
        (999, Failure.CERT_UNTRUSTED),
    ],
)
def test_certificate_is_judged_by_its_code(code: int, failure: Failure) -> None:
    """OpenSSL's verify code decides, whatever the message says and however deep it is wrapped."""
    error = ssl.SSLCertVerificationError(1, "certificate has expired, self-signed, Hostname mismatch")
    error.verify_code = code
    assert classify(httpcore.ConnectError(error), Stage.TLS) is failure


@pytest.mark.parametrize(
    ("number", "failure"),
    [
        (errno.ECONNREFUSED, Failure.REFUSED),
        (errno.ETIMEDOUT, Failure.TIMEOUT),
        (errno.ECONNRESET, Failure.RESET),
        (errno.EPIPE, Failure.RESET),
        (errno.ENETUNREACH, Failure.UNREACHABLE),
        (errno.EHOSTUNREACH, Failure.UNREACHABLE),
        (errno.EACCES, Failure.UNREACHABLE),
        (errno.EMFILE, Failure.UNREACHABLE),
    ],
    ids=errno.errorcode.get,
)
def test_connection_is_judged_by_errno(number: int, failure: Failure) -> None:
    """The operating system's number decides, also below the library's own error."""
    cause = OSError(number, os.strerror(number))
    wrapped = httpcore.ConnectError("All connection attempts failed")
    wrapped.__cause__ = cause
    assert classify(wrapped, Stage.CONNECT) is failure
    assert classify(cause, Stage.CONNECT) is failure


@pytest.mark.parametrize(
    ("error", "stage", "failure"),
    [
        (TimeoutError(), Stage.HTTP, Failure.TIMEOUT),
        (TimeoutError(), Stage.DNS, Failure.DNS_TIMEOUT),
        (TimeoutError(), Stage.TLS, Failure.TIMEOUT),
        (dns.resolver.NXDOMAIN(), Stage.DNS, Failure.NXDOMAIN),
        (dns.resolver.NoNameservers(), Stage.DNS, Failure.SERVFAIL),
        (ConnectionRefusedError(errno.ECONNREFUSED, "x"), Stage.DNS, Failure.DNS_TIMEOUT),
        (Blocked("own-address"), Stage.CONNECT, Failure.REFUSED_ADDRESS),
        (ssl.SSLEOFError(8, "EOF"), Stage.TLS, Failure.TLS_HANDSHAKE),
        (httpcore.ConnectTimeout(TimeoutError(ssl.SSLWantReadError(2, "waiting"))), Stage.TLS, Failure.TIMEOUT),
        (httpcore.ConnectError(ssl.SSLError(1, "wrong version number")), Stage.TLS, Failure.TLS_HANDSHAKE),
        (ExceptionGroup("both", [OSError(errno.ECONNREFUSED, "x")]), Stage.CONNECT, Failure.REFUSED),
        (ValueError("who knows"), Stage.DNS, Failure.SERVFAIL),
        (ValueError("who knows"), Stage.CONNECT, Failure.UNREACHABLE),
        (ValueError("who knows"), Stage.TLS, Failure.TLS_HANDSHAKE),
        (ValueError("who knows"), Stage.HTTP, Failure.NOT_HTTP),
    ],
    ids=repr,
)
def test_stage_and_class_decide(error: BaseException, stage: Stage, failure: Failure) -> None:
    """Errors without a code are named by class, and by the stage where the class says nothing."""
    assert classify(error, stage) is failure


@given(st.lists(st.sampled_from(ERRORS), min_size=1, max_size=6), st.sampled_from(Stage))
def test_chains_never_raise(kinds: list[type[BaseException]], stage: Stage) -> None:
    """However errors are wrapped in each other, in circles too, a failure comes out."""
    errors = [_made(kind) for kind in kinds]
    for outer, inner in zip(errors, [*errors[1:], errors[0]], strict=True):
        outer.__cause__ = inner
    assert classify(errors[0], stage) in Failure


def test_unknown_class_has_no_row() -> None:
    """A class that the table does not know is told apart, so that the walk above can fail."""
    assert not has_row(KeyError)
    assert mapped(KeyError) is None
