"""How is the installed command run and talked to? As a child process with pipes and an environment built by hand."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

COMMAND = Path(sys.executable).with_name("fiveohtwo")
PATIENCE_S = 30.0
"""Far above the longest check that the tests run."""
FENCE = "```"


@dataclass(frozen=True)
class Command:
    """The command in a home and a folder of its own, with settings that let it go to loopback and nowhere else."""

    home: Path
    settings: dict[str, str] = field(default_factory=dict)

    def environment(self, changes: dict[str, str]) -> dict[str, str]:
        """Return the whole environment: nothing of the machine's own gets in."""
        named = {f"FIVEOHTWO_{name.upper()}": value for name, value in (self.settings | changes).items()}
        return {"HOME": str(self.home), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **named}

    def run(self, *arguments: str, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[str]:
        """Run one command to its end."""
        process = self._start(arguments, settings)
        out, err = process.communicate(stdin, timeout=PATIENCE_S)
        return subprocess.CompletedProcess(arguments, process.returncode, out.decode(), err.decode())

    def chat(self, *arguments: str, **settings: str) -> Talk:
        """Begin a conversation."""
        return Talk(self._start(("chat", "--json", *arguments), settings))

    def _start(self, arguments: Iterable[str], settings: dict[str, str]) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        return subprocess.Popen(
            [COMMAND, *arguments],
            stdin=pipe, stdout=pipe, stderr=pipe,
            cwd=self.home, env=self.environment(settings),
        )  # fmt: skip


class Talk:
    """One conversation: lines go in, turns of replies come out."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.replies: list[dict[str, Any]] = []
        """All replies of the newest turn."""
        self.said: list[dict[str, Any]] = []
        """All replies so far."""
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._errors = b""
        self._readers = [threading.Thread(target=self._read_replies), threading.Thread(target=self._read_errors)]
        for reader in self._readers:
            reader.start()
        self._listen()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._finish()

    def paste(self, *lines: str) -> Talk:
        """Paste a text of several lines."""
        return self.say("\n".join([FENCE, *lines, FENCE]))

    def say(self, line: str | bytes) -> Talk:
        """Type a line, and read what comes back."""
        self.send(line)
        self._listen()
        return self

    def picks(self, choice: str) -> Talk:
        """Pick a choice that is on offer."""
        assert choice in self.offered, f"{choice} is not on offer: {self.offered}"
        return self.say(choice)

    def send(self, line: str | bytes) -> None:
        """Type a line."""
        assert self.process.stdin is not None
        self.process.stdin.write((line.encode() if isinstance(line, str) else line) + b"\n")
        self.process.stdin.flush()

    def hear(self) -> dict[str, Any]:
        """Return the next single reply."""
        line = self._lines.get(timeout=PATIENCE_S)
        assert line, f"the command ended: {self._errors.decode()}"
        reply: dict[str, Any] = json.loads(line)
        self.said.append(reply)
        return reply

    def ends(self) -> tuple[int, str]:
        """End the input; return the exit code and what is on stderr."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.over()

    def over(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what is on stderr."""
        code = self.process.wait(PATIENCE_S)
        self._finish()
        return code, self._errors.decode()

    @property
    def keys(self) -> list[str]:
        """What kinds of replies the newest turn brought."""
        return [reply["reply"] for reply in self.replies]

    @property
    def text(self) -> str:
        """All that the newest turn said."""
        return "\n".join(reply["text"] for reply in self.replies)

    @property
    def offered(self) -> list[str]:
        """The choices that are on offer."""
        return [choice["id"] for choice in self.replies[-1]["choices"]]

    @property
    def verdict(self) -> dict[str, Any]:
        """The newest verdict."""
        return next(reply["verdict"] for reply in reversed(self.said) if "verdict" in reply)

    @property
    def judged(self) -> tuple[str, str, str, str]:
        """State, side, cause and strength of the newest verdict."""
        verdict = self.verdict
        return verdict["state"], verdict["side"], verdict["cause"], verdict["strength"]

    @property
    def step(self) -> str | None:
        """The guide step that is shown now."""
        return next((reply["step"] for reply in self.replies if "step" in reply), None)

    def _listen(self) -> None:
        """Read the replies of one turn: it is over when something is asked."""
        self.replies = []
        while True:
            reply = self.hear()
            self.replies.append(reply)
            waits = reply["choices"] and reply["reply"] != "checking"
            if (waits and reply["reply"] != "not-understood") or reply["reply"] == "restarted":
                return

    def _read_replies(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(b"")

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        self._errors = self.process.stderr.read()

    def _finish(self) -> None:
        self.process.wait()
        for reader in self._readers:
            reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()
