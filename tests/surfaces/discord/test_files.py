"""Which attached files are read, and what if they cannot be?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from bot.surfaces.discord.files import LARGEST, has_files, read_files, text_files


class File:
    """An attachment; reading it ends as a test wants."""

    def __init__(self, filename: str, size: int = 10, body: bytes | Exception = b"502") -> None:
        self.filename = filename
        self.size = size
        self.body = body

    async def read(self) -> bytes:
        if isinstance(self.body, Exception):
            raise self.body
        return self.body


def message(*files: File) -> Any:
    """Return a message with these files."""
    return SimpleNamespace(attachments=list(files), message_snapshots=[])


@pytest.mark.parametrize(
    ("name", "unasked", "asked"),
    [("message.txt", 1, 1), ("server.log", 0, 1), ("page.HTML", 0, 1), ("error.png", 0, 0), ("tool.exe", 0, 0)],
)
def test_only_texts_are_read_and_unasked_only_pastes(name: str, unasked: int, asked: int) -> None:
    """Unasked, only the file that Discord makes of a long paste; asked, other texts as well; never programs."""
    assert len(text_files(message(File(name)), asked=False)) == unasked
    assert len(text_files(message(File(name)), asked=True)) == asked


def test_large_empty_and_many_files_are_left_out() -> None:
    """A file that is too large or empty is not fetched, and never more than two."""
    assert text_files(message(File("a.txt", LARGEST + 1), File("b.txt", 0)), asked=True) == []
    assert len(text_files(message(*(File(f"{n}.txt") for n in range(9))), asked=True)) == 2


def test_files_of_a_forwarded_message_count() -> None:
    """A picture that somebody passes on is attached to what they pass on."""
    none, forwarded = message(), message()
    none.message_snapshots = [message()]
    forwarded.message_snapshots = [message(File("error.png"))]
    assert not has_files(none)
    assert has_files(forwarded)
    assert has_files(message(File("error.png")))


def test_text_that_is_passed_on_is_read() -> None:
    """The file of a forwarded message is read like the one of a message."""
    forwarded = message()
    forwarded.message_snapshots = [message(File("message.txt"))]
    assert [file.filename for file in text_files(forwarded, asked=False)] == ["message.txt"]


async def test_file_that_cannot_be_read_is_passed_over() -> None:
    """The network fails for one file: the other one is still read, whatever bytes it holds."""
    files: list[Any] = [File("a.txt", body=OSError("gone")), File("b.txt", body=b"502 \xff bad")]
    assert await read_files(files) == "502 \ufffd bad"
