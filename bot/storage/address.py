"""Which database is meant? An SQLite file, a PostgreSQL server, or just memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from bot.storage.parameters import understood

FILE_NAME = "fiveohtwo.sqlite3"


class AddressError(ValueError):
    """An address of a database that cannot be read; the text says why and never repeats the address."""


@dataclass(frozen=True)
class Address:
    """Where a database is."""

    kind: Literal["memory", "sqlite", "postgresql"]
    path: Path = Path()
    """Of an SQLite file."""
    url: str = ""
    """Of a PostgreSQL server; it may hold a password."""
    passed_over: tuple[str, ...] = ()
    """Parameters of the address, by name, that mean nothing to the driver or the server."""

    @property
    def place(self) -> str:
        """The file, or the server without who logs in: what people may read."""
        return str(self.path) if self.kind == "sqlite" else urlsplit(self.url).netloc.rpartition("@")[2] or "local"


def parse(url: str) -> Address:
    """Read `sqlite:///relative`, `sqlite:////absolute`, `postgresql://...` or `memory:`. Raises AddressError."""
    try:
        parts = urlsplit(url)
    except ValueError:
        raise AddressError("it is no address of a database") from None
    match parts.scheme.partition("+")[0]:
        case "memory":
            return Address("memory")
        case "sqlite":
            path = unquote(parts.path).removeprefix("/")
            if parts.netloc or not path or "\0" in path:
                raise AddressError("an SQLite address looks like sqlite:///folder/file.sqlite3")
            if path == ":memory:":  # SQLite's own name for it: each connection would have one of its own
                return Address("memory")
            return Address("sqlite", path=_at_home(path))
        case "postgresql" | "postgres":
            if not _is_readable(parts):
                raise AddressError(
                    "a PostgreSQL address looks like postgresql://user:password@host:5432/database"
                    " (in a password, / is written %2F, @ is %40, : is %3A, # is %23, ? is %3F)"
                )
            query, passed_over = understood(parts.query, names_host=bool(parts.netloc.rpartition("@")[2]))
            head = url.partition("?")[0][len(parts.scheme) :]
            return Address("postgresql", url=f"postgresql{head}{'?' * bool(query)}{query}", passed_over=passed_over)
        case _:
            raise AddressError("it must begin with sqlite:///, postgresql:// or memory:")


def _at_home(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError:
        raise AddressError("its ~ names nobody who has a home on this machine") from None


def _is_readable(parts: SplitResult) -> bool:
    """Tell whether the driver, which splits at the first of each separator, finds what the operator meant."""
    hosts = parts.netloc.partition("@")[2] if "@" in parts.netloc else parts.netloc
    ports = [host.rpartition("]")[2].partition(":")[2] for host in hosts.split(",")]
    try:
        parse_qsl(parts.query, strict_parsing=bool(parts.query))
        in_range = all(0 < int(port) < 65536 for port in ports if port)
    except ValueError:
        return False
    return in_range and "@" not in hosts + parts.path and not parts.fragment


def default() -> Address:
    """Return the file in the user's data folder."""
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed when an address is given

    return Address("sqlite", path=user_data_path("fiveohtwo", appauthor=False) / FILE_NAME)
