"""What must the outside provide? The engine knows these protocols and nothing that implements them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.conversation.effects import Effect
from bot.conversation.state import State
from bot.diagnosis.findings import Finding, Report
from bot.kb.model import Service

OnFinding = Callable[[Finding], None]


class Checker(Protocol):
    """Looks at sites."""

    async def run(self, url: str, *, fresh: bool = False, on_finding: OnFinding | None = None) -> Report:
        """Check an address as a person gave it; each finding is announced as it comes. Never raises for a site."""
        ...


class Clock(Protocol):
    """Knows the time."""

    def now(self) -> datetime:
        """Return the present time, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after so many seconds, whatever the wall clock does meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it was committed."""

    state: State
    version: int


class Conflict(Exception):  # noqa: N818 - names what happened
    """Somebody else committed this conversation in between: load it again and repeat the step."""


class Store(Protocol):
    """Keeps conversations and what is still to be done for them."""

    async def load(self, key: str) -> Stored | None:
        """Return the newest committed state of a conversation."""
        ...

    async def commit(self, key: str, expected: int, state: State, effects: tuple[Effect, ...]) -> int:
        """Save state and pending effects together; return the new version. Raises `Conflict`.

        `expected` is the version that the step was made from, 0 for a new conversation. A new `Wake` replaces the
        pending one of the same conversation.
        """
        ...

    async def done(self, key: str, effect: str) -> None:
        """Forget a pending effect: it was carried out."""
        ...

    async def pending(self) -> tuple[tuple[str, Effect], ...]:
        """Return all effects that were committed and not carried out, with their conversations' keys."""
        ...

    async def forget(self, key: str) -> None:
        """Delete a conversation and all that is pending for it."""
        ...


class StatusPages(Protocol):
    """Asks official status pages."""

    async def state_of(self, service: Service) -> str | None:
        """Return what a service says of itself in its own words (hostile text), or None if it cannot be read."""
        ...


class Preferences(Protocol):
    """Keeps what people set: small values under a kind, a scope (a server, a person) and a name."""

    async def all(self, kind: str) -> tuple[tuple[str, str, str], ...]:
        """Return all (scope, name, value) of a kind."""
        ...

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """Set one value."""
        ...

    async def forget(self, kind: str, scope: str) -> None:
        """Delete all values of a scope."""
        ...
