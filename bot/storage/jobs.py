"""What can the writer of a database be asked to do? Small values; many of them share one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from bot.storage.rows import CommitRows

MOST_AT_ONCE = 256
"""Jobs in one transaction. They gather during the previous commit: nobody ever waits for a timer."""


class StateRow(NamedTuple):
    """The result of reading a conversation."""

    state: str
    version: int


@dataclass(frozen=True, slots=True)
class Read:
    """Read a conversation: `StateRow` or None."""

    key: str


@dataclass(frozen=True, slots=True)
class Write:
    """Commit an event: True, or False if the version is another one."""

    rows: CommitRows


@dataclass(frozen=True, slots=True)
class Tick:
    """Delete a reply, and those before it."""

    key: str
    line: str


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a conversation and what is pending for it."""

    key: str


@dataclass(frozen=True, slots=True)
class PutPlace:
    """Insert or replace a place."""

    surface: str
    key: str
    owner: str
    server: str | None
    body: str
    updated_at: float
    expires_at: float


@dataclass(frozen=True, slots=True)
class DeletePlace:
    """Delete a place."""

    surface: str
    key: str


Job = Read | Write | Tick | Delete | PutPlace | DeletePlace
Outcome = StateRow | bool | None


def touched_by(job: Job) -> tuple[str, ...]:
    """Return the thing that a job reads or changes; jobs on one thing must keep their order."""
    match job:
        case Write(rows):
            return ("conversation", rows.key)
        case Read(key) | Tick(key, _) | Delete(key):
            return ("conversation", key)
        case PutPlace(surface=surface, key=key) | DeletePlace(surface, key):
            return ("place", surface, key)
