"""How does the unmodified bot run against the stand-in for Discord? As a child process that tests kill and restart."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from e2e.command import COMMAND
from e2e.stage import Stage, raw
from standin.people import Person, person
from standin.seen import Seen
from standin.server import TOKEN, Standin

BAD_GATEWAY = raw(
    "502 Bad Gateway",
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center>"
    "<hr><center>nginx/1.24.0</center></body></html>",
    Server="nginx/1.24.0",
)
FINE = raw("200 OK", "<title>Shop</title><h1>Welcome to the shop, all is well here today.</h1>")
ENDS_WITHIN_S = 10.0
STARTS_WITHIN_S = 30.0
PAUSE_S = 2.2
"""A host is not looked at twice within two seconds; whoever waits longer gets a new look."""
pause = asyncio.sleep


class Bot:
    """The process; its log goes to a file that a failing test shows."""

    def __init__(self, stand: Standin, home: Path, settings: dict[str, str]) -> None:
        self.stand = stand
        self.home = home
        self.settings = {
            "discord_token": TOKEN,
            "discord_api": stand.api_url,
            "discord_gateway": stand.gateway_url,
            "discord_guild_ready_timeout_s": "0.1",
            "log_level": "info",
            **settings,
        }
        self.process: asyncio.subprocess.Process | None = None
        self.command: tuple[str | Path, ...] = (COMMAND, "run")

    @property
    def log(self) -> str:
        """Return all that it logged."""
        place = self.home / "bot.log"
        return place.read_text() if place.exists() else ""

    async def begin(self, *arguments: str, **settings: str) -> asyncio.subprocess.Process:
        """Start the process."""
        named = {f"FIVEOHTWO_{name.upper()}": value for name, value in (self.settings | settings).items()}
        given = {"HOME": str(self.home), "XDG_DATA_HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
        with (self.home / "bot.log").open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                *self.command, *arguments, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.home, env=given | named,
            )  # fmt: skip
        return self.process

    async def start(self, *arguments: str, **settings: str) -> None:
        """Start the process, and wait until it is online."""
        before = len(self.stand.record.received("IDENTIFY"))
        await self.begin(*arguments, **settings)
        await self.stand.record.until(
            lambda: len(self.stand.record.received("IDENTIFY")) > before, f"online\n{self.log}", STARTS_WITHIN_S
        )

    async def restart(self) -> None:
        """Kill the process without a word, and start another one in the same world."""
        await self.kill()
        await self.stand.record.until(lambda: not self.stand.gateway.online, "offline")
        await self.start()

    async def kill(self) -> None:
        """End it without a word."""
        if self.process is not None and self.process.returncode is None:
            self.process.kill()
            await self.process.wait()

    async def ended(self, patience_s: float = STARTS_WITHIN_S) -> int:
        """Wait for its end; return the exit code."""
        assert self.process is not None
        return await asyncio.wait_for(self.process.wait(), patience_s)

    async def stop(self) -> int:
        """Ask it to end; return the exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return await self.ended(ENDS_WITHIN_S)


@dataclass
class Desk:
    """A server with a channel, people, the bot, and sites to complain about."""

    stand: Standin
    stage: Stage
    bot: Bot
    alice: Person
    bob: Person
    mod: Person
    channel: str

    @property
    def threads(self) -> list[str]:
        """Return all threads."""
        return list(self.stand.world.in_thread)

    def site(self, *answers: bytes) -> str:
        """Start a site."""
        return self.stage.site("shop", *(answers or (BAD_GATEWAY,)))

    async def card(self, url: str) -> Seen:
        """Alice pastes an error; return the card with its verdict."""
        return await self._judged(self.alice, f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")

    async def guided(self, card: Seen, who: Person | None = None) -> tuple[str, Seen]:
        """Somebody (alice) takes the guide; return the thread and the panel in it."""
        who, before = who or self.alice, len(self.threads)
        outcome = await who.clicks(card, "Guide me")
        assert not outcome.failed
        await self.stand.record.until(lambda: len(self.threads) > before, "a thread")
        thread = self.threads[-1]
        return thread, await who.until(thread, lambda one: one.buttons, "a panel in the thread")

    async def called(self, who: Person, *answers: bytes) -> Seen:
        """Somebody calls the bot by name with an error; return the card."""
        return await self._judged(
            who, f"<@{self.stand.world.bot['id']}> 502 Bad Gateway nginx/1.24.0 at {self.site(*answers)}"
        )

    async def _judged(self, who: Person, text: str) -> Seen:
        card = await who.says(self.channel, text)
        return await who.until(
            self.channel, lambda one: one.id == card.id and "Guide me" in one.buttons, "a card with a verdict"
        )

    async def closed(self, thread: str, how: str) -> None:
        """Wait until a thread is closed with an outcome."""
        shape = self.stand.world.channels[thread]
        await self.stand.record.until(lambda: shape["thread_metadata"]["archived"], "a closed thread")
        assert shape["name"].endswith(how), shape["name"]

    def moderator(self) -> Person:
        """Let one more moderator come, who has not pressed anything yet."""
        return person(self.stand, "moderator", manage_messages=True)

    async def presses(self, panel: Seen, label: str, then: str, who: Person | None = None) -> Seen:
        """Somebody (alice) presses a button; wait until the panel, or another message there, says something."""
        who = who or self.alice
        outcome = await who.clicks(panel, label)
        assert not outcome.failed, f"interaction failed: {label}"
        return await who.until(panel.channel, lambda one: then in one.text, f"{then!r} after {label!r}")


@asynccontextmanager
async def desk(stage: Stage, home: Path, *, gateway_open: bool = True, **settings: str) -> AsyncIterator[Desk]:
    """Set the scene without starting the bot; at the end both judges must be content."""
    wanted = {
        "resolvers": stage.name_server,
        "canary": stage.canary,
        "allow_networks": "127.0.0.0/8",
        "allow_ports": ",".join(str(port) for port in sorted(stage.ports)),
        "confirm_after_s": "0.1",
        "check_deadline_s": "5",
        **settings,
    }
    async with Standin(gateway_open=gateway_open) as stand:
        channel = stand.world.add_channel("help")
        people = [person(stand, "alice"), person(stand, "bob"), person(stand, "mod", manage_messages=True)]
        bot = Bot(stand, home, wanted)
        try:
            yield Desk(stand, stage, bot, *people, channel["id"])
        finally:
            await bot.kill()
        assert not stand.record.violations, "\n".join(stand.record.violations)
