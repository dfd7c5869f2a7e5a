"""What must the outside provide so that several processes share their work?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from bot.diagnosis.findings import Report


class Claim(NamedTuple):
    """A process claims some work, now, until a time."""

    holder: str
    now: datetime
    until: datetime
    limit: int
    """At most this many pieces of work."""


class Shard(NamedTuple):
    """One part of a surface's servers, by its number and how many there are."""

    number: int
    total: int


class Duties(Protocol):
    """Keeps which process is responsible for which shard's conversations. Both methods may raise StoreUnavailable."""

    async def hold(self, surface: str, own: frozenset[Shard], claim: Claim) -> frozenset[Shard]:
        """Claim one's own shards, whoever held them, and those (of as many) that nobody is responsible for any more.

        Return all that this process is responsible for until the claim's end.
        """
        ...

    async def lay_down(self, surface: str, holder: str, now: datetime) -> None:
        """Give up all responsibility."""
        ...


class Wanted(NamedTuple):
    """An address that a process wants to know about."""

    url: str
    """Canonical, without user information."""
    host: str
    rules: str
    """Mark of what this process's operator allows: others' reports count where the process could have made them."""
    fresh: bool
    """Only a look that began a moment ago will do, or one that ended while it was waited for."""
    pause_s: float
    """From the start of one look at the host to the start of the next."""
    waited_s: float = 0.0
    patience_s: float = float("inf")
    """A turn that is farther away is not taken: what was seen of another page of the site serves, if there is any."""


class Turn(NamedTuple):
    """Nobody else is looking: begin after this many seconds."""

    after_s: float


class Busy(NamedTuple):
    """Another process is looking now. Its turn is over after this many seconds, if it does not report earlier."""

    for_s: float


class Looks(Protocol):
    """Keeps which address is looked at now, and what was seen a moment ago. Every method may raise StoreUnavailable.

    Times are those of the store; only spans are passed here, so clocks of several machines need not agree.
    """

    async def take(self, wanted: Wanted, holder: str, lease_s: float) -> Report | Turn | Busy:
        """Return a report of another process with its age, or a turn to look, to be finished within the lease."""
        ...

    async def put(self, wanted: Wanted, holder: str, report: Report, lives_s: float) -> None:
        """Share what was seen, for this many seconds; the turn is over."""
        ...

    async def leave(self, wanted: Wanted, holder: str) -> None:
        """Nothing was seen: let whoever waits look."""
        ...


class Rate(NamedTuple):
    """At most this many acts within this many seconds."""

    most: int
    within_s: float


class Act(NamedTuple):
    """Something that costs somebody else's server a visit, for a person and on a server (where there is one)."""

    kind: str
    owner: str | None
    """The person, as the surface names people."""
    server: str | None


class Acts(Protocol):
    """Counts acts across processes. May raise StoreUnavailable."""

    async def allows(self, act: Act, of_owner: Sequence[Rate], of_server: Sequence[Rate]) -> bool:
        """Count one more act; False if it is one too many for the person or the server (then it does not count)."""
        ...
