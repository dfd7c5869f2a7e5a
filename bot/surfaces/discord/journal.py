"""What is logged about an interaction? One line when it is over: what it was, where, how it ended, how long it took.

Nothing in it was written by a person: names are those of our own commands and choices, places are ids.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp
import discord

from bot.surfaces.discord.custom_id import MANY, Click

log = logging.getLogger(__name__)

Kind = Literal["command", "autocomplete", "component", "modal", "message"]
DONE, FAILED, NOT_OURS = "done", "failed", "not-ours"
SILENT = {"message": "silent"}
UNACKNOWLEDGED = "unacknowledged"
"""The outcome when nothing was answered: a message need not be."""
MENU = "menu"
"""The action of a menu: what was picked in it comes from the person's client."""
ANSWERS = re.compile(r"/interactions/\d+/[^/]+/callback$")
MESSAGES = re.compile(r"/channels/\d+/messages$")
"""The requests that a person sees as an answer."""


@dataclass(slots=True)
class Entry:
    """One interaction under way."""

    kind: Kind
    name: str | None
    guild: int | None
    channel: int | None
    outcome: str = DONE
    began: float = field(default_factory=time.perf_counter)
    acknowledged: float | None = None

    def write(self, handled: asyncio.Task[Any]) -> None:
        """Write the line. Only what Discord has accepted counts as done."""
        now, acknowledged = time.perf_counter(), self.acknowledged
        outcome = self.outcome
        if handled.cancelled() or handled.exception() is not None:
            outcome = FAILED
        elif acknowledged is None and outcome == DONE:
            outcome = SILENT.get(self.kind, UNACKNOWLEDGED)
        log.info(
            "interaction",
            extra={
                "kind": self.kind,
                "action": self.name,
                "guild": self.guild,
                "channel": self.channel,
                "outcome": outcome,
                "duration_ms": _ms(now - self.began),
                "ack_ms": None if acknowledged is None else _ms(acknowledged - self.began),
            },
        )


_present: ContextVar[Entry | None] = ContextVar("_present", default=None)


def begin(kind: Kind, name: str | None, guild: int | None, channel: int | None) -> None:
    """Start the line for what this task handles; it is written when the task ends."""
    task = asyncio.current_task()
    if task is None or not log.isEnabledFor(logging.INFO):
        return
    entry = Entry(kind, name, guild, channel)
    _present.set(entry)
    task.add_done_callback(entry.write)


def begin_command(interaction: discord.Interaction[Any]) -> None:
    """Start the line of a command, or of the suggestions for one."""
    command = interaction.command
    name = command.qualified_name if command is not None else None
    kind: Kind = "autocomplete" if interaction.type is discord.InteractionType.autocomplete else "command"
    begin(kind, name, interaction.guild_id, interaction.channel_id)


def begin_click(
    kind: Literal["component", "modal"], interaction: discord.Interaction[Any], click: Click | None
) -> None:
    """Start the line of a click, or of a submitted form."""
    name = None if click is None else MENU if click.choice == MANY else click.choice
    begin(kind, name, interaction.guild_id, interaction.channel_id)
    if click is None:
        ended(NOT_OURS)


def ended(outcome: str) -> None:
    """Say how the current interaction ends, if it is not simply done. A failure stays one, whatever is said later."""
    entry = _present.get()
    if entry is not None and entry.outcome != FAILED:
        entry.outcome = outcome


def acknowledged() -> None:
    """Note that the first answer was accepted, though Discord could not say so."""
    entry = _present.get()
    if entry is not None and entry.acknowledged is None:
        entry.acknowledged = time.perf_counter()


def trace() -> aiohttp.TraceConfig | None:
    """Return what notes when Discord has accepted the first answer to an interaction, if that is logged at all."""
    if not log.isEnabledFor(logging.INFO):
        return None
    config = aiohttp.TraceConfig()
    config.on_request_end.append(_answered)
    return config


async def _answered(_session: aiohttp.ClientSession, _context: Any, request: aiohttp.TraceRequestEndParams) -> None:
    entry = _present.get()
    if entry is None or entry.acknowledged is not None or request.method != "POST" or request.response.status >= 300:
        return
    if (MESSAGES if entry.kind == "message" else ANSWERS).search(request.url.path):
        entry.acknowledged = time.perf_counter()


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
