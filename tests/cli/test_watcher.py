"""Does `fiveohtwo watcher` refuse what cannot work, and look at what people wait for until it is told to stop?"""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.cli.compose import SystemClock
from bot.ports import Watch
from bot.storage.address import Address
from bot.storage.watches import SqlWatches
from cli_shared import Run
from databases import open_database
from e2e.command import Command
from e2e.stage import Stage, raw


def test_memory_is_told_to_be_no_place_to_share(run: Run) -> None:
    """What is wrong, why, and what to do; no token is asked for."""
    done = run("watcher", database_url="memory:")
    assert done.exit_code == 2
    assert "FIVEOHTWO_DATABASE_URL says memory" in done.stderr
    assert "no other process sees it" in done.stderr
    assert "Set it to the database" in done.stderr


def test_database_of_a_newer_release_is_refused(run: Run, tmp_path: Path) -> None:
    """The command ends with the reason, and touches nothing."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    run("db", "upgrade", database_url=url)
    with closing(sqlite3.connect(tmp_path / "x.sqlite3")) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    done = run("watcher", database_url=url)
    assert done.exit_code == 2
    assert "newer release" in done.stderr


def test_looks_until_it_is_told_to_stop(stage: Stage, tmp_path: Path) -> None:
    """A site that somebody waits for is looked at, and health says so meanwhile; the end is quiet, with exit code 0."""
    url = stage.site("waited-for", raw("502 Bad Gateway"))
    address = Address("sqlite", path=tmp_path / "x.sqlite3")

    async def wait_for_it() -> None:
        database = await open_database(address, SystemClock())
        watches, now = SqlWatches(database), datetime.now(UTC)
        watch = Watch("w", url, "discord", "7", "{}", now, now + timedelta(hours=1))
        await watches.add(watch, most_user=9, most_server=9)
        await database.aclose()

    asyncio.run(wait_for_it())
    command = Command(
        tmp_path,
        {
            "database_url": f"sqlite:///{address.path}", "resolvers": stage.name_server, "canary": stage.canary,
            "allow_networks": "127.0.0.0/8", "allow_ports": ",".join(map(str, stage.ports)),
            "confirm_after_s": "0.05", "log_level": "info",
        },
    )  # fmt: skip
    process = command._start(("watcher",), {})
    try:
        stage.wait_for_request("waited-for")
        well = command.run("health", "watcher")
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=20)
    finally:
        process.kill()
    assert (process.returncode, out) == (0, b"")
    assert (well.returncode, well.stdout[:13]) == (0, "able to work ")
    assert "not running" in command.run("health", "watcher").stdout
    assert b"Traceback" not in err
    assert b'"event": "stopping"' in err
