"""What must the outside provide so that several processes share their work?"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol


class Claim(NamedTuple):
    """A process takes on some work, now, until a time."""

    holder: str
    now: datetime
    until: datetime
    limit: int
    """No more than so many pieces of work."""


class Shard(NamedTuple):
    """One part of a surface's servers, by its number among so many."""

    number: int
    total: int


class Duties(Protocol):
    """Keeps which process answers for which shard's conversations. Both methods may raise StoreUnavailable."""

    async def hold(self, surface: str, own: frozenset[Shard], claim: Claim) -> frozenset[Shard]:
        """Answer for one's own shards, whoever did before, and for those (of as many) that nobody answers for any more.

        Return all that this process answers for until the claim's end.
        """
        ...

    async def lay_down(self, surface: str, holder: str, now: datetime) -> None:
        """Answer for nothing any more."""
        ...
