"""What can be said at any time: help, why, back, stop, start over, silence, and waking up again?"""

from __future__ import annotations

from bot.conversation.guiding import ask
from bot.conversation.prompts import choices, moved_up
from bot.conversation.replies import Ended, Help, NothingBefore, Restarted, Why
from bot.conversation.state import Mark, Phase, State
from bot.conversation.turn import Turn


def help_(turn: Turn) -> Turn:
    """Say what can be said here, then ask again."""
    return ask(turn.say(Help()))


def why(turn: Turn) -> Turn:
    """Give the reasons, then ask again."""
    state, facts = turn.state, turn.facts()
    step = state.step if state.phase is Phase.STEP else None
    shown = Why(
        verdict=state.verdict,
        facts=facts,
        step=step,
        guide=state.guide,
        error=state.known.error if state.known else None,
        seen_at=state.report.checked_at if state.report else None,
        age_s=state.report.age_s if state.report else 0.0,
        others=state.others,
        moved=moved_up(turn.kb, state, facts, step),
    )
    return ask(turn.say(shown))


def back(turn: Turn) -> Turn:
    """Return to the question before this one; answers and steps since then are kept."""
    trail = turn.state.trail
    if not trail:
        return ask(turn.say(NothingBefore()))
    mark = trail[-1]
    return ask(turn.with_state(**{name: getattr(mark, name) for name in Mark.model_fields}, trail=trail[:-1]))


def stop(turn: Turn) -> Turn:
    """The person has enough."""
    turn = turn.move(Phase.ENDED, outcome="stopped", waiting_for=None)
    return turn.say(Ended(outcome="stopped", choices=choices("restart")))


def restart(turn: Turn) -> Turn:
    """Forget all but the reader's language and device."""
    old = turn.state
    fresh = State(lang=old.lang, profile=old.profile)
    return turn.with_state(**{name: getattr(fresh, name) for name in State.model_fields}).say(Restarted())


def resume(turn: Turn) -> Turn:
    """Resume where the person fell silent."""
    return ask(turn.with_state(phase=turn.state.slept_in or Phase.IDLE, slept_in=None))


def fall_asleep(turn: Turn) -> Turn:
    """Nobody answered: keep everything, say that it is kept."""
    return ask(turn.with_state(phase=Phase.ASLEEP, slept_in=turn.state.phase))


def end_in_silence(turn: Turn) -> Turn:
    """Nobody came back."""
    turn = turn.with_state(phase=Phase.ENDED, outcome="silent", waiting_for=None)
    return turn.say(Ended(outcome="silent", choices=choices("restart")))


def cancelled(turn: Turn) -> Turn:
    """The person is gone: end without a word."""
    return turn.with_state(phase=Phase.ENDED, outcome="stopped", waiting_for=None)
