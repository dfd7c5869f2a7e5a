"""Does a turn keep what was, and add what is new?"""

from __future__ import annotations

import pytest

from bot.conversation.effects import RunChecks, Wake
from bot.conversation.events import Chose, Pasted
from bot.conversation.replies import Help, Restarted
from bot.conversation.state import Phase, State
from bot.conversation.turn import TRAIL_LENGTH, Turn
from bot.kb.model import KnowledgeBase
from playbook import seen


def turn(kb: KnowledgeBase, **state: object) -> Turn:
    return Turn(kb=kb, event=Pasted(id="e1", text=""), state=State.model_validate(state))


def test_replies_keep_their_order(kb: KnowledgeBase) -> None:
    """What is said later comes later."""
    assert [reply.key for reply in turn(kb).say(Help()).say(Restarted()).replies] == ["help", "restarted"]


def test_choice_is_the_one_that_was_picked(kb: KnowledgeBase) -> None:
    """A handler of choices gets what the person picked; after any other event there is none, not even a likely one."""
    assert Turn(kb=kb, event=Chose(id="e1", choice="owner"), state=State()).choice == "owner"
    with pytest.raises(AttributeError):
        _ = turn(kb).choice


def test_move_leaves_a_mark_at_questions_only(kb: KnowledgeBase) -> None:
    """Back leads to questions; a phase that asks nothing leaves no mark, and no mark is left twice."""
    asked = turn(kb, phase="ask-role").move(Phase.ASK_ADDRESS)
    assert [mark.phase for mark in asked.state.trail] == [Phase.ASK_ROLE]
    looked = asked.move(Phase.CHECKING).move(Phase.VERDICT)
    assert [mark.phase for mark in looked.state.trail] == [Phase.ASK_ROLE, Phase.ASK_ADDRESS]
    again = turn(kb, phase="ask-role", trail=[{"phase": "ask-role"}]).move(Phase.ASK_ADDRESS)
    assert len(again.state.trail) == 1


def test_trail_does_not_grow_for_ever(kb: KnowledgeBase) -> None:
    """Only the newest marks are kept."""
    moving = turn(kb, phase="ask-role")
    for number in range(TRAIL_LENGTH * 2):
        moving = moving.move(Phase.STEP, step=f"step-{number}")
    assert len(moving.state.trail) == TRAIL_LENGTH


def test_effects_name_their_event(kb: KnowledgeBase) -> None:
    """Each effect's id comes from the event, and the state waits for exactly that look and that wake-up."""
    done = turn(kb, url="https://shop.example.com/").run_checks(Phase.CHECKING, fresh=True).wake_after(5)
    look, wake = done.effects
    assert isinstance(look, RunChecks)
    assert isinstance(wake, Wake)
    assert (done.state.waiting_for, done.state.wake) == (look.id, wake.id) == ("e1:checks", "e1:wake")


def test_judging_tells_whether_the_cause_changed(kb: KnowledgeBase) -> None:
    """The first verdict is news, the same one again is not."""
    first, news = turn(kb).judged()
    _, again = first.judged()
    assert (news, again) == (True, False)


def test_asking_elsewhere_is_no_change_of_the_world(kb: KnowledgeBase) -> None:
    """Whether other places were asked this time makes a verdict surer, not another one; that some get in is news."""
    alone, all_bad = seen(502), seen(502, elsewhere=(502, 502))
    first, _ = turn(kb).with_state(report=alone).judged()
    surer, changed = first.with_state(report=all_bad).judged()
    assert surer.state.verdict is not None
    assert (surer.state.verdict.cause, changed) == ("gateway-without-answer-everywhere", False)
    plainer, changed = surer.with_state(report=alone).judged()
    assert plainer.state.verdict is not None
    assert (plainer.state.verdict.cause, changed) == ("gateway-without-answer", False)
    assert plainer.with_state(report=seen(502, elsewhere=(502, 200))).judged()[1]
    assert plainer.with_state(report=seen(504)).judged()[1]
