"""How does a task learn at once that another one changed something? By a count that waiting tasks compare.

The bell only makes it faster: a waiting task looks again after a while in any case.
"""

from __future__ import annotations

import asyncio


class Bell:
    """Counts the rings in this process."""

    def __init__(self) -> None:
        self._heard = 0
        self._waiting: set[asyncio.Future[None]] = set()

    def ring(self) -> None:
        """Let all waiting tasks know."""
        self._heard += 1
        for future in self._waiting:
            if not future.done():
                future.set_result(None)

    async def changed(self, seen: int, within_s: float) -> int:
        """Return the count, as soon as it is not `seen`, at the latest after this many seconds."""
        if self._heard == seen:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.add(future)
            try:
                await asyncio.wait({future}, timeout=within_s)
            finally:
                self._waiting.discard(future)
        return self._heard

    async def aclose(self) -> None:
        """Stop listening."""
