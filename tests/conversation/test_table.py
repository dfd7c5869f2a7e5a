"""Is the table complete: every phase has a row, every row a way out, every choice on offer an entry?"""

from __future__ import annotations

import pytest

from bot.conversation.prompts import prompt
from bot.conversation.state import Phase, State
from bot.conversation.table import TABLE
from bot.kb.model import KnowledgeBase


def test_every_phase_has_a_row() -> None:
    """Nothing can happen in a phase that the table does not know."""
    assert set(TABLE) == set(Phase)


@pytest.mark.parametrize("phase", list(Phase), ids=lambda phase: phase.value)
def test_every_phase_can_be_left(phase: Phase) -> None:
    """From each phase something leads to another one, and somebody who is gone ends it."""
    assert any(transition.to - {phase} for transition in TABLE[phase].values())
    assert TABLE[phase]["cancelled"].to == {Phase.ENDED}


@pytest.mark.parametrize("phase", list(Phase), ids=lambda phase: phase.value)
def test_every_choice_on_offer_is_in_the_row(kb: KnowledgeBase, phase: Phase) -> None:
    """What a prompt offers, its phase understands."""
    names = {"browser" if phase is Phase.ASK_BROWSER else "system", *TABLE[phase]}
    devices = phase in (Phase.ASK_BROWSER, Phase.ASK_SYSTEM)
    state = State(phase=phase, url="https://shop.example.com/", host="shop.example.com", guide="visitor", step="reload")
    for choice in prompt(kb, state, {}).choices:
        name = f"{choice.id.split(':')[0]}:*" if ":" in choice.id else choice.id
        assert name in names or devices, choice.id


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.IDLE], ids=lambda phase: phase.value)
def test_every_prompt_leaves_a_way_out(kb: KnowledgeBase, phase: Phase) -> None:
    """In each phase one of the choices on offer ends it, starts over, or leads back."""
    offered = {choice.id for choice in prompt(kb, State(phase=phase), {}).choices}
    assert offered & {"stop", "restart", "none-tried"}
