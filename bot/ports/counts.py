"""What must the outside provide so that an operator sees in numbers what happens?"""

from __future__ import annotations

from typing import Literal, Protocol

from bot.kb.model import State

Asker = Literal["conversation", "watch"]
"""What waits for a look."""


class Counts(Protocol):
    """Counts what happens in this process; nothing else is kept."""

    def looked(self, asker: Asker, state: State | None) -> None:
        """A look came back: what visitors get, None if the address must not be contacted."""
        ...

    def began(self) -> None:
        """A conversation began."""
        ...

    def ended(self, outcome: str) -> None:
        """A conversation ended: solved, later, stopped or silent."""
        ...

    def delayed(self) -> None:
        """An event had to wait for a store that is away."""
        ...
