"""Do lines of a pipe become texts, however they come?"""

from __future__ import annotations

import asyncio
import io
import os
import time

import pytest

from bot.surfaces.terminal.lines import LONGEST
from bot.surfaces.terminal.source import PipeLines


async def texts(data: bytes) -> list[str]:
    """Return all texts of such an input."""
    lines = PipeLines(io.BytesIO(data))
    found: list[str] = []
    while (text := await lines.next()) is not None:
        found.append(text)
    return found


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        (b"", []),
        (b"one\ntwo\r\nthree", ["one", "two", "three"]),
        (b"\n\n", ["", ""]),
        (b"```\none\n\ntwo\n```\nthree\n", ["one\n\ntwo", "three"]),
        (b"```\none", ["one"]),
        (b"```\n```\n", [""]),
        (b"\xff\xfe\n", ["\ufffd\ufffd"]),
    ],
    ids=["nothing", "lines", "empty", "fenced", "fence-left-open", "fence-without-text", "binary"],
)
async def test_input_becomes_texts(data: bytes, wanted: list[str]) -> None:
    """A line is a text, and so is all between two fences; what cannot be decoded is no reason to stop."""
    assert await texts(data) == wanted


async def test_endless_line_is_one_text() -> None:
    """Of a line beyond the limit the beginning is kept; its rest is no second text."""
    first, second = await texts(b"x" * (LONGEST * 2 + 5) + b"\nnext\n")
    assert (len(first), second) == (LONGEST, "next")


async def test_endless_fence_is_bounded() -> None:
    """A fenced text beyond the limit is read to its end, but not kept whole."""
    line = b"y" * 1000 + b"\n"
    first, second = await texts(b"```\n" + line * (2 * LONGEST // 1000) + b"```\nnext\n")
    assert len(first) < LONGEST + 5000
    assert second == "next"


def test_waiting_for_a_line_keeps_nobody_from_ending() -> None:
    """A loop that is cancelled while it waits for a line ends at once: no further line is needed."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as stream, os.fdopen(writing, "wb", buffering=0):

        async def wait() -> None:
            async with asyncio.timeout(0.1):
                await PipeLines(stream).next()

        started = time.monotonic()
        with pytest.raises(TimeoutError):
            asyncio.run(wait())
        assert time.monotonic() - started < 2
