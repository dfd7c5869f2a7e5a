"""Do watches in memory end their waits, and go with their person? (`test_watches.py` holds the rest of the contract.)"""

from __future__ import annotations

from bot.storage.memory_watches import MemoryWatches
from storage.test_watches import SHOP, add, watch


async def test_waiting_ends_by_itself() -> None:
    """Nothing changes: the wait is over after its time."""
    watches = MemoryWatches()
    assert await watches.changed(0, 0.01) == 0


async def test_person_takes_their_watches_along() -> None:
    """Export shows a person's watches; forgetting a person or a server deletes theirs alone."""
    watches = MemoryWatches()
    await add(watches, watch("a"), watch("b", owner="8"), watch("c", owner="9", server="10"))
    assert [one["url"] for one in watches.export("7")] == [SHOP]
    assert watches.servers() == {"9", "10"}
    watches.forget(owner="7")
    watches.forget(server="9")
    assert [len(await watches.of("discord", owner)) for owner in ("7", "8", "9")] == [0, 0, 1]
