"""Does `fiveohtwo health` see how the bot's process is doing, from its start to its end?"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from subprocess import CompletedProcess

import pytest

from e2e.bot_process import Desk, desk
from e2e.command import Command
from e2e.stage import Stage

Health = CompletedProcess[str]
TRIES = 60


async def health(at: Desk, *arguments: str, until: Callable[[Health], bool] = lambda _: True) -> Health:
    """Ask beside the bot, with its settings, until the answer is as wanted."""
    command = Command(at.bot.home, at.bot.settings)
    for _ in range(TRIES):
        if until(said := await asyncio.to_thread(command.run, "health", *arguments)):
            return said
        await asyncio.sleep(0.3)
    raise AssertionError(f"{said.stdout}\n{at.bot.log}")


@pytest.mark.soak
async def test_process_is_well_once_it_is_connected(stage: Stage, tmp_path: Path) -> None:
    """Without a gateway it lives and cannot work; with one it can; after its end it is gone, and its sign with it."""
    place = tmp_path / "run.heartbeat"
    async with desk(stage, tmp_path, gateway_open=False, heartbeat=str(place)) as at:
        await at.bot.begin()
        said = await health(at, until=lambda it: "not connected" in it.stdout)
        assert said.returncode == 1
        assert said.stdout == "not able to work since it started: not connected to Discord\n"
        assert (await health(at, "--alive")).returncode == 0
        await at.stand.open_gateway()
        assert "able to work" in (await health(at, until=lambda it: it.returncode == 0)).stdout
        assert await at.bot.stop() == 0
        said = await health(at)
        assert (said.returncode, said.stdout) == (1, f"not running: there is no sign of life at {place}\n")


async def test_process_without_its_database_is_not_well(stage: Stage, tmp_path: Path) -> None:
    """A database that another program holds is told though Discord is there; once it is free, all is well."""
    url = f"sqlite:///{tmp_path}/x.sqlite3"
    Command(tmp_path, {"database_url": url}).run("db", "upgrade")
    settings = {"database_url": url, "heartbeat": str(tmp_path / "run.heartbeat")}
    async with desk(stage, tmp_path, **settings) as at:
        with closing(sqlite3.connect(tmp_path / "x.sqlite3", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            await at.bot.start()
            said = await health(at, until=lambda it: "database" in it.stdout)
            assert said.returncode == 1
            assert "the database cannot be used" in said.stdout
            other.execute("ROLLBACK")
        assert (await health(at, until=lambda it: it.returncode == 0)).stdout.startswith("able to work")
