"""How does the demo run: sites that misbehave, the real bot, a simulated Discord, and pages to click through?"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any

import click
import discord
import simcord
from simcord.preview import Preview

from bot.cli import Failed
from bot.cli.compose import SystemClock
from bot.cli.demo.pages import Pages
from bot.cli.demo.sites import CANARY, HERE, SITES, Sites
from bot.cli.discord import build
from bot.ports import Rate
from bot.settings.model import Settings
from bot.storage.address import Address
from bot.surfaces.discord.limits import MINUTE, RATES, Limits

SETTLE_S = 60.0
"""simcord waits this long for the bot to finish what somebody did; the longest check takes less."""
LOOK_EVERY_S = 0.2
CONFIRM_AFTER_S = 1.0
UNHURRIED = ("card-user", "card-channel", "host-channel", "check-user")
"""Cooldowns that would meet somebody who tries everything at once with silence."""
INTRODUCTION = (
    "Everything here runs on this machine: the bot is the real one, Discord is simulated, and these sites are small "
    "servers that misbehave. Copy one of these into the box below (a command: type it), or write your own:"
)


@dataclass
class Stage:
    """What the demo consists of; pictures and tests use it, too."""

    env: simcord.Env
    sites: Sites
    channel: Any
    you: Any
    moderator: Any
    guide: Any

    def say(self, channel: Any, text: str) -> None:
        """Let the demo itself say something; the bot ignores what other programs write."""
        self.env.backend.create_message(channel.id, self.guide.id, text)


def offline(settings: Settings, sites: Sites) -> Settings:
    """Return settings with which the bot reaches the demo's sites and nothing else."""
    return settings.model_copy(
        update={
            "resolvers": (sites.name_server,),
            "canary": (sites.url(CANARY),),
            "allow_networks": (ip_network(f"{HERE}/32"),),
            "allow_ports": (sites.port, sites.closed_port),
            "ca_file": None,
            "confirm_after_s": CONFIRM_AFTER_S,
            "discord_message_content": True,
            "discord_mode": "auto",
            "discord_guild_ready_timeout_s": 0.0,
        }
    )


@asynccontextmanager
async def stage(settings: Settings) -> AsyncIterator[Stage]:
    """Set it up, and leave nothing behind."""
    sites = Sites()
    await sites.start()
    bot = build(offline(settings, sites), Address("memory"), shard_count=1)
    bot.limits = Limits({**RATES, **{kind: [Rate(60, MINUTE)] for kind in UNHURRIED}})
    env = simcord.Env(bot, settle_timeout=SETTLE_S)
    env.backend.clock._epoch = SystemClock().now()  # noqa: SLF001 - simcord's clock begins in January 2026
    env.backend.edit_bot_profile("Fiveohtwo")
    try:
        await env.start()
        await env.settle()
        guild = env.create_guild("Demo")
        moderators = guild.create_role("Moderators", permissions=discord.Permissions(manage_messages=True))
        yield Stage(
            env,
            sites,
            guild.create_text_channel("help", topic="Paste an error, as you would on Discord"),
            guild.add_member(env.create_user("you")),
            guild.add_member(env.create_user("moderator"), roles=[moderators]),
            guild.add_member(env.create_user("Demo", bot=True)),
        )
    finally:
        with contextlib.suppress(Exception):
            await env.shutdown()
        await env.bot.close()
        await sites.close()


async def show(settings: Settings, port: int) -> None:
    """Run the demo until somebody ends it."""
    async with stage(settings) as here:
        here.say(here.channel, _introduction(here.sites))
        pages = Pages(here.env, (here.you, here.moderator))
        try:
            main = await _first_page(pages, here.channel, port)
            click.echo(f"Open this page, and paste an error into it:\n\n    {main.url}\n\nCtrl-C ends the demo.")
            tasks = [
                asyncio.ensure_future(work) for work in (_follow_threads(here, pages), main.wait_closed(), _told())
            ]
            try:
                await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            await pages.close()


async def _first_page(pages: Pages, channel: Any, port: int) -> Preview:
    try:
        return await pages.open(channel, port)
    except simcord.SetupError as error:
        if not isinstance(error.__cause__, OSError):
            raise
        why = os.strerror(error.__cause__.errno or 0)
        raise Failed(f"port {port} cannot be used ({why}); without --port the demo takes a free one.") from None


async def _told() -> None:
    """Wait until somebody asks this process to end."""
    told = asyncio.Event()
    with contextlib.suppress(NotImplementedError):
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, told.set)
    await told.wait()


async def _follow_threads(here: Stage, pages: Pages) -> None:
    """Give each thread that opens a page, and link it where it was opened."""
    known: set[int] = set()
    while True:
        await asyncio.sleep(LOOK_EVERY_S)
        for thread in [one for one in here.channel.threads if one.id not in known]:
            known.add(thread.id)
            shown = await pages.open(thread)
            click.echo(f"Thread {thread.name}: {shown.url}")
            here.say(here.channel, f"The thread has a page of its own: {shown.url}")


def _introduction(sites: Sites) -> str:
    lines = [f"- {site.plea.format(url=sites.url(site))}" for site in SITES]
    return "\n".join([INTRODUCTION, *lines])
