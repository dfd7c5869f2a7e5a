"""How does one event run to its end?

    load -> step -> commit state and effects -> speak -> carry the effects out -> their results are new events

One event per conversation at a time (a lock here, the version in the store between processes). Effects run outside
that lock, so a person can say "stop" while checks are under way. What was committed and not carried out is issued
again by `resume_pending` after a restart; results that nobody waits for any more are dropped by the state machine.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import NamedTuple

from bot.conversation.effects import Effect, RunChecks, Wake
from bot.conversation.events import Checked, Event, Woke
from bot.conversation.replies import Reply
from bot.conversation.state import State
from bot.conversation.step import step
from bot.diagnosis.findings import Finding
from bot.kb.model import KnowledgeBase
from bot.ports import Checker, Clock, Conflict, Store
from bot.wording import Message, word

log = logging.getLogger(__name__)

MAX_REPEATS = 5
"""How often a step is repeated when other processes commit the same conversation in between."""


class Progress(NamedTuple):
    """One check of a running look is done."""

    finding: Finding


Output = Message | Progress


class Engine:
    """Runs events of all conversations. Surfaces iterate over `handle` and show what comes out."""

    def __init__(
        self, kb: KnowledgeBase, store: Store, checker: Checker, clock: Clock, new_id: Callable[[], str]
    ) -> None:
        self._kb = kb
        self._store = store
        self._checker = checker
        self._clock = clock
        self._new_id = new_id
        self._locks: dict[str, asyncio.Lock] = {}
        self._wakes: dict[str, asyncio.Task[None]] = {}
        self.on_wake: Callable[[str, Woke], None] | None = None
        """Called when a conversation's time is over; the surface answers by handing the event to `handle`."""

    async def handle(self, key: str, event: Event) -> AsyncIterator[Output]:
        """Run one event and all that follows from it; yield messages and the progress of checks as they come."""
        replies, effects, state = await self._commit(key, self._stamped(event))
        for reply in replies:
            yield word(self._kb, reply, state.lang)
        for effect in effects:
            async for output in self._carry_out(key, effect):
                yield output

    async def state(self, key: str) -> State:
        """Return a conversation's present state (an empty one if there is none)."""
        stored = await self._store.load(key)
        return stored.state if stored else State()

    async def fork(self, key: str, copy: str) -> None:
        """Give somebody else a conversation of their own that begins where this one is."""
        state = await self.state(key)
        await self._store.commit(copy, 0, state.model_copy(update={"role": None, "trail": ()}), ())

    async def forget(self, key: str) -> None:
        """Delete a conversation and all that is pending for it."""
        earlier = self._wakes.pop(key, None)
        if earlier is not None:
            earlier.cancel()
        await self._store.forget(key)

    async def resume_pending(self) -> AsyncIterator[tuple[str, Output]]:
        """Issue again what was committed and not carried out when the process ended."""
        for key, effect in await self._store.pending():
            async for output in self._carry_out(key, effect):
                yield key, output

    async def aclose(self) -> None:
        """Stop waiting; nothing that is pending is lost by it."""
        waiting = list(self._wakes.values())
        for task in waiting:
            task.cancel()
        for task in waiting:
            with suppress(asyncio.CancelledError):
                await task

    def _stamped(self, event: Event) -> Event:
        """Give the event its id and time, when the surface has none of its own."""
        return event.model_copy(update={"id": event.id or self._new_id(), "at": self._clock.now()})

    async def _commit(self, key: str, event: Event) -> tuple[tuple[Reply, ...], tuple[Effect, ...], State]:
        async with self._locks.setdefault(key, asyncio.Lock()):
            for _ in range(MAX_REPEATS):
                stored = await self._store.load(key)
                state, version = (stored.state, stored.version) if stored else (State(), 0)
                after, replies, effects = step(self._kb, state, event)
                try:
                    await self._store.commit(key, version, after, effects)
                except Conflict:
                    continue
                log.info("event", extra={"kind": event.kind, "before": state.phase, "after": after.phase})
                return replies, effects, after
        raise Conflict(key)

    async def _carry_out(self, key: str, effect: Effect) -> AsyncIterator[Output]:
        match effect:
            case RunChecks():
                async for output in self._run_checks(key, effect):
                    yield output
            case Wake():
                self._wake_later(key, effect)

    async def _run_checks(self, key: str, effect: RunChecks) -> AsyncIterator[Output]:
        findings: asyncio.Queue[Finding | None] = asyncio.Queue()
        look = asyncio.ensure_future(self._checker.run(effect.url, fresh=effect.fresh, on_finding=findings.put_nowait))
        look.add_done_callback(lambda _: findings.put_nowait(None))
        try:
            while (finding := await findings.get()) is not None:
                yield Progress(finding)
            report = await look
        finally:
            look.cancel()
        async for output in self.handle(key, Checked(effect=effect.id, report=report)):
            yield output
        await self._store.done(key, effect.id)

    def _wake_later(self, key: str, effect: Wake) -> None:
        earlier = self._wakes.pop(key, None)
        if earlier is not None:
            earlier.cancel()
        self._wakes[key] = asyncio.ensure_future(self._wake(key, effect))

    async def _wake(self, key: str, effect: Wake) -> None:
        await self._clock.sleep(effect.after_s)
        await self._store.done(key, effect.id)
        if self.on_wake is not None:
            self.on_wake(key, Woke(effect=effect.id))
