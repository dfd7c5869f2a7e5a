"""Is everything kept where the settings say, and opened once?"""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli.compose import SystemClock
from bot.cli.discord import build
from bot.cli.stores import LatePreferences, Stores, address_of
from bot.ports import StoreRefused
from bot.settings import SettingsError
from bot.settings.model import Settings
from bot.storage.address import parse
from bot.storage.ours import NEWEST


def test_address_follows_the_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A named database is used, else the one that the surface prefers, else the file in the user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    named = Settings.model_validate({"database_url": "memory:"})
    assert address_of(named).kind == "memory"
    assert address_of(Settings(), otherwise=parse("memory:")).kind == "memory"
    assert str(tmp_path) in str(address_of(Settings()))


def test_address_that_is_none_names_the_setting() -> None:
    """A database that nobody knows is refused with the setting's name."""
    with pytest.raises(SettingsError, match="FIVEOHTWO_DATABASE_URL"):
        address_of(Settings.model_validate({"database_url": "mysql://x"}))


@pytest.mark.parametrize("url", ["memory:", "sqlite:///{folder}/x.sqlite3"])
async def test_stores_open_once_and_keep(tmp_path: Path, url: str) -> None:
    """Everybody gets the same store; preferences that were put are there."""
    stores = Stores(parse(url.format(folder=tmp_path)), SystemClock())
    try:
        first, second = await stores.open(), await stores.open()
        assert first is second
        late = LatePreferences(stores)
        await late.put("k", "1", "a", "x")
        assert await late.all("k") == (("1", "a", "x"),)
        await late.put("k", "1", "b", "y")
        await late.drop("k", "1", "b")
        assert await late.all("k") == (("1", "a", "x"),)
        await late.forget("k", "1")
        assert await late.all("k") == ()
    finally:
        await stores.close()


async def test_closing_what_was_never_opened_is_no_trouble(tmp_path: Path) -> None:
    """A process that never needed its store closes quietly."""
    await Stores(parse(f"sqlite:///{tmp_path}/x.sqlite3"), SystemClock()).close()


async def test_what_failed_to_open_is_opened_at_the_next_need(tmp_path: Path) -> None:
    """A failure is not kept: once the database is fixed, whoever asks next gets it."""
    address = parse(f"sqlite:///{tmp_path}/x.sqlite3")
    await (await Stores(address, SystemClock()).open()).close()
    stores = Stores(address, SystemClock())
    _set_revision(address.path, "9999")
    for _ in range(2):
        with pytest.raises(StoreRefused):
            await stores.open()
    _set_revision(address.path, NEWEST)
    try:
        assert await (await stores.open()).store.load("k") is None
    finally:
        await stores.close()


def _set_revision(path: Path, revision: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))


def test_discord_bot_loads_no_database_library_to_log_in() -> None:
    """What takes long to import comes after IDENTIFY: building the bot needs none of it."""
    program = (
        "import sys; from bot.cli import create_bot; create_bot();"
        "print([name for name in ('sqlalchemy', 'alembic', 'asyncpg', 'aiosqlite') if name in sys.modules])"
    )
    environment = {"PATH": "/usr/bin:/bin", "FIVEOHTWO_DATABASE_URL": "sqlite:///never-made.sqlite3"}
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_database_of_a_newer_release_ends_the_bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot says why it stops, and does not run without its memory."""
    address = parse(f"sqlite:///{tmp_path}/x.sqlite3")
    await (await Stores(address, SystemClock()).open()).close()
    _set_revision(address.path, "9999")
    refused: list[StoreRefused] = []
    client = build(Settings(), address, refused=refused)
    ended = asyncio.Event()

    async def close() -> None:
        ended.set()

    monkeypatch.setattr(client, "close", close)
    with pytest.raises(StoreRefused):
        await client.parts.keeping()
    await asyncio.wait_for(ended.wait(), 5)
    assert "newer release" in str(refused[0])


@pytest.mark.parametrize("kind", ["folder", "letter", "file in the way"])
async def test_file_that_can_never_work_is_refused(tmp_path: Path, kind: str) -> None:
    """What no waiting fixes is reported at once, with the line that every command prints, to whoever may end."""
    path = tmp_path / "data" / "x.sqlite3"
    if kind == "folder":
        path.mkdir(parents=True)
    elif kind == "letter":
        path.parent.mkdir()
        path.write_text("this is a letter and no database at all " * 50)
    else:
        path.parent.write_text("in the way")
    heard: list[StoreRefused] = []
    stores = Stores(parse(f"sqlite:///{path}"), SystemClock(), refused=heard.append)
    for need in (stores.look, stores.open):
        with pytest.raises(StoreRefused, match=r"^the database cannot be used: .*x\.sqlite3: .*FIVEOHTWO_DATABASE_URL"):
            await need()
    assert len(heard) == 2
    assert len({str(error) for error in heard}) == 1
    await stores.close()


async def test_file_that_is_held_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock passes: the store is opened, and works when the file is free."""
    monkeypatch.setattr("bot.storage.engines.PATIENCE_S", 0.05)
    address = parse(f"sqlite:///{tmp_path}/x.sqlite3")
    with closing(sqlite3.connect(address.path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        stores = Stores(address, SystemClock())
        await stores.look()
        kept = await stores.open()
    assert await kept.store.load("k") is None
    await stores.close()


async def test_another_bot_is_refused(tmp_path: Path) -> None:
    """A database is the bot's that opened it first, whatever token comes later."""
    address = parse(f"sqlite:///{tmp_path}/x.sqlite3")
    for application in (5, 5):
        stores = Stores(address, SystemClock(), application=lambda application=application: application)
        await stores.open()
        await stores.close()
    stores = Stores(address, SystemClock(), application=lambda: 6)
    for need in (stores.look, stores.open):
        with pytest.raises(StoreRefused, match="belongs to another bot"):
            await need()
    await stores.close()


@pytest.mark.parametrize("url", ["memory:", "postgresql://me@127.0.0.1:9/x"])
async def test_what_may_work_later_is_no_reason_to_end(url: str) -> None:
    """Memory always works; a server that is away is opened when it is back."""
    stores = Stores(parse(url), SystemClock())
    await stores.look()
    await stores.close()


async def test_refusal_that_is_found_out_late_is_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that was away at the start, and turns out to be one that must not be used, ends the bot as well."""
    monkeypatch.setattr("bot.storage.engines.PATIENCE_S", 0.05)
    address = parse(f"sqlite:///{tmp_path}/x.sqlite3")
    await (await Stores(address, SystemClock()).open()).close()
    _set_revision(address.path, "9999")
    refused: list[StoreRefused] = []
    client = build(Settings(), address, refused=refused)
    ended = asyncio.Event()

    async def close() -> None:
        ended.set()

    monkeypatch.setattr(client, "close", close)
    with closing(sqlite3.connect(address.path, isolation_level=None)) as holder:
        holder.execute("PRAGMA journal_mode=DELETE")
        holder.execute("BEGIN EXCLUSIVE")
        kept = await client.parts.keeping()
    assert refused == []
    for _ in range(2):
        with pytest.raises(StoreRefused):
            await kept.store.load("k")
    await asyncio.wait_for(ended.wait(), 5)
    assert len(refused) == 1
    await kept.close()
