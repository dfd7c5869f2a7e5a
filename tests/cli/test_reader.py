"""Does a command end well when its reader is gone, and say by its exit code what it found?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from bot.cli.reader import Read, reader_may_leave

JSONL = b'{"id": 1, "text": "502 Bad Gateway", "url": "http://10.0.0.1/"}\n' * 3


def unread(tmp_path: Path, *arguments: str, stdin: bytes = b"") -> tuple[int, bytes]:
    """Run a command whose output nobody reads; return its exit code and what it complains of."""
    reading, writing = os.pipe()
    os.close(reading)
    environment = {
        "PATH": "/usr/bin:/bin", "PYTHONWARNINGS": "default,ignore:'audioop'", "HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path),
        "FIVEOHTWO_RESOLVERS": "127.0.0.1:9", "FIVEOHTWO_CANARY": "",
    }  # fmt: skip
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments], input=stdin, stdout=writing, stderr=subprocess.PIPE,
            env=environment, check=False, timeout=60,
        )  # fmt: skip
    finally:
        os.close(writing)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        pytest.param("kb lint", 0, marks=pytest.mark.soak), ("kb list", 0), ("kb show visitor --json", 0), ("identify 502", 0), ("identify --json 502", 0),
        ("identify --jsonl", 0), ("vet --jsonl", 0), ("watch --json http://shop.example.com/", 0), ("chat", 0),
        ("--help", 0), ("kb --help", 0), ("--version", 0),
        ("check http://shop.example.com/", 3), ("check --json http://shop.example.com/", 3),
        ("check http://10.0.0.1/", 2), ("vet http://10.0.0.1/", 2), ("health", 1), ("doctor", 1),
    ],
)  # fmt: skip
def test_what_was_found_does_not_hang_on_the_reader(tmp_path: Path, arguments: str, code: int) -> None:
    """As with any program in a pipe, what follows may stop reading; nothing is said about it, and it is no failure."""
    assert unread(tmp_path, *arguments.split(), stdin=JSONL) == (code, b"")


@pytest.mark.parametrize("name", ["run", "watcher", "peer"])
def test_pipe_of_a_process_that_serves_is_a_fault(name: str) -> None:
    """There nobody reads: what breaks is a connection, and whoever supervises the process must learn of it."""

    @click.command(name)
    def serve() -> None:
        raise BrokenPipeError(32, "Broken pipe")

    with pytest.raises(BrokenPipeError):
        Read(commands={name: serve}).invoke(Read(commands={name: serve}).make_context("fiveohtwo", [name]))


def test_other_faults_of_the_output_are_told() -> None:
    """A disk that is full is not a reader who left."""
    with pytest.raises(OSError, match="full"), reader_may_leave():
        raise OSError(28, "full")
