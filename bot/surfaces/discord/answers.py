"""How is an interaction answered in time? Acknowledge first, say a sentence to one person, hand over a file."""

from __future__ import annotations

import io
import logging
from collections.abc import Awaitable
from typing import Any

import discord

from bot.surfaces.discord.journal import FAILED, ended
from bot.surfaces.discord.markup import plain
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.render import Panel, layout
from bot.surfaces.discord.screens import NOBODY, UNREACHABLE
from bot.wording import Message

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]


async def guarded(interaction: Interaction, phrases: Phrases, work: Awaitable[None]) -> None:
    """Do the work of an interaction; a fault in it is logged, and told to the person."""
    try:
        await work
    except Exception:
        log.exception("interaction failed", extra={"kind": interaction.type.name})
        await whisper(interaction, phrases, FAILED)


async def acknowledge(interaction: Interaction, *, new: bool = False, public: bool = False) -> bool:
    """Tell Discord within its three seconds that an answer comes; `new`: not in place of the clicked message.

    False when somebody else has answered (an interaction that is delivered twice counts once) or it is too late.
    """
    try:
        if new:
            await interaction.response.defer(ephemeral=not public, thinking=True)
        else:
            await interaction.response.defer()
    except UNREACHABLE as error:
        _log_failure("not acknowledged", error)
        return False
    return True


async def ask_form(interaction: Interaction, form: discord.ui.Modal) -> None:
    """Open a form. What is typed is read from the interaction that hands it in, so nobody waits for the form."""
    form.stop()
    try:
        await interaction.response.send_modal(form)
    except UNREACHABLE as error:
        _log_failure("form not opened", error)


async def whisper(interaction: Interaction, phrases: Phrases, key: str, **parameters: str) -> None:
    """Tell one person a sentence, whether or not the interaction was acknowledged before. It is what came of it."""
    ended(key)
    text = phrases.say(key, **parameters)
    try:
        if interaction.response.is_done():
            await interaction.followup.send(text, ephemeral=True, allowed_mentions=NOBODY)
        else:
            await interaction.response.send_message(text, ephemeral=True, allowed_mentions=NOBODY)
    except UNREACHABLE as error:
        _log_failure("sentence not said", error)


async def tell_aside(interaction: Interaction, messages: list[Message], phrases: Phrases) -> None:
    """Give one person what only they asked for: the reasons, help, a report as a file."""
    for message in messages:
        try:
            if message.key == "report":
                await interaction.followup.send(
                    phrases.say("report-ready"), file=report_file(message), ephemeral=True, allowed_mentions=NOBODY
                )
            else:
                view = layout(Panel((message,)))
                await interaction.followup.send(view=view, ephemeral=True, allowed_mentions=NOBODY)
        except UNREACHABLE as error:
            _log_failure("aside not said", error)


def report_file(message: Message) -> discord.File:
    """Return a report as a text file."""
    return discord.File(io.BytesIO(plain(message.blocks).encode()), filename="report.txt")


def _log_failure(what: str, error: Exception) -> None:
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    log.warning(what, extra={"error": type(error).__name__, "status": status, "code": code})
