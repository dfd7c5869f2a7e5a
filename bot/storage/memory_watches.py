"""How are watches kept for the life of one process?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.diagnosis.recovery import Course, Next, Recovery
from bot.ports import Claim, Claimed, Look, News, TooManyWatches, Watch
from bot.storage.bell import Bell
from bot.storage.lifetimes import WATCHES_LIVE_S


@dataclass
class _Address:
    course: Course
    next_at: datetime
    holder: str | None = None
    held_until: datetime | None = None

    def free_at(self) -> datetime:
        return max(self.next_at, self.held_until or self.next_at)


@dataclass
class _Watcher:
    watch: Watch
    news: Recovery | Literal["expired"] | None = None
    news_at: datetime | None = None
    holder: str | None = None
    held_until: datetime | None = None


class MemoryWatches:
    """`Watches` in a dict."""

    def __init__(self) -> None:
        self._addresses: dict[str, _Address] = {}
        self._watchers: dict[str, _Watcher] = {}
        self._bell = Bell()

    async def add(self, watch: Watch, *, most_user: int, most_server: int) -> Watch:
        """See `ports.Watches`."""
        mine = await self.of(watch.surface, watch.owner)
        earlier = next((one for one in mine if one.url == watch.url), None)
        if earlier is not None:
            renewed = self._watchers[earlier.id].watch = replace(watch, id=earlier.id)
            return renewed
        if len(mine) >= most_user:
            raise TooManyWatches("user", most_user)
        its = [one for one in self._waiting_watches() if (one.surface, one.server) == (watch.surface, watch.server)]
        if watch.server is not None and len(its) >= most_server:
            raise TooManyWatches("server", most_server)
        self._watchers[watch.id] = _Watcher(watch)
        self._addresses.setdefault(watch.url, _Address(Course(), watch.asked_at))
        self._bell.ring()
        return watch

    async def of(self, surface: str, owner: str) -> tuple[Watch, ...]:
        """See `ports.Watches`."""
        return tuple(one for one in self._waiting_watches() if (one.surface, one.owner) == (surface, owner))

    async def drop(self, surface: str, owner: str, watch: str) -> bool:
        """See `ports.Watches`."""
        kept = self._watchers.get(watch)
        if kept is None or (kept.watch.surface, kept.watch.owner) != (surface, owner):
            return False
        del self._watchers[watch]
        self._bell.ring()
        return True

    async def claim(self, claim: Claim) -> Claimed:
        """See `ports.Watches`."""
        for kept in self._watchers.values():
            if kept.news is None and kept.watch.expires_at <= claim.now:
                kept.news, kept.news_at = "expired", claim.now
                self._bell.ring()
        due = sorted((one.free_at(), url) for url, one in self._addresses.items() if one.free_at() <= claim.now)[
            : claim.limit
        ]
        for _, url in due:
            address = self._addresses[url]
            address.holder, address.held_until = claim.holder, claim.until
        next_at = min((one.free_at() for one in self._addresses.values()), default=None)
        return Claimed(tuple(Look(url, self._addresses[url].course) for _, url in due), next_at)

    async def settle(self, holder: str, url: str, after: Next, now: datetime) -> bool:
        """See `ports.Watches`."""
        address = self._addresses.get(url)
        if address is None or address.holder != holder:
            return False
        self._addresses[url] = _Address(after.course, now + timedelta(seconds=after.after_s))
        for kept in self._watchers.values():
            if after.back and kept.watch.url == url and kept.news is None:
                kept.news, kept.news_at = after.what, now
        if not any(one.url == url for one in self._waiting_watches()):
            del self._addresses[url]
        self._bell.ring()
        return True

    async def claim_news(self, surface: str, claim: Claim) -> tuple[News, ...]:
        """See `ports.Watches`."""
        claimed: list[News] = []
        for kept in self._watchers.values():
            free = kept.held_until is None or kept.held_until <= claim.now
            if kept.watch.surface == surface and kept.news and kept.news_at and free and len(claimed) < claim.limit:
                kept.holder, kept.held_until = claim.holder, claim.until
                claimed.append(News(kept.watch, kept.news, kept.news_at))
        return tuple(claimed)

    async def told(self, holder: str, watch: str) -> None:
        """See `ports.Watches`."""
        kept = self._watchers.get(watch)
        if kept is not None and kept.holder == holder:
            del self._watchers[watch]

    async def changed(self, seen: int, within_s: float) -> int:
        """See `ports.Watches`."""
        return await self._bell.changed(seen, within_s)

    def export(self, owner: str) -> list[dict[str, Any]]:
        """Return what a person waits for."""
        mine = [kept.watch for kept in self._watchers.values() if kept.watch.owner == owner]
        return [{"url": one.url, "body": one.body, "asked_at": one.asked_at.timestamp()} for one in mine]

    def servers(self) -> set[str | None]:
        """Return the servers where somebody waits."""
        return {kept.watch.server for kept in self._watchers.values()}

    def forget(self, *, owner: str | None = None, server: str | None = None) -> None:
        """Delete the watches of a person or a server."""
        for name, kept in list(self._watchers.items()):
            if kept.watch.owner == owner or (server is not None and kept.watch.server == server):
                del self._watchers[name]

    def expire(self, now: datetime) -> int:
        """Delete watches that nobody could be told about, and addresses that nobody waits for; return how many."""
        until = now - timedelta(seconds=WATCHES_LIVE_S)
        old = [name for name, kept in self._watchers.items() if kept.watch.asked_at < until]
        for name in old:
            del self._watchers[name]
        awaited = {one.url for one in self._waiting_watches()}
        lost = [url for url, one in self._addresses.items() if url not in awaited and (one.held_until or now) <= now]
        for url in lost:
            del self._addresses[url]
        return len(old) + len(lost)

    def _waiting_watches(self) -> list[Watch]:
        return [kept.watch for kept in self._watchers.values() if kept.news is None]
