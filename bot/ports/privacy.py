"""What must the outside provide so that people and servers get, and delete, all that is kept about them?"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class KeptPlace:
    """Where a surface holds a conversation. `body` is the surface's own note, as JSON."""

    key: str
    owner: str
    """The person, as the surface names people."""
    body: str
    server: str | None = None


class Privacy(Protocol):
    """Knows everything that is kept about a person or a server."""

    async def export(self, owner: str) -> list[dict[str, Any]]:
        """Return everything that is kept about a person."""
        ...

    async def forget(self, owner: str, *, tell: bool = False) -> tuple[str, ...]:
        """Delete everything that is kept about a person; return the keys of the conversations.

        With `tell`, processes that hold any of it in memory learn of it by `forgotten`.
        """
        ...

    async def forgotten(self) -> tuple[KeptPlace, ...]:
        """Return the places of conversations deleted outside the process that holds them, except those `heard`."""
        ...

    async def heard(self, keys: Collection[str]) -> None:
        """Note that these conversations are forgotten in memory, too."""
        ...

    async def forget_server(self, server: str) -> tuple[str, ...]:
        """Delete everything that is kept about a server; return the keys of the conversations."""
        ...

    async def servers(self) -> frozenset[str]:
        """Return the servers about which something is kept longer than an hour, besides their preferences."""
        ...

    async def is_settled(self) -> bool:
        """Tell whether the data has been this bot's for long enough to forget servers that are no longer there."""
        ...
