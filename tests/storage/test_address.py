"""Is the right database meant, and is nothing secret repeated?"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.storage.address import AddressError, default, parse


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///kept.sqlite3", "kept.sqlite3"),
        ("sqlite:////var/lib/fiveohtwo/kept.sqlite3", "/var/lib/fiveohtwo/kept.sqlite3"),
        ("sqlite:///a%20b/kept.sqlite3", "a b/kept.sqlite3"),
        ("sqlite+aiosqlite:///kept.sqlite3", "kept.sqlite3"),
    ],
)
def test_sqlite_address_names_a_file(url: str, path: str) -> None:
    """Three slashes begin a relative path, four an absolute one."""
    address = parse(url)
    assert (address.kind, address.path) == ("sqlite", Path(path))


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+asyncpg"])
def test_postgresql_address_is_given_on(scheme: str) -> None:
    """Whatever the scheme is called, the driver gets an address that it reads."""
    address = parse(f"{scheme}://me:pw@db.example.com:5433/bot?sslmode=require")
    assert address.kind == "postgresql"
    assert address.url == "postgresql://me:pw@db.example.com:5433/bot?sslmode=require"
    assert address.place == "db.example.com:5433"


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:ge/heim@127.0.0.1/bot", "postgresql://me:1/geheim@127.0.0.1/bot",
        "postgresql://me:ge@heim@127.0.0.1/bot", "postgresql://me:ge#heim@127.0.0.1/bot",
        "postgresql://me:1#geheim@127.0.0.1/bot", "postgresql://me:ge?heim@127.0.0.1/bot",
        "postgresql://geheim@127.0.0.1:99999/bot", "postgresql://geheim@127.0.0.1:0/bot",
        "postgresql://geheim@one,two:x/bot", "postgresql://geheim@::1/bot", "postgresql://127.0.0.1/bot?geheim",
    ],
)  # fmt: skip
def test_postgresql_address_that_the_driver_misreads_is_refused(url: str) -> None:
    """A sign that should have been escaped, or a port that is none, is told before anybody connects."""
    with pytest.raises(AddressError, match="%2F") as caught:
        parse(url)
    assert "heim" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:a%2Fb%40c@one:5433,two/bot", "postgresql://me@[::1]:5432/bot", "postgresql:///bot?host=/run",
        "postgresql://me@%2Frun%2Fpg/bot", "postgresql://",
    ],
)  # fmt: skip
def test_unusual_postgresql_address_is_taken(url: str) -> None:
    """Several servers, IPv6, sockets, and whatever the variables PG... say, are the driver's business."""
    assert parse(url).url == url


@pytest.mark.parametrize("url", ["memory:", "sqlite:///:memory:"])
def test_memory_is_an_address(url: str) -> None:
    """An operator can say that nothing is kept, in SQLite's words, too."""
    assert parse(url).kind == "memory"


@pytest.mark.parametrize(
    "url",
    [
        "mysql://me:geheim@host/x",
        "sqlite://",
        "sqlite:///",
        "sqlite://host/geheim",
        "geheim",
        "",
        "http://[geheim",
        "sqlite:///~geheim/x",
    ],
)
def test_other_addresses_are_refused_without_repeating_them(url: str) -> None:
    """What cannot be read is refused; the text holds nothing of the address, which may hold a password."""
    with pytest.raises(AddressError) as caught:
        parse(url)
    assert "geheim" not in str(caught.value)


def test_default_is_a_file_in_the_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without an address, one file in the user's data folder is meant."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    address = default()
    assert (address.kind, address.path) == ("sqlite", tmp_path / "fiveohtwo/fiveohtwo.sqlite3")
