"""What is one request, and what does a route give back?"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request, read and judged."""

    params: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]
    files: tuple[tuple[str, bytes], ...] = ()

    def __getitem__(self, name: str) -> str:
        return self.params[name]


Answer = tuple[int, Any]
"""Status and body; None: no body."""
Handler = Callable[[Call], Awaitable[Answer]]
Routes = list[tuple[str, Handler]]
"""`POST /channels/{channel_id}/messages`, written as the OpenAPI document does, and who answers it."""
