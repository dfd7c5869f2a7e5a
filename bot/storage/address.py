"""Which database is meant? A file of SQLite, a PostgreSQL server, or nothing but memory."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

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
            return Address("sqlite", path=Path(path).expanduser())
        case "postgresql" | "postgres":
            return Address("postgresql", url="postgresql" + url[len(parts.scheme) :])
        case _:
            raise AddressError("it must begin with sqlite:///, postgresql:// or memory:")


def default() -> Address:
    """Return the file in the user's data folder."""
    from platformdirs import user_data_path  # noqa: PLC0415 - not needed when an address is given

    return Address("sqlite", path=user_data_path("fiveohtwo", appauthor=False) / FILE_NAME)
