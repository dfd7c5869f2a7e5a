"""What part of an event survives when a process is killed or the database goes away, and what can come twice?

State, version, pending effects and pending replies are committed together, before anything is said or done. Replies
are named `<event>:<number>`, effects `<event>:<what>`; results carry the name of their effect.

Exactly once:
- an event that was acknowledged: it is committed before its replies come out, and its id is in `State.seen`, so the
  same event again changes nothing;
- the result of a look: the commit that accepts it settles the effect, and any other result is stale.

At least once:
- a look (`RunChecks`): it is pending until its result is committed, and is started again after a restart;
- a wake-up (`Wake`): it keeps its absolute time and is pending until the event that follows from it is committed;
- a reply on a panel that is edited in place: it is pending until it was shown; a restart shows it again on the same
  panel, so nobody sees it twice;
- a reply in a terminal or a pipe: a new process starts with an empty screen.

At most once:
- an event that a process received and did not acknowledge: its person sees no answer and repeats it;
- an event of a person that waits for the store (`PATIENCE_S`): the surface says that it was not kept when it is given
  up, or when the process is stopped;
- a reply to one person alone (`why`, `help`, a report): such an answer cannot be edited after a restart, so a surface
  skips it when it resumes.

Several processes: each carries out what is pending in its own shards, at its start and from then on; what a dead one
left is carried out by another one (`duty.py`). If both do so for a moment, a look is made twice and accepted once, and
a panel is edited twice to the same words.

A place (`ports.PlaceBook`) is safe no later than the events after it: both go through one writer, in order.
While the store is away nothing is decided: the person is told, and the event waits (see `Engine.handle`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple
from weakref import WeakValueDictionary

from bot.conversation.effects import Effect, Wake
from bot.conversation.events import Checked, Chose, Event, Pasted, Woke
from bot.conversation.state import Phase, State
from bot.conversation.step import step
from bot.kb.model import KnowledgeBase
from bot.ports import Commit, Conflict, Due, Line, Store

log = logging.getLogger(__name__)

MAX_REPEATS = 5
"""How often a step is repeated when other processes commit the same conversation in between."""


Fits = Callable[[State], bool]


class Decided(NamedTuple):
    """What was committed for one event."""

    state: State
    effects: tuple[Due, ...] = ()
    lines: tuple[Line, ...] = ()
    before: State | None = None
    """The state that the event changed, where the event was accepted just now."""


class Outbox:
    """Makes an event's step and commits it, one event of a conversation at a time."""

    def __init__(self, kb: KnowledgeBase, store: Store, begins: Callable[[str], bool] = lambda _: True) -> None:
        self._kb = kb
        self._store = store
        self._begins = begins
        """Told of a conversation that the store does not know (any more) before it is committed; False: it is not."""
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def decide(
        self, key: str, event: Event, *, fits: Fits = lambda _: True, perhaps_taken: bool = False
    ) -> Decided:
        """Commit an event; return what is to be said and done for it. Raises StoreUnavailable, Conflict.

        `fits`: tells whether the event was meant for the state that it would be committed on; if not, nothing is done.
        `perhaps_taken`: an earlier try ended in StoreUnavailable, so it may have been committed all the same.
        """
        lock = self._locks.get(key)
        if lock is None:
            lock = self._locks[key] = asyncio.Lock()
        async with lock:
            for _ in range(MAX_REPEATS):
                stored = await self._store.load(key)
                state, version = (stored.state, stored.version) if stored else (State(), 0)
                if perhaps_taken and event.id in state.seen:
                    return await self._left_of(key, event, state)
                if not fits(state) or (stored is None and not self._may_begin(key, event)):
                    return Decided(state)  # a late result, or click, must not bring back what was forgotten meanwhile
                decided = self._step(state, event)
                try:
                    await self._store.commit(_commit(key, version, event, state, decided))
                except Conflict:
                    continue
                log.info("event", extra={"kind": event.kind, "before": state.phase, "after": decided.state.phase})
                return decided
        raise Conflict(key)

    def _may_begin(self, key: str, event: Event) -> bool:
        """Only somebody who says something, or wants to begin, begins a conversation; and only in a known place."""
        begins = isinstance(event, Pasted) or (isinstance(event, Chose) and event.choice == "restart")
        return begins and self._begins(key)

    def _step(self, state: State, event: Event) -> Decided:
        after, replies, effects = step(self._kb, state, event)
        lines = tuple(Line(f"{event.id}:{number}", reply) for number, reply in enumerate(replies))
        return Decided(after, tuple(_due(effect, event) for effect in effects), lines, state)

    async def _left_of(self, key: str, event: Event, state: State) -> Decided:
        """Return what is still pending for an event that was committed although its answer was lost."""
        mine = f"{event.id}:"
        for pending in await self._store.pending(key):
            effects = tuple(due for due in pending.effects if due.effect.id.startswith(mine))
            return Decided(state, effects, tuple(line for line in pending.replies if line.id.startswith(mine)))
        return Decided(state)


def _due(effect: Effect, event: Event) -> Due:
    return Due(effect, event.at + timedelta(seconds=effect.after_s if isinstance(effect, Wake) else 0.0))


def _commit(key: str, version: int, event: Event, before: State, decided: Decided) -> Commit:
    settled = awaited(before) - awaited(decided.state)
    if isinstance(event, Checked | Woke):
        settled |= {event.effect}
    return Commit(
        key=key,
        expected=version,
        state=decided.state,
        at=event.at,
        effects=decided.effects,
        replies=decided.lines,
        settles=settled,
    )


def awaited(state: State) -> frozenset[str]:
    """Return the effects whose results a conversation still accepts; one that has ended accepts none."""
    if state.phase is Phase.ENDED:
        return frozenset()
    return frozenset(effect for effect in (state.waiting_for, state.wake) if effect is not None)
