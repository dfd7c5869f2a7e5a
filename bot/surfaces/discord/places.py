"""Where in Discord does each conversation live? The card, the thread, the panel, and whose it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from cachetools import LRUCache

MOST = 20_000
"""Conversations whose place is remembered; the oldest is forgotten first, and its buttons still work."""


@dataclass(frozen=True, slots=True)
class Place:
    """One conversation's place. All ids are snowflakes."""

    key: str
    owner: int
    channel: int
    guild: int | None = None
    source: int | None = None
    """The message that somebody pasted."""
    card: int | None = None
    """Our answer to it."""
    thread: int | None = None
    panel: int | None = None
    """The message in the thread (or the direct message) that shows the present step."""


class Places:
    """All places, found by conversation, by thread and by source message."""

    def __init__(self) -> None:
        self._by_key: LRUCache[str, Place] = LRUCache(MOST)
        self._by_thread: LRUCache[int, str] = LRUCache(MOST)
        self._by_source: LRUCache[int, str] = LRUCache(MOST)

    def put(self, place: Place) -> Place:
        """Remember a place, or what changed of it."""
        self._by_key[place.key] = place
        if place.thread is not None:
            self._by_thread[place.thread] = place.key
        if place.source is not None:
            self._by_source[place.source] = place.key
        return place

    def change(self, key: str, **changes: Any) -> Place | None:
        """Change what is known of a place, if it is known at all."""
        place = self._by_key.get(key)
        return self.put(replace(place, **changes)) if place is not None else None

    def get(self, key: str) -> Place | None:
        """Return the place of a conversation."""
        return self._by_key.get(key)

    def of_thread(self, thread: int) -> Place | None:
        """Return the place whose thread this is."""
        key = self._by_thread.get(thread)
        return self._by_key.get(key) if key is not None else None

    def of_source(self, message: int) -> Place | None:
        """Return the place that began with this message."""
        key = self._by_source.get(message)
        return self._by_key.get(key) if key is not None else None

    def of_owner(self, owner: int) -> list[Place]:
        """Return all places of one person."""
        return [place for place in self._by_key.values() if place.owner == owner]

    def of_guild(self, guild: int) -> list[Place]:
        """Return all places in one server."""
        return [place for place in self._by_key.values() if place.guild == guild]

    def forget(self, key: str) -> None:
        """Forget a place."""
        place = self._by_key.pop(key, None)
        if place is None:
            return
        if place.thread is not None:
            self._by_thread.pop(place.thread, None)
        if place.source is not None:
            self._by_source.pop(place.source, None)
