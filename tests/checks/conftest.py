"""What do the tests of checks share? Real servers on loopback, their certificates, and a reach that may go there.

Every test starts the servers that it needs; they are closed when it is over.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.checks.dial import Dialer
from bot.checks.dns import Answer
from bot.checks.guard import Guard
from bot.checks.limits import CheckSettings
from bot.checks.policy import Policy
from bot.checks.reach import Contexts, Reach, load_contexts
from bot.diagnosis.findings import Failure
from loopback_dns import Datagrams, Zone, over_tcp

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
QUICK = CheckSettings(
    canary=(),
    deadline=5.0,
    dns_lifetime=1.0,
    dns_grace=0.2,
    connect_timeout=1.0,
    tls_timeout=1.0,
    read_timeout=1.0,
    body_time=1.0,
    canary_timeout=1.0,
    confirm_pause=0.0,
    target_pause=0.0,
)

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Server:
    """A listening server and what it has seen."""

    host: str
    port: int = 0
    connections: int = 0
    requests: list[bytes] = field(default_factory=list)

    def url(self, scheme: str = "http", name: str | None = None, path: str = "/") -> str:
        """Return an address on this server, by name or by its IP address."""
        host = name or (f"[{self.host}]" if ":" in self.host else self.host)
        return f"{scheme}://{host}:{self.port}{path}"


@dataclass
class Names:
    """A `Resolver` with a table; a name that is not in it does not exist."""

    table: dict[str, Answer]
    asked: list[str] = field(default_factory=list)

    async def lookup(self, name: str) -> Answer:
        self.asked.append(name)
        return self.table.get(name, Answer(failure=Failure.NXDOMAIN))


class Loopback:
    """Servers, answers and a reach, all on loopback."""

    def __init__(self, contexts: Contexts, authority: Authority) -> None:
        self.contexts = contexts
        self.authority = authority
        self._listening: list[asyncio.Server] = []
        self._tasks: set[asyncio.Task[Any]] = set()
        self._datagrams: list[asyncio.DatagramTransport] = []

    async def name_server(self, zone: Zone, host: str = "127.0.0.2") -> str:
        """Start a name server over UDP and TCP; return it as `ip:port`."""
        server = await self.serve(over_tcp(zone), host)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Datagrams(zone), local_addr=(host, server.port)
        )
        self._datagrams.append(transport)
        return f"{host}:{server.port}"

    zone = Zone

    async def serve(
        self,
        behaviour: Handler | bytes | Sequence[bytes],
        host: str = "127.0.0.2",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> Server:
        """Start a server: a handler of connections, one raw answer, or the raw answers to one request after another."""
        server = Server(host)
        raw = (behaviour,) if isinstance(behaviour, bytes) else behaviour
        handler = raw if callable(raw) else replies(server, raw)

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            self._tasks.add(task)
            server.connections += 1
            try:
                with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError, ssl.SSLError):
                    await handler(reader, writer)
            finally:
                writer.close()
                self._tasks.discard(task)

        listening = await asyncio.start_server(connected, host, port, ssl=tls)
        server.port = listening.sockets[0].getsockname()[1]
        self._listening.append(listening)
        return server

    async def pair(self, v4: Any, v6: Any) -> tuple[Server, Server]:
        """Start one server per address family on the same port."""
        for _ in range(20):
            first = await self.serve(v4)
            with suppress(OSError):
                return first, await self.serve(v6, "::1", first.port)
        raise AssertionError("no port that is free over both families")

    def reach(self, names: dict[str, Answer] | None = None, **settings: Any) -> Reach:
        """Return a reach that may go to loopback, on any port, with names from a table."""
        policy = Policy(
            allow_networks=(ip_network("127.0.0.0/8"), ip_network("::1/128")),
            allow_ports=frozenset(range(1024, 65536)),
        )
        return Reach(
            guard=Guard(policy),
            resolver=Names(names or {}),
            connect=Dialer(policy),
            contexts=self.contexts,
            settings=replace(QUICK, **settings),
        )

    @staticmethod
    def answer(*addresses: str) -> Answer:
        """Return an answer of the DNS with these addresses."""
        return Answer(
            v4=tuple(a for a in addresses if ip_address(a).version == 4),
            v6=tuple(a for a in addresses if ip_address(a).version == 6),
        )

    @staticmethod
    def reply(status: str = "200 OK", body: bytes = b"hello", **headers: str) -> bytes:
        """Return a whole answer with its length; underscores in header names become dashes."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode() + body

    async def close(self) -> None:
        """End everything that was started."""
        for transport in self._datagrams:
            transport.close()
        for listening in self._listening:
            listening.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for listening in self._listening:
            with suppress(asyncio.TimeoutError):
                await asyncio.wait_for(listening.wait_closed(), 1)


