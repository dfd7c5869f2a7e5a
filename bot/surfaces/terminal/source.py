"""Where do lines come from: a person at a terminal, or a pipe?"""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from contextlib import suppress
from typing import IO, Protocol

from bot.surfaces.terminal.lines import FENCE, LONGEST

CHUNK = 1 << 16


class Lines(Protocol):
    """Gives one text after another; None when the input has ended."""

    async def next(self) -> str | None:
        """Wait for the next text."""
        ...


class PipeLines:
    """Lines of a pipe or a file; a block between two fences is one text."""

    def __init__(self, stream: IO[bytes] | None = None) -> None:
        # Unbuffered: a thread that waits inside a buffered stream holds its lock, and Python could not end.
        self._stream = stream if stream is not None else io.FileIO(sys.stdin.fileno(), closefd=False)
        self._unread = b""
        self._ended = False

    async def next(self) -> str | None:
        """See `Lines`."""
        line = await self._line()
        if line is None or line.strip() != FENCE:
            return line
        block: list[str] = []
        kept = 0
        while (line := await self._line()) is not None and line.strip() != FENCE:
            if kept < LONGEST:
                block.append(line)
                kept += len(line)
        return "\n".join(block)

    async def _line(self) -> str | None:
        """Return one line; of an endless one the beginning, the rest is discarded."""
        kept = b""
        while True:
            part, newline, rest = self._unread.partition(b"\n")
            kept = (kept + part)[:LONGEST]
            self._unread = rest
            if newline or (self._ended and kept):
                return kept.decode("utf-8", "replace").rstrip("\r")
            if self._ended:
                return None
            self._unread = await _read(self._stream)
            self._ended = not self._unread


def _read(stream: IO[bytes]) -> asyncio.Future[bytes]:
    """Read what there is, in a thread that nobody waits for: ending after Ctrl-C must not need another line."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes] = loop.create_future()

    def hand_over(data: bytes) -> None:
        if not future.done():
            future.set_result(data)

    def read() -> None:
        try:
            data = stream.read(CHUNK)
        except (OSError, ValueError):
            data = b""
        with suppress(RuntimeError):  # the loop is closed by now
            loop.call_soon_threadsafe(hand_over, data)

    threading.Thread(target=read, daemon=True).start()
    return future


class PersonLines:
    """A prompt with history and bracketed paste: a pasted page of many lines is one text."""

    def __init__(self, prompt: str = "> ") -> None:
        from prompt_toolkit import PromptSession  # noqa: PLC0415 - 80 ms that a pipe need not pay
        from prompt_toolkit.patch_stdout import patch_stdout  # noqa: PLC0415

        self._session: PromptSession[str] = PromptSession(prompt)
        self._patch = patch_stdout

    async def next(self) -> str | None:
        """See `Lines`."""
        try:
            with self._patch(raw=True):
                return str(await self._session.prompt_async())
        except EOFError:
            return None
