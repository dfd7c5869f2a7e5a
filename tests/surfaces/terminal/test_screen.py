"""Is a reader that is gone an error that a command can handle?"""

from __future__ import annotations

import os

import pytest

from bot.surfaces.terminal.screen import Screen


def test_reader_who_is_gone_is_an_error() -> None:
    """What is printed for nobody raises where it is printed, and does not end the process."""
    reading, writing = os.pipe()
    os.close(reading)
    screen = Screen()
    with os.fdopen(writing, "w", buffering=1) as out:
        screen.file = out
        with pytest.raises(BrokenPipeError) as gone:
            screen.print("anybody?")
        assert gone.value.errno is not None
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fileno())
