"""How does a small bot run against the stand-in? In a process of its own, with a channel and people for each test."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from standin.people import Person, person
from standin.server import TOKEN, Standin

BOT = Path(__file__).with_name("standin_bot.py")
ENDED = re.compile(r"ok|\d+/\d+ ")
"""How the bot tells the end of an attempt."""
STARTS_WITHIN_S = 30.0
ALL_INTENTS = 1 | 1 << 1 | 1 << 9 | 1 << 10 | 1 << 12 | 1 << 13 | 1 << 15
"""Servers, members, messages, reactions, direct messages, and what is written in them."""


class House:
    """A stand-in with one bot process, which may be started again."""

    def __init__(self, stand: Standin, folder: Path) -> None:
        self.stand = stand
        self.folder = folder
        self.process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """Return what the bot printed."""
        return (self.folder / "bot.log").read_text()

    async def begin(self, *, token: str = TOKEN, intents: int = ALL_INTENTS) -> asyncio.subprocess.Process:
        """Start the process."""
        environment = {
            "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "BOT_INTENTS": str(intents),
            "FIVEOHTWO_DISCORD_TOKEN": token, "FIVEOHTWO_DISCORD_API": self.stand.api_url,
            "FIVEOHTWO_DISCORD_GATEWAY": self.stand.gateway_url,
        }  # fmt: skip
        with (self.folder / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-W", "ignore", str(BOT), stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.folder, env=environment,
            )  # fmt: skip
        return self.process

    async def start(self, *, intents: int = ALL_INTENTS) -> None:
        """Start the process, and wait until it is online."""
        process = await self.begin(intents=intents)
        await self.stand.record.until(
            lambda: self.stand.gateway.online or process.returncode is not None, "online", STARTS_WITHIN_S
        )
        assert process.returncode is None, self.log

    async def stop(self) -> None:
        """End the process."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()
            await self.stand.record.until(lambda: not self.stand.gateway.online, "offline")

    def offences(self) -> list[str]:
        """Return what the judges found since, and forget it."""
        found = list(self.stand.record.violations)
        self.stand.record.violations.clear()
        return found


@dataclass
class Hall:
    """One test's channel and people."""

    house: House
    stand: Standin
    channel: str
    alice: Person
    bob: Person

    async def attempt(self, what: str, channel: str | None = None) -> str:
        """Let the bot try something; return how that ended."""
        outcome = await self.alice.uses_slash(channel or self.channel, "attempt", what=what)
        assert not outcome.failed, f"{what} did not end\n{self.house.log[-3000:]}"
        await self.stand.record.until(lambda: ENDED.match(outcome.answer.text), f"an end of {what}")
        return outcome.answer.text


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """Return a stand-in with the bot online."""
    async with Standin() as stand:
        stand.gateway.approved |= 1 << 1
        house = House(stand, tmp_path_factory.mktemp("bot"))
        await house.start()
        yield house
        await house.stop()


@pytest_asyncio.fixture(loop_scope="module")
async def hall(house: House, request: pytest.FixtureRequest) -> AsyncIterator[Hall]:
    """Return a channel and people; afterwards no judge may have complained, and no fault may be left over."""
    channel = house.stand.world.add_channel(request.node.name[:90])["id"]
    yield Hall(house, house.stand, channel, person(house.stand, "alice"), person(house.stand, "bob"))
    assert house.offences() == []
    left = [fault for fault in house.stand.faults.planned if fault.hits < fault.times]
    house.stand.faults.planned.clear()
    assert left == []
