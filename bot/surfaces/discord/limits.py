"""Who asks too often? Sliding windows per person, channel, server and for all; the library counts.

Looks at somebody's server are also counted by all processes together, where they have a store for it: a person may ask
on servers of several shards. Clicks and cards need only their own process: a server lives in one shard.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import ModuleType
from typing import Any

from cachetools import LRUCache

from bot import ports
from bot.engine.aside import Aside
from bot.ports import Rate

MINUTE, HOUR = 60.0, 3600.0
RATES: Mapping[str, Sequence[Rate]] = {
    "user": [Rate(20, MINUTE), Rate(200, HOUR)],
    "guild": [Rate(120, MINUTE), Rate(1500, HOUR)],
    "check-user": [Rate(5, MINUTE), Rate(30, HOUR)],
    "check-guild": [Rate(20, MINUTE), Rate(200, HOUR)],
    "card-user": [Rate(1, 30.0), Rate(20, HOUR)],
    "card-channel": [Rate(4, MINUTE), Rate(60, HOUR)],
    "call-user": [Rate(6, MINUTE), Rate(60, HOUR)],
    "host-channel": [Rate(1, 5 * MINUTE)],
    "met-user": [Rate(6, MINUTE), Rate(60, HOUR)],
    "joined-user": [Rate(1, 10 * MINUTE)],
    "joined-channel": [Rate(4, MINUTE), Rate(60, HOUR)],
}
"""Kind -> what one subject may do. A click costs little, a check costs somebody else's server a request."""
MOST = 50_000
PATIENCE_S = 1.0
"""For an answer from the store: Discord waits three seconds for ours."""


def library() -> ModuleType:
    """Return what counts. It takes 2 MiB, and only the first act needs it, not an idle bot."""
    import pyrate_limiter

    return pyrate_limiter


def now_ms() -> int:
    """Return a time that never goes back, in milliseconds."""
    return time.monotonic_ns() // 1_000_000


class Limits:
    """Counts what people do."""

    def __init__(self, rates: Mapping[str, Sequence[Rate]] | None = None, now: Callable[[], int] = now_ms) -> None:
        self._rates = RATES if rates is None else rates
        self._now = now
        self._buckets: LRUCache[tuple[str, object], Any] = LRUCache(MOST)
        self._acts: ports.Acts | None = None
        self._store = Aside("looks are counted in this process alone", PATIENCE_S)

    def share(self, acts: ports.Acts | None) -> None:
        """Count looks together with other processes from now on."""
        self._acts = acts

    def allows(self, kind: str, subject: object) -> bool:
        """Count one more act of this kind; False if it is one too many (then it does not count)."""
        if subject is None:
            return True
        key = (kind, subject)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = _bucket(self._rates[kind])
        now = self._now()
        bucket.leak(now)
        allowed: bool = bucket.put(library().RateItem(kind, now))
        return allowed

    def release(self, kind: str, subject: object) -> None:
        """Forget what a subject has done of this kind: what it was counted for is gone."""
        self._buckets.pop((kind, subject), None)

    async def may_choose(self, choice: str | None, user: int, guild: int | None) -> bool:
        """Count a choice, picked or put into words, if it makes the bot look at somebody's server.

        Saying that a step did not help is following the guide, so it counts for the server alone.
        """
        if choice == "recheck" or (choice or "").startswith("site:"):
            return await self.may_check(user, guild)
        if choice == "still-broken":
            return await self.may_check(None, guild)
        return True

    async def may_check(self, user: int | None, guild: int | None) -> bool:
        """Count one look at somebody's server, for a person and for the server where they ask.

        What is too much here is too much for all. While the store is away this process decides alone. A look that only
        all processes together found to be too many has counted here; its person does not notice: they have to wait.
        """
        if not (self.allows("check-user", user) and self.allows("check-guild", guild)):
            return False
        if self._acts is None or (user is None and guild is None):
            return True
        act = ports.Act("check", str(user) if user is not None else None, str(guild) if guild is not None else None)
        rates = tuple(self._rates["check-user"]), tuple(self._rates["check-guild"])
        return await self._store.ask(partial(self._acts.allows, act, *rates)) is not False


def _bucket(rates: Sequence[Rate]) -> Any:
    return library().InMemoryBucket([library().Rate(rate.most, round(rate.within_s * 1000)) for rate in rates])
