"""How is an interaction answered in time? Acknowledge first, tell one person a sentence, hand over a file.

Discord accepts one first answer. When its reply is lost on the way, a retry is refused as a second answer, although
the first one was accepted: then the bot goes on as if it had been told so. Such a refusal of the very first try means
that another delivery of the same interaction was answered already.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import aiohttp
import discord

from bot.surfaces.discord.journal import FAILED, acknowledged, ended
from bot.surfaces.discord.markup import plain
from bot.surfaces.discord.phrases import Phrases
from bot.surfaces.discord.render import Panel, layout
from bot.surfaces.discord.screens import NOBODY, UNREACHABLE, over_again
from bot.wording import Message

log = logging.getLogger(__name__)

Interaction = discord.Interaction[Any]
ANSWERED = 40060
"""Discord's code for a second answer."""
AGAIN_AFTER_S = 1.0
"""discord.py itself retries after a server error, not sooner than this."""
TAKEN = "first answer taken"
"""Noted on an interaction whose first answer was accepted though Discord's reply was lost."""


async def guarded(interaction: Interaction, phrases: Phrases, work: Awaitable[None]) -> None:
    """Do the work of an interaction; a fault in it is logged, and the person is told."""
    try:
        await work
    except Exception:
        log.exception("interaction failed", extra={"kind": interaction.type.name})
        await whisper(interaction, phrases, FAILED)


async def acknowledge(interaction: Interaction, *, new: bool = False, public: bool = False) -> bool:
    """Tell Discord within its three seconds that an answer is coming; `new`: not in place of the clicked message.

    False when somebody else has answered (an interaction that is delivered twice counts once) or it is too late.
    """
    if new:
        return await answer(interaction, lambda: interaction.response.defer(ephemeral=not public, thinking=True))
    return await answer(interaction, interaction.response.defer)


async def answer(interaction: Interaction, send: Callable[[], Awaitable[object]]) -> bool:
    """Send the first answer; tell whether it was accepted."""
    began, cut = time.monotonic(), False
    while True:
        try:
            await send()
        except aiohttp.ClientConnectionError as error:
            if cut:
                _log_failure("not answered", error)
                return False
            cut = True
        except UNREACHABLE as error:
            again = cut or time.monotonic() - began >= AGAIN_AFTER_S
            if getattr(error, "code", None) == ANSWERED and again:
                interaction.extras[TAKEN] = True
                acknowledged()
                return True
            _log_failure("not answered", error)
            return False
        else:
            return True


def is_answered(interaction: Interaction) -> bool:
    """Tell whether the first answer was accepted."""
    return interaction.response.is_done() or TAKEN in interaction.extras


async def ask_form(interaction: Interaction, form: discord.ui.Modal) -> None:
    """Open a form. What is typed is read from the interaction that submits it, so nobody waits for the form."""
    form.stop()
    await answer(interaction, lambda: interaction.response.send_modal(form))


async def whisper(interaction: Interaction, phrases: Phrases, key: str, **parameters: str) -> None:
    """Tell one person a sentence, whether or not the interaction was acknowledged. It is logged as the outcome."""
    ended(key)
    text, reply = phrases.say(key, **parameters), interaction.response
    if not is_answered(interaction):
        await answer(interaction, lambda: reply.send_message(text, ephemeral=True, allowed_mentions=NOBODY))
        return
    try:
        await over_again(lambda: interaction.followup.send(text, ephemeral=True, allowed_mentions=NOBODY))
    except UNREACHABLE as error:
        _log_failure("sentence not said", error)


async def tell_unshown(interaction: Interaction, phrases: Phrases) -> None:
    """Tell one person that the panel does not show what they asked for: in a locked thread it cannot be changed."""
    thread = interaction.channel
    locked = isinstance(thread, discord.Thread) and thread.locked
    await whisper(interaction, phrases, "thread-locked" if locked else FAILED)


async def tell_aside(interaction: Interaction, messages: list[Message], phrases: Phrases) -> None:
    """Give one person what only they asked for: the reasons, help, a report as a file."""
    for message in messages:
        try:
            await over_again(partial(_say_aside, interaction, message, phrases))
        except UNREACHABLE as error:
            _log_failure("aside not said", error)


async def _say_aside(interaction: Interaction, message: Message, phrases: Phrases) -> None:
    body: dict[str, Any] = {"view": layout(Panel((message,)))}
    if message.key == "report":
        body = {"content": phrases.say("report-ready"), "file": report_file(message)}
    await interaction.followup.send(**body, ephemeral=True, allowed_mentions=NOBODY)


def report_file(message: Message) -> discord.File:
    """Return a report as a text file."""
    return discord.File(io.BytesIO(plain(message.blocks).encode()), filename="report.txt")


def _log_failure(what: str, error: Exception) -> None:
    status, code = getattr(error, "status", None), getattr(error, "code", None)
    log.warning(what, extra={"error": type(error).__name__, "status": status, "code": code})
