"""What went over the wire, in which order, and which of it was against the rules?"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

PATIENCE_S = 10.0
"""How long a test waits for something that must happen."""
LOOKS_EVERY_S = 0.2
"""What is not in the record (a log file) wakes nobody, so whoever waits also looks now and then."""

Found = TypeVar("Found")


class NothingHappenedError(AssertionError):
    """What was waited for did not come; the newest part of the record is in the text."""


@dataclass(frozen=True)
class Entry:
    """One request with its reply, or one gateway message."""

    kind: Literal["request", "sent", "received"]
    """`sent` and `received` are gateway messages, as the stand-in sees it."""
    name: str
    """`POST /channels/{channel_id}/messages`, or the name of the event."""
    path: str = ""
    body: Any = None
    status: int = 0
    reply: Any = None
    files: tuple[tuple[str, bytes], ...] = ()
    at: float = field(default_factory=time.monotonic)

    def __str__(self) -> str:
        return f"{self.kind} {self.name} {self.path} {self.status or ''} {str(self.body)[:200]}"


class Record:
    """Everything so far. Whoever waits for something is woken by each new entry."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.violations: list[str] = []
        """Findings of both judges; at the end of a test there must be none."""
        self._changed = asyncio.Event()

    def add(self, entry: Entry) -> None:
        """Keep an entry."""
        self.entries.append(entry)
        self.touch()

    def violated(self, where: str, findings: list[str]) -> None:
        """Keep what a judge found."""
        self.violations += [f"{where}: {finding}" for finding in findings]

    def write(self, place: Path) -> None:
        """Write all entries into a file, one JSON object a line."""
        lines = (json.dumps(asdict(entry), default=lambda data: f"({len(data)} bytes)") for entry in self.entries)
        place.write_text("".join(f"{line}\n" for line in lines))

    def coverage(self) -> Counter[str]:
        """Return how often each route was asked for."""
        return Counter(entry.name for entry in self.requests())

    def touch(self) -> None:
        """Wake whoever waits: something has changed."""
        self._changed.set()
        self._changed = asyncio.Event()

    def requests(self, name: str = "") -> list[Entry]:
        """Return the requests whose method and route contain this."""
        return [entry for entry in self.entries if entry.kind == "request" and name in entry.name]

    def received(self, name: str) -> list[Entry]:
        """Return the gateway messages of one kind that came from the bot."""
        return [entry for entry in self.entries if entry.kind == "received" and entry.name == name]

    async def until(self, look: Callable[[], Found], what: str, patience_s: float = PATIENCE_S) -> Found:
        """Wait until a look finds something, and return it."""
        end = time.monotonic() + patience_s
        while True:
            changed = self._changed
            if found := look():
                return found
            left = end - time.monotonic()
            if left <= 0:
                newest = "\n".join(map(str, self.entries[-12:]))
                raise NothingHappenedError(f"{what}: did not happen within {patience_s} s\n{newest}")
            try:
                await asyncio.wait_for(changed.wait(), min(left, LOOKS_EVERY_S))
            except TimeoutError:
                continue
