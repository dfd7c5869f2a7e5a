"""How does one event run to its end?

    load -> step -> commit state, effects and replies -> speak -> carry the effects out -> their results are new events

One event per conversation at a time (a lock here, the version in the store between processes). Effects run outside
that lock, so a person can say "stop" while checks are under way. What was committed and neither shown nor carried out
is issued again after a restart (`outbox.py` says what can come twice).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.events import Checked, Chose, Event, Joined, Pasted, Woke
from bot.conversation.prompts import prompt
from bot.conversation.replies import Reply, ResultWaits, StoreAway
from bot.conversation.state import Phase, State
from bot.conversation.turn import Turn
from bot.diagnosis.findings import Finding
from bot.diagnosis.front import front_only, front_page
from bot.engine.alarms import Alarms
from bot.engine.company import Company
from bot.engine.counting import count
from bot.engine.experience import Experience
from bot.engine.outbox import Decided, Fits, Outbox, awaited
from bot.kb.model import KnowledgeBase
from bot.ports import NOBODY, Asker, Checker, Clock, Commit, Conflict, Counts, Line, Store, StoreUnavailable
from bot.wording import Message, word

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.5, 10.0
"""Pauses between attempts while the store is away."""
PATIENCE_S = 600.0
"""After this long a person's event is given up: they no longer expect its effect. Results are never given up."""
OVERDUE_APART_S = 0.1
"""After a long stop, conversations whose time is up are woken one after another, not all at once."""


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
        self._outbox = Outbox(kb, store, self._begins)
        self._alarms = Alarms(clock, self._ring)
        self.company = Company(None, clock)
        """Knows of others on the same server, if the engine is given one that does."""
        self.experience = Experience(None, clock)
        """Knows what earlier conversations have shown, likewise."""
        self.counts: Counts | None = None
        """Counts what happens, if somebody wants to know."""
        self._held: dict[str, str] = {}
        """Conversation -> the last line that was handed out and not yet shown by its surface."""
        self._looking: set[str] = set()
        """Looks under way here, which a late `resume` must not begin a second time."""
        self._left: dict[str, frozenset[str]] = {}
        """Conversation -> what was pending when it was recalled; what came after is under way here."""
        self.asker: Callable[[str], Asker] = lambda _key: NOBODY
        """Tells on whose account a conversation's looks are made; the surface knows."""
        self.on_wake: Callable[[str, Woke], None] | None = None
        """Called when a conversation's time is up; the surface answers by handing the event to `handle`."""
        self.on_begin: Callable[[str], bool] | None = None
        """Called before storing a conversation that the store did not know (any more): its place is to be stored, too.

        False: it has none (any more), so nobody could find it again, and it is not stored."""

    async def handle(
        self, key: str, event: Event, *, hold: bool = False, fits: Fits = lambda _: True
    ) -> AsyncIterator[Output]:
        """Run one event and all that follows from it; yield messages and the progress of checks as they come.

        A message counts as shown when the iterator is advanced past it; with `hold` the surface says so itself by
        `shown`. While the store is away a message says so, and the event waits until it is back. If the state does not
        fit by then, nothing is done and nothing comes out.
        """
        known = await self.experience.known()
        stamps = {"id": event.id or self._new_id(), "at": self._clock.now(), "experience": known}
        event = event.model_copy(update=stamps)
        patience = PATIENCE_S if isinstance(event, Pasted | Chose) else float("inf")
        pause, away = FIRST_PAUSE_S, False
        while True:
            try:
                decided = await self._outbox.decide(key, event, fits=fits, perhaps_taken=away)
                break
            except StoreUnavailable:
                if isinstance(event, Joined):
                    return  # extra evidence: nobody waits for it
                if not away:
                    if self.counts is not None:
                        self.counts.delayed()
                    log.warning("the store is away: an event waits", extra={"conversation": key, "kind": event.kind})
                    yield word(self._kb, _waits(patience), "en")
                if patience <= 0:
                    raise
            away = True
            await self._clock.sleep(pause)
            patience, pause = patience - pause, min(2 * pause, LONGEST_PAUSE_S)
        self.experience.learn(decided.before, decided.state)
        if self.counts is not None and decided.before is not None:
            count(self.counts, self._kb, event, decided.before, decided.state)
        if isinstance(event, Checked):
            await self.company.looked(decided.state, event.report)
        if decided.state.wake not in awaited(decided.state):
            self._alarms.cancel(key)
        async for output in self._go_on(key, decided, hold=hold):
            yield output

    async def shown(self, key: str) -> None:
        """Note that everything which was handed out for a conversation (with `hold`) is on the screen now."""
        line = self._held.pop(key, None)
        if line is None:
            return
        try:
            await self._store.shown(key, line)
        except StoreUnavailable:
            log.warning("what was shown is not noted: a restart shows it again", extra={"conversation": key})

    async def state(self, key: str, *, sure: bool = True) -> State:
        """Return a conversation's current state (an empty one if there is none), as others may have left it.

        Not `sure`: as this process knows it, which is enough right after an event that it handled.
        """
        stored = await self._store.load(key, sure=sure)
        return stored.state if stored else State()

    async def question(self, key: str) -> Message | None:
        """Return what the conversation waits for, in words; None if it waits for nothing that can be asked."""
        state = await self.state(key)
        if state.phase in (Phase.IDLE, Phase.ENDED, Phase.CHECKING, Phase.RECHECKING):
            return None
        turn = Turn(kb=self._kb, event=Chose(choice=""), state=state)
        return word(self._kb, prompt(self._kb, state, turn.facts()), state.lang)

    async def fork(self, key: str, copy: str, *, front: bool = False) -> None:
        """Give somebody else a conversation of their own that begins where this one is. Raises Conflict if it moves on.

        `front`: they are not to learn which page of the site failed. If the conversation was deleted meanwhile, there
        is nothing left to begin from.
        """
        stored = await self._store.load(key, sure=True)
        if stored is None:
            raise Conflict(key)
        begin = stored.state.model_copy(update={"role": None, "trail": (), "waiting_for": None, "wake": None})
        if front:
            begin = _without_page(begin)
        copies = key, stored.version
        await self._store.commit(Commit(key=copy, expected=0, state=begin, at=self._clock.now(), copies=copies))
        if self.counts is not None:
            self.counts.began()

    async def forget(self, key: str) -> None:
        """Delete a conversation and all that is pending for it."""
        self._alarms.cancel(key)
        self._held.pop(key, None)
        await self._store.forget(key)

    async def recall(self, ours: Callable[[str], bool] = lambda _: True) -> tuple[str, ...]:
        """Resume waiting where the last process stopped; return the conversations that `resume` has something for."""
        now, overdue, keys = self._clock.now(), 0, []
        for pending in await self._store.pending():
            if not ours(pending.key):
                continue
            for effect, at in pending.effects:
                if isinstance(effect, Wake):
                    left = (at - now).total_seconds()
                    overdue += left <= 0
                    self._alarms.set(pending.key, effect.id, left if left > 0 else overdue * OVERDUE_APART_S)
            looks = frozenset(effect.id for effect, _ in pending.effects if isinstance(effect, RunChecks))
            if pending.replies or looks:
                keys.append(pending.key)
                self._left[pending.key] = looks | {line.id for line in pending.replies}
        return tuple(keys)

    def let_go(self, theirs: Callable[[str], bool]) -> None:
        """Stop waiting for conversations that another process goes on with."""
        self._alarms.cancel_of(theirs)

    async def resume(self, key: str, *, hold: bool = False) -> AsyncIterator[Output]:
        """Say again what was committed and not shown, and issue again what was not carried out.

        After a `recall` that is what another process left: an event handled here meanwhile has its own turn.
        """
        left, state = self._left.pop(key, None), await self.state(key)
        for pending in await self._store.pending(key):
            due = [one for one in pending.effects if isinstance(one.effect, RunChecks)]
            looks = tuple(one for one in due if one.effect.id not in self._looking and _is_in(left, one.effect.id))
            overtaken = not all(_is_in(left, line.id) for line in pending.replies)
            decided = Decided(state, looks, () if overtaken else pending.replies)
            async for output in self._go_on(key, decided, hold=hold):
                yield output

    async def aclose(self) -> None:
        """Stop waiting; nothing pending is lost."""
        await self._alarms.aclose()
        await self.company.aclose()
        await self.experience.aclose()

    async def _go_on(self, key: str, decided: Decided, *, hold: bool) -> AsyncIterator[Output]:
        for effect, _ in decided.effects:
            if isinstance(effect, Wake):
                self._alarms.set(key, effect.id, effect.after_s)
        for line in decided.lines:
            message = self._worded(line, decided.state)
            if message is not None:
                yield message
            self._held[key] = line.id
        if decided.lines and not hold:
            await self.shown(key)
        for effect, _ in decided.effects:
            if isinstance(effect, RunChecks):
                async for output in self._run_checks(key, effect, hold=hold):
                    yield output

    def _worded(self, line: Line, state: State) -> Message | None:
        """Put a line into words; one that the current knowledge has no words for is skipped."""
        try:
            return word(self._kb, line.reply, state.lang).model_copy(update={"id": line.id})
        except (LookupError, StopIteration):
            log.exception("a reply has no words", extra={"reply": line.reply.key})
            return None

    async def _run_checks(self, key: str, effect: RunChecks, *, hold: bool) -> AsyncIterator[Output]:
        findings: asyncio.Queue[Finding | None] = asyncio.Queue()
        look = asyncio.ensure_future(
            self._checker.run(
                effect.url, fresh=effect.fresh, elsewhere=True, on_finding=findings.put_nowait, by=self.asker(key)
            )
        )
        look.add_done_callback(lambda _: findings.put_nowait(None))
        self._looking.add(effect.id)
        try:
            while (finding := await findings.get()) is not None:
                yield Progress(finding)
            report = await look
        finally:
            look.cancel()
            self._looking.discard(effect.id)
        others = await self.company.others(self.company.whose(key), report.host)
        async for output in self.handle(key, Checked(effect=effect.id, report=report, others=others), hold=hold):
            yield output

    def _begins(self, key: str) -> bool:
        return self.on_begin is None or self.on_begin(key)

    def _ring(self, key: str, effect: str) -> None:
        if self.on_wake is not None:
            self.on_wake(key, Woke(effect=effect))


def _without_page(state: State) -> State:
    url = front_page(state.url) if state.url is not None else None
    return state.model_copy(update={"url": url, "report": front_only(state.report) if state.report else None})


def _waits(patience_s: float) -> Reply:
    return ResultWaits() if patience_s == float("inf") else StoreAway(minutes=round(patience_s / 60))


def _is_in(left: frozenset[str] | None, name: str) -> bool:
    return left is None or name in left
