"""What does a Discord server with the bot in it look like to a test? People, channels, messages, clicks.

The bot is the real one, wired as `fiveohtwo run` wires it; simcord plays Discord; the sites are small real servers.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import discord
import pytest
import simcord

from bot.checks.limits import CheckSettings
from bot.cli import create_bot
from bot.kb.load import load
from bot.kb.model import KnowledgeBase
from bot.ports import Rate
from bot.surfaces.discord.client import Fiveohtwo
from bot.surfaces.discord.custom_id import decode
from bot.surfaces.discord.limits import MINUTE, RATES
from e2e.stage import Stage, raw

BAD_GATEWAY = raw(
    "502 Bad Gateway",
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center>"
    "<hr><center>nginx/1.24.0</center></body></html>",
    Server="nginx/1.24.0",
)
FINE = raw("200 OK", "<title>Shop</title><h1>Welcome to the shop, all is well here today.</h1>")
SPOKEN = (discord.MessageType.default, discord.MessageType.reply, discord.MessageType.chat_input_command)
"""What somebody said; simcord also notes that a thread was opened."""
GENEROUS = {kind: [Rate(10_000, MINUTE)] for kind in RATES}
"""Limits that no test meets by accident; those about limits set their own."""


@cache
def known(_shipped: Path | None, _own: Path | None, **_: object) -> KnowledgeBase:
    """Return the knowledge that ships, read once for all bots of a test run."""
    return load()


def walk(component: Any) -> Iterator[Any]:
    """Yield a component and all that it holds, whether a model or a raw payload."""
    yield component
    get = component.get if isinstance(component, dict) else lambda name: getattr(component, name, None)
    for child in (*(get("components") or ()), *(get("children") or ()), *filter(None, [get("component")])):
        yield from walk(child)


def of(component: Any, name: str) -> Any:
    """Return a field of a component."""
    return component.get(name) if isinstance(component, dict) else getattr(component, name, None)


def parts(message: Any) -> list[Any]:
    """Return all components of a message."""
    return [part for component in message.components for part in walk(component)]


def text(message: Any) -> str:
    """Return all that a message says."""
    shown = [of(part, "content") for part in parts(message) if of(part, "content")]
    return "\n".join([message.content, *shown]).strip()


def choices(message: Any) -> dict[str, str]:
    """Return the choices that a message offers: choice -> custom id."""
    ids = [of(part, "custom_id") for part in parts(message)]
    return {click.choice: name for name in ids if name and (click := decode(name)) is not None}


def labels(message: Any) -> list[str]:
    """Return the buttons' labels in order."""
    return [of(part, "label") for part in parts(message) if of(part, "label") and of(part, "custom_id")]


def options(message: Any) -> list[str]:
    """Return the values that the menu of a message offers."""
    return [of(option, "value") for part in parts(message) for option in (of(part, "options") or ())]


def colour(message: Any) -> int | None:
    """Return the accent colour."""
    found = [of(part, "accent_color") or of(part, "accent_colour") for part in parts(message)]
    return next((int(getattr(value, "value", value)) for value in found if value), None)


