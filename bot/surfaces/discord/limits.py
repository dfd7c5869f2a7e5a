"""Who asks too often? Sliding windows per person, channel, server and for all; the library counts."""

from __future__ import annotations

import time
from collections.abc import Callable

from cachetools import LRUCache
from pyrate_limiter import InMemoryBucket, Rate, RateItem

MINUTE, HOUR = 60_000, 3_600_000
RATES: dict[str, list[Rate]] = {
    "user": [Rate(20, MINUTE), Rate(200, HOUR)],
    "guild": [Rate(120, MINUTE), Rate(1500, HOUR)],
    "check-user": [Rate(5, MINUTE), Rate(30, HOUR)],
    "check-guild": [Rate(20, MINUTE), Rate(200, HOUR)],
    "card-user": [Rate(1, 30_000), Rate(20, HOUR)],
    "card-channel": [Rate(4, MINUTE), Rate(60, HOUR)],
    "call-user": [Rate(6, MINUTE), Rate(60, HOUR)],
    "host-channel": [Rate(1, 5 * MINUTE)],
    "met-user": [Rate(6, MINUTE), Rate(60, HOUR)],
    "joined-user": [Rate(1, 10 * MINUTE)],
    "joined-channel": [Rate(4, MINUTE), Rate(60, HOUR)],
}
"""Kind -> what one subject may do. A click costs little, a check costs somebody else's server a request."""
MOST = 50_000


def now_ms() -> int:
    """Return a time that never goes back, in milliseconds."""
    return time.monotonic_ns() // 1_000_000


class Limits:
    """Counts what people do."""

    def __init__(self, rates: dict[str, list[Rate]] | None = None, now: Callable[[], int] = now_ms) -> None:
        self._rates = RATES if rates is None else rates
        self._now = now
        self._buckets: LRUCache[tuple[str, object], InMemoryBucket] = LRUCache(MOST)

    def allows(self, kind: str, subject: object) -> bool:
        """Count one more act of this kind; False if it is one too many (then it does not count)."""
        if subject is None:
            return True
        key = (kind, subject)
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = InMemoryBucket(self._rates[kind])
        now = self._now()
        bucket.leak(now)
        return bucket.put(RateItem(kind, now))

    def may_check(self, user: int, guild: int | None) -> bool:
        """Count one look at somebody's server for this person and this server."""
        return self.allows("check-user", user) and self.allows("check-guild", guild)
