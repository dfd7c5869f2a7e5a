"""May a peer look once more? It counts by itself, whoever asks: the operator's own machine may be in others' hands."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from cachetools import LRUCache
from pyrate_limiter import InMemoryBucket, Rate, RateItem

MINUTE_MS, HOUR_MS = 60_000, 3_600_000
HOST_A_MINUTE, HOST_AN_HOUR = 6, 60
HELLOS_A_MINUTE = 30
_HOSTS = 4096


def now_ms() -> int:
    """Return a time that never goes back, in milliseconds."""
    return time.monotonic_ns() // 1_000_000


class Turns:
    """Counts looks: for all hosts together, and for each."""

    def __init__(self, per_hour: int, now: Callable[[], int] = now_ms) -> None:
        self._now = now
        self._all = _bucket(Rate(max(1, per_hour // 10), MINUTE_MS), Rate(per_hour, HOUR_MS))
        self._hellos = _bucket(Rate(HELLOS_A_MINUTE, MINUTE_MS))
        self._hosts: LRUCache[str, Any] = LRUCache(_HOSTS)

    def may_look(self, host: str) -> bool:
        """Count one more look at a host; False if it is one too many (then it does not count for all)."""
        bucket = self._hosts.get(host)
        if bucket is None:
            bucket = self._hosts[host] = _bucket(Rate(HOST_A_MINUTE, MINUTE_MS), Rate(HOST_AN_HOUR, HOUR_MS))
        return self._takes(bucket) and self._takes(self._all)

    def may_answer(self) -> bool:
        """Count one more hello; False if it is one too many."""
        return self._takes(self._hellos)

    def _takes(self, bucket: InMemoryBucket) -> bool:
        now = self._now()
        bucket.leak(now)
        taken: bool = bucket.put(RateItem("look", now))
        return taken


def _bucket(*rates: Rate) -> InMemoryBucket:
    return InMemoryBucket(list(rates))