@dataclass
class World:
    """One server, one channel, three people, and the bot."""

    env: simcord.Env
    stage: Stage
    guild: Any
    channel: Any
    alice: Any
    bob: Any
    mod: Any

    @property
    def bot(self) -> Fiveohtwo:
        """Return the bot."""
        assert isinstance(self.env.bot, Fiveohtwo)
        return self.env.bot

    def site(self, name: str, *answers: bytes) -> str:
        """Start a site that answers so; return its address."""
        return self.stage.site(name, *answers)

    def ours(self, channel: Any = None) -> list[discord.Message]:
        """Return the bot's messages in a channel that everybody sees, oldest first."""
        me = self.bot.user
        assert me is not None
        history = (channel or self.channel).history()
        spoken = [message for message in history if message.type in SPOKEN and not message.flags.ephemeral]
        return [message for message in spoken if message.author.id == me.id]

    @property
    def card(self) -> discord.Message:
        """Return the newest card."""
        return self.ours()[-1]

    async def paste(self, content: str, author: Any = None, channel: Any = None) -> discord.Message:
        """Somebody writes something, and the bot makes of it what it will."""
        message: discord.Message = await (author or self.alice).send(channel or self.channel, content)
        await self.env.settle()
        return message

    async def click(self, message: Any, choice: str, author: Any = None) -> simcord.InteractionResult:
        """Somebody presses a button; it must be there, and the click must be acknowledged."""
        offered = choices(message)
        assert choice in offered, f"{choice} is not offered: {list(offered)}"
        result = await (author or self.alice).click(message, custom_id=offered[choice])
        assert result.acknowledged, "interaction failed"
        return result

    async def pick(self, message: Any, *values: str, author: Any = None) -> simcord.InteractionResult:
        """Somebody picks from the menu."""
        result = await (author or self.alice).select(message, values, custom_id=choices(message)["*"])
        assert result.acknowledged, "interaction failed"
        return result

    @property
    def threads(self) -> list[Any]:
        """Return the threads of the channel."""
        return list(self.channel.threads)

    async def restart(self) -> None:
        """The process ends; another one starts, which remembers nothing."""
        before = self.bot
        await self.env.restart_bot(create_bot())
        await before.close()
        self.bot.limits._rates = GENEROUS


def whispers(result: simcord.InteractionResult) -> list[Any]:
    """Return what one person alone was told by an interaction."""
    told = [*result.followups, *([result.response] if result.response is not None else [])]
    return [message for message in told if message.ephemeral]


@asynccontextmanager
async def discord_world(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, *, approved: discord.Intents | None = None, **settings: str
) -> AsyncIterator[World]:
    """Start the bot in a server of its own; leave nothing behind."""
    wanted = {
        "resolvers": stage.name_server,
        "canary": stage.canary,
        "allow_networks": "127.0.0.0/8",
        "allow_ports": ",".join(str(port) for port in sorted(stage.ports)),
        "confirm_after_s": "0.01",
        "check_deadline_s": "5",
        **settings,
    }
    for name, value in wanted.items():
        monkeypatch.setenv(f"FIVEOHTWO_{name.upper()}", value)
    monkeypatch.setattr("bot.checks.limits.CheckSettings", partial(CheckSettings, target_pause=0.0))
    monkeypatch.setattr("bot.cli.discord.load", known)
    bot = create_bot()
    options: dict[str, Any] = {"approved_intents": approved} if approved is not None else {}
    env = simcord.Env(bot, settle_timeout=30, **options)
    await env.start()
    try:
        bot.limits._rates = GENEROUS
        await env.settle()
        guild = env.create_guild("Help desk")
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
        yield World(
            env, stage, guild, guild.create_text_channel("help"),
            alice=guild.add_member(env.create_user("alice")),
            bob=guild.add_member(env.create_user("bob")),
            mod=guild.add_member(env.create_user("mod"), roles=[moderators]),
        )  # fmt: skip
        env.raise_errors()
    finally:
        await env.bot.close()
        await env.shutdown()


async def opened(world: World, name: str, *answers: bytes) -> tuple[str, Any]:
    """Alice pastes an error and is guided: return the site's address and the thread."""
    url = world.site(name, *answers)
    await world.paste(f"help, I get 502 Bad Gateway nginx/1.24.0 at {url}cart")
    await world.click(world.card, "guide")
    return url, world.threads[-1]


def panel(world: World, thread: Any) -> discord.Message:
    """Return the newest message of the bot in a thread."""
    return world.ours(thread)[-1]


def all_of(messages: Sequence[Any]) -> str:
    """Return the text of several messages."""
    return "\n".join(text(message) for message in messages)


async def until(look: Callable[[], object], patience_s: float = 10.0) -> None:
    """Wait until something is so while the bot is at work."""
    async with asyncio.timeout(patience_s):
        while not look():  # noqa: ASYNC110 - nobody tells a test when Discord changed
            await asyncio.sleep(0.01)
