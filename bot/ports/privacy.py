"""What must the outside provide so that people and servers get, and delete, all that is kept about them?"""

from __future__ import annotations

from typing import Any, Protocol


class Privacy(Protocol):
    """Knows everything that is kept about a person or a server."""

    async def export(self, owner: str) -> list[dict[str, Any]]:
        """Return everything that is kept about a person."""
        ...

    async def forget(self, owner: str) -> tuple[str, ...]:
        """Delete everything that is kept about a person; return the keys of the conversations."""
        ...

    async def forget_server(self, server: str) -> tuple[str, ...]:
        """Delete everything that is kept about a server; return the keys of the conversations."""
        ...

    async def servers(self) -> frozenset[str]:
        """Return the servers of which something is kept longer than an hour, besides their preferences."""
        ...
