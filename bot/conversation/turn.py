"""What does one handler get, and what does it give back? A turn: the next state, what is said, what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

from bot.conversation.effects import Effect, RunChecks, Wake
from bot.conversation.events import Chose, Event
from bot.conversation.replies import Reply
from bot.conversation.state import Mark, Phase, State
from bot.diagnosis.experience import telling
from bot.diagnosis.facts import facts_of_others, gather
from bot.diagnosis.verdict import Verdict, judge
from bot.kb.model import KnowledgeBase
from bot.kb.model import State as SiteState

TRAIL_LENGTH = 40
PROMPTS = frozenset(
    {
        Phase.ASK_ROLE, Phase.ASK_ADDRESS, Phase.VERDICT, Phase.ASK_QUESTION, Phase.ASK_BROWSER, Phase.ASK_SYSTEM,
        Phase.STEP, Phase.ASK_USUAL, Phase.PICK_ERROR,
    }
)  # fmt: skip
"""Phases to which "back" can return: those that ask something."""
EVIDENCE = frozenset({"known", "hop", "report", "answers", "others", "failed_again"})
"""Fields of the state that facts are gathered from."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn in the making; every method returns a new one."""

    kb: KnowledgeBase
    event: Event
    state: State
    replies: tuple[Reply, ...] = ()
    effects: tuple[Effect, ...] = ()
    _gathered: dict[str, Any] = field(default_factory=dict, compare=False)
    """The facts, once they were needed; a turn asks for them several times and seldom changes the evidence."""

    @property
    def choice(self) -> str:
        """What was picked. (The table leads to handlers that want to know it by nothing else than a choice.)"""
        return cast("Chose", self.event).choice

    def with_state(self, **changes: Any) -> Turn:
        """Change fields of the state."""
        state = self.state.model_copy(update=changes)
        return replace(self, state=state, _gathered=self._gathered if EVIDENCE.isdisjoint(changes) else {})

    def say(self, *replies: Reply) -> Turn:
        """Add replies."""
        return replace(self, replies=(*self.replies, *replies))

    def move(self, phase: Phase, **changes: Any) -> Turn:
        """Go to a phase; the previous place stays on the trail, so that "back" finds it."""
        state = self.state
        here = Mark(phase=state.phase, guide=state.guide, step=state.step, number=state.number, question=state.question)
        trail = state.trail
        if _can_be_asked(here) and (not trail or trail[-1] != here):
            trail = (*trail, here)[-TRAIL_LENGTH:]
        return self.with_state(phase=phase, trail=trail, **changes)

    def run_checks(self, phase: Phase, *, fresh: bool) -> Turn:
        """Ask for the checks of the state's address and wait for their result."""
        effect = RunChecks(id=f"{self.event.id}:checks", url=self.state.url or "", fresh=fresh)
        moved = self.move(phase, waiting_for=effect.id)
        return replace(moved, effects=(*moved.effects, effect))

    def failing_still(self) -> Turn:
        """Note that the page still fails for the person; that tells something where it had been seen to work."""
        return self.with_state(failed_again=True) if self.was_up() else self

    def was_up(self) -> bool:
        """Does the last verdict say that the site works?"""
        return self.state.verdict is not None and self.state.verdict.state is SiteState.UP

    def wake_after(self, seconds: float) -> Turn:
        """Ask to be woken when nothing happens for this long."""
        effect = Wake(id=f"{self.event.id}:wake", after_s=seconds)
        return replace(self.with_state(wake=effect.id), effects=(*self.effects, effect))

    def facts(self) -> dict[str, Any]:
        """Return all evidence of the state as flat facts."""
        if not self._gathered:
            state = self.state
            self._gathered.update(gather(self.kb, state.known, state.hop, state.report, state.answers))
            self._gathered.update(facts_of_others(state.others))
            if state.failed_again:
                self._gathered["failed.again"] = True
        return dict(self._gathered)

    def judged(self) -> tuple[Turn, bool]:
        """Judge again; tell also whether the trouble is a different one."""
        verdict: Verdict = judge(self.kb, self.facts())
        before = self.state.verdict
        if before is not None and _is_same(before, verdict):
            return self.with_state(verdict=verdict), False
        experience = telling(self.event.experience.get(verdict.cause, ()))
        return self.with_state(verdict=verdict, experience=experience), True


def _is_same(one: Verdict, other: Verdict) -> bool:
    """Tell whether two verdicts are about the same trouble, whether or not other places were asked, too."""
    if one.cause == other.cause:
        return True
    alike = one.state is other.state and one.side is other.side
    surer, plainer = (one, other) if other.cause in one.also else (other, one)
    rests = [any(seen.fact.startswith("elsewhere.") for seen in verdict.evidence) for verdict in (surer, plainer)]
    return alike and plainer.cause in surer.also and rests == [True, False]


def _can_be_asked(mark: Mark) -> bool:
    """Tell whether a place can be returned to: what a new error or address has invalidated is gone for good."""
    gone = (mark.phase in (Phase.STEP, Phase.ASK_USUAL) and mark.step is None) or (
        mark.phase is Phase.ASK_QUESTION and mark.question is None
    )
    return mark.phase in PROMPTS and not gone