def replies(server: Server, raw: Sequence[bytes]) -> Handler:
    """Answer the n-th request with the n-th raw answer, the last one again and again."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.requests.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(raw[min(len(server.requests), len(raw)) - 1])
        await writer.drain()

    return handle


class Authority:
    """Makes server contexts whose certificates tell every story."""

    def __init__(self, folder: Path) -> None:
        self._ca = trustme.CA(organization_name="Loopback Trust")
        self._stranger = trustme.CA(organization_name="Nobody Knows Me")
        self.ca_file = folder / "ca.pem"
        self._ca.cert_pem.write_to_path(str(self.ca_file))
        self._folder = folder

    def server(self, story: str = "good", *names: str) -> ssl.SSLContext:
        """Return a context; stories: good, rsa, weak-key, expired, not-yet-valid, untrusted, self-signed, wrong-name."""
        names = names or ("www.site.test", "127.0.0.2", "::1")
        day = timedelta(days=1)
        now = datetime.now(UTC)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        match story:
            case "self-signed":
                key = ec.generate_private_key(ec.SECP256R1())
                context.load_cert_chain(self._made(names[0], key, key))
            case "weak-key":
                context.set_ciphers("ALL:@SECLEVEL=0")  # else OpenSSL refuses to serve it
                authority = serialization.load_pem_private_key(self._ca.private_key_pem.bytes(), None)
                weak = rsa.generate_private_key(65537, 1024)
                context.load_cert_chain(self._made(names[0], weak, authority))
            case "rsa":
                self._ca.issue_cert(*names, key_type=trustme.KeyType.RSA).configure_cert(context)
            case "expired":
                past = {"not_before": now - 40 * day, "not_after": now - 10 * day}
                self._ca.issue_cert(*names, **past).configure_cert(context)
            case "not-yet-valid":
                future = {"not_before": now + 10 * day, "not_after": now + 40 * day}
                self._ca.issue_cert(*names, **future).configure_cert(context)
            case "untrusted":
                self._stranger.issue_cert(*names).configure_cert(context)
            case "wrong-name":
                self._ca.issue_cert("another.test").configure_cert(context)
            case _:
                self._ca.issue_cert(*names, not_after=now + 90 * day).configure_cert(context)
        return context

    def _made(self, name: str, key: Any, signer: Any) -> str:
        """Return a file with a certificate that our authority signed or, with the key as signer, it itself."""
        subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
        authority = x509.load_pem_x509_certificate(self._ca.cert_pem.bytes()).subject
        now = datetime.now(UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject if signer is key else authority)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .sign(signer, hashes.SHA256())
        )
        path = self._folder / f"made-{key.key_size}.pem"
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        return str(path)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Return the certificate authority that the tests' reach trusts."""
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="session")
def contexts(authority: Authority) -> Contexts:
    """Return TLS contexts that trust the tests' authority besides the public ones."""
    return load_contexts(str(authority.ca_file))


@pytest.fixture
async def lo(contexts: Contexts, authority: Authority) -> AsyncIterator[Loopback]:
    """Give a test its loopback, and clean up behind it."""
    loopback = Loopback(contexts, authority)
    yield loopback
    await loopback.close()


@pytest.fixture
def closed_port() -> Iterator[int]:
    """Return a port on which nothing listens: it stays bound, so nobody else can take it."""
    with socket.socket() as held:
        held.bind(("127.0.0.2", 0))
        yield held.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Return a port that drops packets: its queue of connections is full, and nobody takes any of them."""
    with ExitStack() as held:
        listening = held.enter_context(socket.socket())
        listening.bind(("127.0.0.2", 0))
        listening.listen(0)
        for _ in range(4):
            waiting = held.enter_context(socket.socket())
            waiting.setblocking(False)
            with suppress(BlockingIOError):
                waiting.connect(listening.getsockname())
        yield listening.getsockname()[1]
