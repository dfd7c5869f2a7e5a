"""Is what a command is given read safely?"""

from __future__ import annotations

import io
import sys

import pytest

from bot.cli import Failed
from bot.cli.texts import given_or_stdin, rows


class Stdin:
    """A stdin that is, or is not, a terminal."""

    def __init__(self, data: bytes, *, terminal: bool = False) -> None:
        self.buffer = io.BytesIO(data)
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal


def test_terminal_without_text_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is left waiting before a silent terminal."""
    monkeypatch.setattr(sys, "stdin", Stdin(b"", terminal=True))
    with pytest.raises(Failed, match="nothing to read"):
        given_or_stdin(None)


def test_bytes_that_are_no_text_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    """Binary input becomes some text, never an error."""
    monkeypatch.setattr(sys, "stdin", Stdin(b"a\xffb"))
    assert given_or_stdin("-") == "a\ufffdb"


def test_row_that_is_no_object_lacks_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """A number or a list where an object should be is told as what it lacks."""
    monkeypatch.setattr(sys, "stdin", Stdin(b'[1]\n{"url": "x"}\n'))
    assert list(rows("url")) == [{"error": "line 1 lacks url"}, {"url": "x"}]
