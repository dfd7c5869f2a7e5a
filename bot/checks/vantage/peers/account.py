"""Which NATS servers does an operator name, and who is this process there? No text from here holds a secret."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

PORT = 4222
_JWT, _SEED = "-----BEGIN NATS USER JWT-----", "-----BEGIN USER NKEY SEED-----"
MOST_CREDENTIALS = 64 * 1024


@dataclass(frozen=True)
class Account:
    """Servers, all of one cluster, and what they recognise this process by."""

    servers: tuple[str, ...]
    """`nats://host:port` or `tls://host:port`."""
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)
    credentials: Path | None = None
    """File with a key, as `nsc` writes it (.creds) or bare (a seed of `nk`)."""

    @property
    def encrypted(self) -> bool:
        """Must the connection be encrypted, whatever the server says?"""
        return self.servers[0].startswith("tls://")


def account_in(text: str, credentials: Path | None = None) -> Account:
    """Read addresses, comma-separated. Raises ValueError, whose text repeats nothing of them."""
    parts = [_parsed(each.strip()) for each in text.split(",") if each.strip()]
    if not parts:
        raise ValueError("it names no server; it takes nats://host:4222 or tls://host:4222, comma-separated")
    if len({part.scheme for part in parts}) > 1:
        raise ValueError("it mixes nats:// and tls://: all servers are tls://, or none is")
    named = {(part.username, part.password) for part in parts if part.username is not None}
    if len(named) > 1:
        raise ValueError("its servers have different users: a cluster knows them all")
    if named and credentials is not None:
        raise ValueError("it names a user though a file with credentials is set: one of them is too much")
    name, password = tuple(unquote(each) if each else None for each in named.pop()) if named else (None, None)
    servers = tuple(f"{part.scheme}://{_host(part)}:{part.port or PORT}" for part in parts)
    if password is None:
        return Account(servers, token=name, credentials=credentials)
    return Account(servers, user=name, password=password, credentials=credentials)


def _parsed(text: str) -> SplitResult:
    try:
        part = urlsplit(text if "://" in text else f"nats://{text}")
        fits = part.scheme in ("nats", "tls") and bool(part.hostname) and part.port != 0
    except ValueError:
        fits = False
    if not fits or part.path.strip("/") or part.query or part.fragment or not text.isprintable() or " " in text:
        raise ValueError("one of its addresses is none; it takes nats://host:4222 or tls://user:password@host:4222")
    return part


def _host(part: SplitResult) -> str:
    host = part.hostname or ""
    return f"[{host}]" if ":" in host else host


def seed_in(path: Path) -> str | None:
    """Return the bare seed that a file holds, None if it is a whole .creds file. Raises ValueError for any other.

    nats-py looks for its marks forever in a file that has none.
    """
    try:
        with path.open("rb") as file:
            text = file.read(MOST_CREDENTIALS).decode("ascii")
    except OSError as error:
        raise ValueError(f"the file with credentials cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        text = ""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if _JWT in lines[:-1] and _SEED in lines[:-1]:
        return None
    keys = [line for line in lines if not line.startswith("#")]
    if len(keys) == 1 and keys[0].startswith("SU") and keys[0].isalnum():
        return keys[0]
    raise ValueError(
        "the file with credentials holds neither those of nsc (.creds) nor the seed of a user's key (SU...)"
    )
