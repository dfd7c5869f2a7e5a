"""Where do lines come from: a person at a terminal, or a pipe?"""

from __future__ import annotations

import asyncio
import sys
from typing import IO, Protocol

from bot.surfaces.terminal.lines import FENCE, LONGEST


class Lines(Protocol):
    """Gives one text after another; None when the input has ended."""

    async def next(self) -> str | None:
        """Wait for the next text."""
        ...


class PipeLines:
    """Lines of a pipe or a file; a block between two fences is one text."""

    def __init__(self, stream: IO[bytes] | None = None) -> None:
        self._stream = stream if stream is not None else sys.stdin.buffer

    async def next(self) -> str | None:
        """See `Lines`."""
        line = await self._line()
        if line is None or line.strip() != FENCE:
            return line
        block: list[str] = []
        while (line := await self._line()) is not None and line.strip() != FENCE:
            block.append(line)
        return "\n".join(block)

    async def _line(self) -> str | None:
        raw: bytes = await asyncio.to_thread(self._stream.readline, LONGEST)
        if not raw:
            return None
        return raw.decode("utf-8", "replace").rstrip("\r\n")


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
