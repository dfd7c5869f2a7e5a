"""When is what is kept in memory deleted? Every hour, once it has expired, as in a database (`queries.expire`)."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import NamedTuple

from bot.ports import Clock
from bot.storage.lifetimes import EXPIRE_EVERY_S
from bot.storage.memory import MemoryPlaceBook, MemoryStore
from bot.storage.memory_incidents import MemoryIncidents
from bot.storage.memory_watches import MemoryWatches

log = logging.getLogger(__name__)


class Mortal(NamedTuple):
    """What expires by itself; preferences and counts stay until somebody deletes them."""

    store: MemoryStore
    book: MemoryPlaceBook
    watches: MemoryWatches
    incidents: MemoryIncidents


def expire(kept: Mortal, now: datetime) -> int:
    """Delete everything that has expired; return how many things that were."""
    ended = kept.store.expire(now) + kept.book.expire(now, kept.store.holds)
    return ended + kept.watches.expire(now) + kept.incidents.expire(now)


async def keep_up(kept: Mortal, clock: Clock) -> None:
    """Do so every hour, until cancelled."""
    while True:
        await clock.sleep(EXPIRE_EVERY_S)
        if count := expire(kept, clock.now()):
            log.info("expired", extra={"count": count})
