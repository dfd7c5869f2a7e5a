"""Do lines of a pipe and of a person become texts, however they come?"""

from __future__ import annotations

import asyncio
import io
import os
import select
import time
from collections.abc import Iterator

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from bot.surfaces.terminal.lines import LONGEST
from bot.surfaces.terminal.source import PersonLines, PipeLines


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


async def test_input_that_cannot_be_read_has_ended() -> None:
    """A stream that is closed, or breaks, is an end and no error."""
    stream = io.BytesIO(b"one\n")
    stream.close()
    assert await PipeLines(stream).next() is None


async def test_line_that_nobody_waits_for_any_more_does_no_harm() -> None:
    """A line that comes after the waiting was given up breaks nothing."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb", buffering=0) as stream, os.fdopen(writing, "wb", buffering=0) as pipe:
        lines = PipeLines(stream)
        waiting = asyncio.ensure_future(lines.next())
        await asyncio.sleep(0.01)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        pipe.write(b"too late\n")
        while select.select([reading], [], [], 0)[0]:  # noqa: ASYNC110 - a pipe tells nobody that it is empty
            await asyncio.sleep(0.001)
        pipe.write(b"in time\n")
        assert await lines.next() == "in time"


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    """Return the keyboard of a terminal whose screen nobody sees."""
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        yield keyboard


async def test_person_types_lines(keys: PipeInput) -> None:
    """Each line is a text; Ctrl-D on an empty one is the end."""
    keys.send_text("one\rtwo\r\x04")
    lines = PersonLines()
    assert [await lines.next() for _ in range(3)] == ["one", "two", None]


async def test_pasted_page_is_one_text(keys: PipeInput) -> None:
    """Whatever a terminal marks as pasted is one text, however many lines it has; Enter sends it."""
    keys.send_text("\x1b[200~502 Bad Gateway\nnginx/1.24.0\x1b[201~\r")
    assert await PersonLines().next() == "502 Bad Gateway\nnginx/1.24.0"


async def test_person_interrupts(keys: PipeInput) -> None:
    """Ctrl-C at the prompt is an interrupt, as everywhere."""
    keys.send_text("half a line\x03")
    with pytest.raises(KeyboardInterrupt):
        await PersonLines().next()
