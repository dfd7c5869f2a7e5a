"""How does a conversation look at the site, and what does it make of what was seen?

The table hands `Checked` events to `checked` and `rechecked` alone, `Joined` ones to `joined`, and `step` has dropped
stale ones.
"""

from __future__ import annotations

from typing import cast

from bot.conversation.events import Checked, Joined
from bot.conversation.guiding import mark_step, next_prompt
from bot.conversation.prompts import choices, judged, prompt
from bot.conversation.replies import AddressRefused, Changed, Checking, Same
from bot.conversation.state import Phase
from bot.conversation.turn import Turn
from bot.diagnosis.findings import Report


def start_checks(turn: Turn) -> Turn:
    """Look at the site for the first time."""
    return _checking(turn.run_checks(Phase.CHECKING, fresh=False))


def recheck(turn: Turn) -> Turn:
    """Look again because the person asked for it."""
    if turn.state.url is None:
        turn = turn.move(Phase.ASK_ADDRESS)
        return turn.say(prompt(turn.kb, turn.state, turn.facts()))
    return _checking(turn.run_checks(Phase.CHECKING, fresh=True))


def still_broken(turn: Turn) -> Turn:
    """The step did not help: look again before offering the next one, if there is anything to look at."""
    turn = mark_step(turn, "failed").failing_still()
    if turn.state.url is None:
        turn, other = turn.judged()
        return next_prompt(_taught(turn) if other else turn)
    return _checking(turn.run_checks(Phase.RECHECKING, fresh=True))


def _taught(turn: Turn) -> Turn:
    """Say how a failed step has changed the verdict; the resulting plan is given with its next step."""
    return turn.say(judged(turn.kb, turn.state, turn.facts(), last=False)).with_state(guide=None)


def _looked(turn: Turn) -> tuple[Turn, bool]:
    """Judge what was seen now; what failed while the site worked says nothing more once it is down again."""
    event = cast("Checked", turn.event)
    turn, other = turn.with_state(report=event.report, others=event.others).judged()
    return (turn if turn.was_up() else turn.with_state(failed_again=False)), other


def _checking(turn: Turn) -> Turn:
    return turn.say(Checking(host=turn.state.host or "", choices=choices("stop")))


def verdict_without_look(turn: Turn) -> Turn:
    """Judge from the text and the answers alone."""
    turn, _ = turn.with_state(report=None, others=None).judged()
    turn = turn.move(Phase.VERDICT)
    return turn.say(judged(turn.kb, turn.state, turn.facts()))


def checked(turn: Turn) -> Turn:
    """The first look (or a requested one) is done."""
    event = cast("Checked", turn.event)
    turn = turn.with_state(waiting_for=None)
    if event.report.refusal is not None:
        return _refused(turn, event.report)
    turn = _looked(turn)[0].move(Phase.VERDICT)
    return turn.say(judged(turn.kb, turn.state, turn.facts()))


def rechecked(turn: Turn) -> Turn:
    """The look after a step is done: go on with the next step, or say that the world changed."""
    event = cast("Checked", turn.event)
    turn = turn.with_state(waiting_for=None)
    if event.report.refusal is not None:
        return _refused(turn, event.report)
    turn, other = turn.judged()
    turn, changed = _looked(turn)
    if changed:
        turn = turn.move(Phase.VERDICT).say(Changed(host=event.report.host))
        return turn.say(judged(turn.kb, turn.state, turn.facts()))
    turn = turn.say(Same(host=event.report.host))
    return next_prompt(_taught(turn) if other else turn)


def joined(turn: Turn) -> Turn:
    """Others met an error of the same site: the verdict is given again, with them as further evidence."""
    turn, _ = turn.with_state(others=cast("Joined", turn.event).others).judged()
    return turn.say(judged(turn.kb, turn.state, turn.facts()))


def no_result(turn: Turn) -> Turn:
    """The checks did not come back in time: judge without them rather than wait forever."""
    turn, _ = turn.with_state(waiting_for=None).judged()
    turn = turn.move(Phase.VERDICT)
    return turn.say(judged(turn.kb, turn.state, turn.facts()))


def _refused(turn: Turn, report: Report) -> Turn:
    """The guard does not let the bot look there: say so, and let the person give another address."""
    turn = turn.say(AddressRefused(host=report.host, reason=report.refusal or ""))
    turn = turn.with_state(url=None, host=None, others=None).move(Phase.ASK_ADDRESS)
    return turn.say(prompt(turn.kb, turn.state, turn.facts()))
