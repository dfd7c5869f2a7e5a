"""What is in the text files of a message? Discord itself makes a file of a paste that is too long for a message."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.surfaces.discord.screens import UNREACHABLE

log = logging.getLogger(__name__)

LARGEST = 256 * 1024
MOST = 2
WITHIN_S = 8.0
OVERFLOW = "message.txt"
"""The name that Discord gives to such a paste."""
ENDINGS = (".txt", ".log", ".htm", ".html", ".json")


def text_files(message: discord.Message, *, asked: bool) -> list[discord.Attachment]:
    """Return the files to read: all short texts when somebody asked for it, else only pastes."""
    files = [one for one in files_of(message) if 0 < one.size <= LARGEST]
    wanted = [one for one in files if one.filename.lower().endswith(ENDINGS if asked else OVERFLOW)]
    return wanted[:MOST]


def files_of(message: discord.Message) -> list[discord.Attachment]:
    """Return what is attached to a message, and to one that it forwards."""
    return [*message.attachments, *(one for snapshot in message.message_snapshots for one in snapshot.attachments)]


def has_files(message: discord.Message) -> bool:
    """Tell whether anything is attached to a message, or to one that it forwards."""
    return bool(files_of(message))


async def read_files(files: list[discord.Attachment]) -> str:
    """Return what is in them; a file that cannot be read in time is skipped."""
    texts = []
    for file in files:
        try:
            async with asyncio.timeout(WITHIN_S):
                texts.append((await file.read()).decode("utf-8", "replace"))
        except UNREACHABLE as error:
            log.info("attached file not read", extra={"code": getattr(error, "code", None)})
    return "\n".join(texts)
