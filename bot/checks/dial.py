"""Who opens a socket to a target? Only this.

`Dialer` is the one place where a check opens a TCP connection, and it takes an IP address, never a name.
`PinnedBackend` puts httpcore on top of it: a request can reach nothing but the addresses that the guard has vetted for
its host, so a second look-up, which could answer differently, does not happen.

    Blocked            the guard's own refusal at the last step; passes through httpcore unchanged
    httpcore.ConnectError     `__cause__` is the OSError with its errno (refused, unreachable, reset)
    httpcore.ConnectTimeout   nobody answered in time
"""

from __future__ import annotations

import errno
import time
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Protocol

import httpcore

from bot.checks.policy import Policy

MAX_TRIES = 4
"""Of a name's addresses, how many one request tries before it gives up."""
_DEFAULT_TIMEOUT = 10.0


class Blocked(Exception):  # noqa: N818 - a refusal, not a fault
    """A connection that the guard does not permit. `reason` is a word for logs, not for people."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Connect(Protocol):
    """Opens a TCP connection to one vetted address."""

    async def __call__(self, ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ASYNC109
        """Return the open stream; raise as the docstring of this module says."""
        ...


class Dialer:
    """The real Connect: over the host's network."""

    def __init__(self, policy: Policy | None = None, network: httpcore.AsyncNetworkBackend | None = None) -> None:
        self._policy = policy or Policy()
        self._network = network or httpcore.AnyIOBackend()  # asyncio sets TCP_NODELAY on its sockets

    async def __call__(self, ip: IPv4Address | IPv6Address, port: int, timeout: float) -> httpcore.AsyncNetworkStream:  # noqa: ASYNC109
        """Connect, and make sure that the other end is the vetted address and not this machine."""
        if not isinstance(ip, IPv4Address | IPv6Address):
            raise Blocked("not-an-address")  # a name would be looked up a second time, unvetted
        try:
            stream = await self._network.connect_tcp(str(ip), port, timeout=timeout)
        except httpcore.ConnectError as error:
            cause = _os_error(error)
            raise httpcore.ConnectError(str(cause)) from cause
        try:
            self._inspect(ip, stream)
        except Exception:
            await stream.aclose()
            raise
        return stream

    def _inspect(self, ip: IPv4Address | IPv6Address, stream: httpcore.AsyncNetworkStream) -> None:
        """Compare both ends of the connection with what was asked for."""
        try:
            peer, own = stream.get_extra_info("server_addr"), stream.get_extra_info("client_addr")
        except OSError:
            peer = own = None
        if not peer or not own:
            cause = ConnectionResetError(errno.ECONNRESET, "closed as soon as it was open")
            raise httpcore.ConnectError(str(cause)) from cause
        if _ip(peer[0]) != ip:
            raise Blocked("other-peer")
        # Tables are read once, and addresses change; the kernel knows: it answers itself from the same address.
        if _ip(own[0]) == ip and not self._policy.names_network_of(ip):
            raise Blocked("own-address")


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Lets httpcore reach the pinned addresses of a host and port, and nothing else."""

    def __init__(self, connect: Connect) -> None:
        self._connect = connect
        self._pins: dict[tuple[str, int], tuple[IPv4Address | IPv6Address, ...]] = {}

    def pin(self, host: str, port: int, ips: Sequence[IPv4Address | IPv6Address]) -> None:
        """Let requests for `host` (without brackets) and `port` go to these vetted addresses, tried in this order."""
        self._pins[host, port] = tuple(ips)

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109
        local_address: str | None = None,  # noqa: ARG002
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Try the pinned addresses one after another; the time is shared among those that are left."""
        ips = self._pins.get((host, port), ())[:MAX_TRIES]
        deadline = time.monotonic() + (_DEFAULT_TIMEOUT if timeout is None else timeout)
        last: Exception = Blocked("not-pinned")
        for at, ip in enumerate(ips):
            share = max(deadline - time.monotonic(), 0.0) / (len(ips) - at)
            try:
                return await self._connect(ip, port, share)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                last = error
        raise last

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> httpcore.AsyncNetworkStream:
        """Refuse: no target is a file of this machine."""
        raise Blocked("unix-socket")

    async def sleep(self, seconds: float) -> None:  # noqa: ARG002
        """Refuse: httpcore sleeps only between retries, and checks do not retry."""
        raise Blocked("retry")


def _ip(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as the kernel gives it; a zone is not part of it."""
    try:
        return ip_address(str(text).partition("%")[0])
    except ValueError:
        return None


def _os_error(error: BaseException) -> OSError:
    """Find the operating system's own error below what the libraries made of it."""
    found = OSError(str(error))
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, OSError):
            found = cause
        cause = cause.__cause__
    return found
