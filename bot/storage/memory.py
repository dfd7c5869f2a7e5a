"""How are conversations kept for the life of one process?"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.diagnosis.experience import Tally
from bot.ports import Claim, Clock, Commit, Conflict, KeptPlace, Pending, Shard, Stored
from bot.storage.lifetimes import PLACES_LIVE_S
from bot.storage.memory_incidents import MemoryIncidents
from bot.storage.memory_watches import MemoryWatches
from bot.storage.rows import CommitRows, pending_of, rows_of, state_of


@dataclass
class _Kept:
    """One conversation, in the form that a database would keep."""

    rows: CommitRows
    version: int
    effects: dict[str, tuple[str, float]] = field(default_factory=dict)
    replies: dict[str, tuple[int, str]] = field(default_factory=dict)


class MemoryStore:
    """A `Store` in a dict. Values are kept as JSON, so that what comes back is what a database would give back."""

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    async def load(self, key: str, *, sure: bool = False) -> Stored | None:  # noqa: ARG002 - nobody else changes it
        """See `ports.Store`."""
        kept = self._kept.get(key)
        return Stored(state_of(kept.rows.state, key), kept.version) if kept is not None else None

    async def commit(self, commit: Commit) -> int:
        """See `ports.Store`."""
        rows = rows_of(commit)
        kept = self._kept.get(commit.key)
        if self._version(commit.key) != commit.expected:
            raise Conflict(commit.key)
        if commit.copies is not None and self._version(commit.copies[0]) != commit.copies[1]:
            raise Conflict(commit.key)
        kept = kept or self._kept.setdefault(commit.key, _Kept(rows, 0))
        kept.rows, kept.version = rows, commit.expected + 1
        for effect in rows.settles:
            kept.effects.pop(effect, None)
        kept.effects |= {effect.id: (effect.body, effect.due_at) for effect in rows.effects}
        kept.replies |= {reply.id: (reply.position, reply.body) for reply in rows.replies}
        return kept.version

    def _version(self, key: str) -> int:
        return self._kept[key].version if key in self._kept else 0

    async def shown(self, key: str, line: str) -> None:
        """See `ports.Store`."""
        kept = self._kept.get(key)
        if kept is not None and line in kept.replies:
            upto = kept.replies[line][0]
            kept.replies = {name: reply for name, reply in kept.replies.items() if reply[0] > upto}

    async def pending(self, key: str | None = None) -> tuple[Pending, ...]:
        """See `ports.Store`."""
        wanted = self._kept if key is None else {key: self._kept[key]} if key in self._kept else {}
        effects = sorted((due, name, body) for name, kept in wanted.items() for body, due in kept.effects.values())
        replies = sorted(
            (name, position, line, body)
            for name, kept in wanted.items()
            for line, (position, body) in kept.replies.items()
        )
        return pending_of(
            ((name, body, due) for due, name, body in effects), ((name, line, body) for name, _, line, body in replies)
        )

    async def forget(self, key: str) -> None:
        """See `ports.Store`."""
        self._kept.pop(key, None)

    def expire(self, now: datetime) -> int:
        """Delete expired conversations, with what is pending for them; return how many."""
        over = [key for key, kept in self._kept.items() if kept.rows.expires_at < now.timestamp()]
        for key in over:
            del self._kept[key]
        return len(over)

    def holds(self, key: str) -> bool:
        """Tell whether anything about a conversation is kept."""
        return key in self._kept


class MemoryPreferences:
    """`Preferences` in a dict."""

    def __init__(self) -> None:
        self._values: dict[tuple[str, str, str], str] = {}

    async def all(self, kind: str) -> tuple[tuple[str, str, str], ...]:
        """See `ports.Preferences`."""
        return tuple((scope, name, value) for (of, scope, name), value in self._values.items() if of == kind)

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """See `ports.Preferences`."""
        self._values[kind, scope, name] = value

    async def drop(self, kind: str, scope: str, name: str) -> None:
        """See `ports.Preferences`."""
        self._values.pop((kind, scope, name), None)

    async def forget(self, kind: str, scope: str) -> None:
        """See `ports.Preferences`."""
        for key in [key for key in self._values if key[:2] == (kind, scope)]:
            del self._values[key]

    async def forget_scope(self, scope: str) -> None:
        """Delete all values of a scope, of every kind."""
        for key in [key for key in self._values if key[1] == scope]:
            del self._values[key]


class MemoryPlaceBook:
    """A `PlaceBook` in a dict."""

    def __init__(self, clock: Clock) -> None:
        self.places: dict[str, KeptPlace] = {}
        self._clock = clock
        self._changed: dict[str, datetime] = {}

    async def all(self) -> tuple[KeptPlace, ...]:
        """See `ports.PlaceBook`."""
        return tuple(self.places.values())

    def put(self, place: KeptPlace) -> None:
        """See `ports.PlaceBook`."""
        self.places.pop(place.key, None)
        self.places[place.key] = place
        self._changed[place.key] = self._clock.now()

    def forget(self, key: str) -> None:
        """See `ports.PlaceBook`."""
        self.places.pop(key, None)
        self._changed.pop(key, None)

    def expire(self, now: datetime, lives: Callable[[str], bool]) -> int:
        """Delete expired places whose conversation is gone; return how many."""
        until = now - timedelta(seconds=PLACES_LIVE_S)
        over = [key for key, changed in self._changed.items() if changed < until and not lives(key)]
        for key in over:
            self.forget(key)
        return len(over)


class MemoryOutcomes:
    """`Outcomes` in a dict."""

    def __init__(self) -> None:
        self._tallies: dict[tuple[str, str, str], Tally] = {}

    async def all(self) -> dict[str, tuple[Tally, ...]]:
        """See `ports.Outcomes`."""
        found: dict[str, tuple[Tally, ...]] = {}
        for (cause, _, _), tally in sorted(self._tallies.items()):
            found[cause] = (*found.get(cause, ()), tally)
        return found

    async def count(self, cause: str, guide: str, step: str, *, solved: bool) -> None:
        """See `ports.Outcomes`."""
        old = self._tallies.get((cause, guide, step)) or Tally(guide=guide, step=step, solved=0, failed=0)
        raised = {"solved": old.solved + solved, "failed": old.failed + (not solved)}
        self._tallies[cause, guide, step] = old.model_copy(update=raised)


class MemoryPrivacy:
    """`Privacy` over the things of one process."""

    def __init__(
        self,
        store: MemoryStore,
        book: MemoryPlaceBook,
        preferences: MemoryPreferences,
        watches: MemoryWatches,
        incidents: MemoryIncidents,
    ) -> None:
        self._store = store
        self._book = book
        self._preferences = preferences
        self._watches = watches
        self._incidents = incidents

    async def export(self, owner: str) -> list[dict[str, Any]]:
        """See `ports.Privacy`."""
        found = []
        for place in [place for place in self._book.places.values() if place.owner == owner]:
            stored = await self._store.load(place.key)
            state = stored.state.model_dump(mode="json") if stored is not None else None
            found.append({"conversation": place.key, "place": {"body": json.loads(place.body)}, "state": state})
        more = {"watches": self._watches.export(owner), "reports": self._incidents.export(owner)}
        return found + [{name: kept} for name, kept in more.items() if kept]

    async def forgotten(self) -> tuple[KeptPlace, ...]:
        """See `ports.Privacy`. There is nobody beside this process."""
        return ()

    async def heard(self, keys: Collection[str]) -> None:
        """See `ports.Privacy`."""

    async def is_settled(self) -> bool:
        """See `ports.Privacy`."""
        return True

    async def forget(self, owner: str, *, tell: bool = False) -> tuple[str, ...]:  # noqa: ARG002 - nobody is to be told
        """See `ports.Privacy`."""
        self._watches.forget(owner=owner)
        self._incidents.forget(owner=owner)
        return await self._forget([place.key for place in self._book.places.values() if place.owner == owner], owner)

    async def forget_server(self, server: str) -> tuple[str, ...]:
        """See `ports.Privacy`."""
        self._watches.forget(server=server)
        self._incidents.forget(server=server)
        return await self._forget([place.key for place in self._book.places.values() if place.server == server], server)

    async def servers(self) -> frozenset[str]:
        """See `ports.Privacy`."""
        placed = {place.server for place in self._book.places.values()}
        return frozenset(filter(None, placed | self._watches.servers() | self._incidents.servers()))

    async def _forget(self, keys: list[str], scope: str) -> tuple[str, ...]:
        for key in keys:
            await self._store.forget(key)
            self._book.forget(key)
        await self._preferences.forget_scope(scope)
        return tuple(keys)


class MemoryDuties:
    """`Duties` of the only process."""

    async def hold(self, _surface: str, own: frozenset[Shard], _claim: Claim) -> frozenset[Shard]:
        """See `ports.Duties`."""
        return own

    async def lay_down(self, _surface: str, _holder: str, _now: datetime) -> None:
        """See `ports.Duties`."""
