"""It works in a trial's own place (a private window, another network): is that a cure, or a clue to one?"""

from __future__ import annotations

from bot.conversation.guiding import ask, mark_step, next_prompt, works
from bot.conversation.prompts import judged, step_of
from bot.conversation.replies import NotUnderstood, OnlyThere
from bot.conversation.state import Phase
from bot.conversation.turn import Turn
from bot.kb.model import Clue


def works_at_step(turn: Turn) -> Turn:
    """The step went well: the end, unless it only tried another place. Then the usual way is asked about."""
    if _clue(turn) is None:
        return works(turn)
    return ask(turn.move(Phase.ASK_USUAL))


def only_there(turn: Turn) -> Turn:
    """The usual way still fails: take that as the answer that it is, and go on with what fixes the usual way."""
    clue = _clue(turn)
    if clue is None:
        return ask(turn.say(NotUnderstood()))
    # A cure that was skipped has a new reason to be done.
    outcomes = {
        step: outcome for step, outcome in turn.state.outcomes.items() if step not in clue.cures or outcome != "skipped"
    }
    answers = {**turn.state.answers, **{question.value: answer for question, answer in clue.tells.items()}}
    turn, other = mark_step(turn.with_state(outcomes=outcomes, answers=answers), "told").failing_still().judged()
    told = judged(turn.kb, turn.state, turn.facts(), last=False) if other else OnlyThere()
    return next_prompt(turn.say(told))


def _clue(turn: Turn) -> Clue | None:
    guide = turn.kb.guides.get(turn.state.guide or "")
    step = step_of(guide, turn.state.step) if guide is not None else None
    return step.clue if step is not None else None
