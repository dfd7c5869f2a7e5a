"""Does each phase ask its own question, the first time and again?"""

from __future__ import annotations

import pytest

from bot.conversation.prompts import present_plan, prompt, step_of
from bot.conversation.replies import AskQuestion, Judged, StepShown
from bot.conversation.state import Phase, State
from bot.kb.model import KnowledgeBase

KEYS = {
    Phase.IDLE: "restarted",
    Phase.CLARIFY: "not-recognised",
    Phase.PICK_ERROR: "unsure",
    Phase.CHECKING: "checking",
    Phase.RECHECKING: "checking",
    Phase.EXIT: "exhausted",
    Phase.ENDED: "ended",
}


@pytest.mark.parametrize("phase", list(Phase), ids=lambda phase: phase.value)
def test_each_phase_has_its_question(kb: KnowledgeBase, phase: Phase) -> None:
    """The prompt of a phase is the reply with its name, or the one that replaces it."""
    assert prompt(kb, State(phase=phase), {}).key == KEYS.get(phase, phase.value)


def test_verdict_up_offers_that_it_works_first(kb: KnowledgeBase) -> None:
    """When the site works from here, "it works" is the first thing to pick; else guidance is."""
    up = {"checked": True, "canary.outcome": "ok", "http.class": 2, "http.status": 200}
    down = {**up, "http.class": 5, "http.status": 502, "http.confirmed": True}
    first = [prompt(kb, State(phase=Phase.VERDICT), facts).choices[0].id for facts in (up, down)]
    assert first == ["works", "guide"]


def test_verdict_without_an_address_offers_no_recheck(kb: KnowledgeBase) -> None:
    """Only what can be looked at can be looked at again."""
    shown = prompt(kb, State(phase=Phase.VERDICT), {})
    assert isinstance(shown, Judged)
    assert "recheck" not in [choice.id for choice in shown.choices]


def test_verdict_points_to_the_status_page_of_a_service(kb: KnowledgeBase) -> None:
    """What a service says itself is worth a look while its site is in trouble, also if it was only named."""
    up = {"checked": True, "canary.outcome": "ok", "http.class": 2, "http.status": 200}
    down = {**up, "http.class": 5, "http.status": 502, "http.confirmed": True}
    at_github = State(phase=Phase.VERDICT, url="https://gist.github.com/x", host="gist.github.com")
    elsewhere = State(
        phase=Phase.VERDICT, url="https://example.org/", host="example.org", details={"service": "github"}
    )
    named = State(phase=Phase.VERDICT, details={"service": "discord"})
    shown = [
        prompt(kb, state, facts)
        for state, facts in ((at_github, down), (at_github, up), (elsewhere, down), (named, {}))
    ]
    assert [reply.service for reply in shown if isinstance(reply, Judged)] == ["github", None, None, "discord"]


def test_last_step_has_no_list_of_tried_ones(kb: KnowledgeBase) -> None:
    """When nothing is left behind a step, marking several as tried makes no sense."""
    steps = [step.id for step in kb.guides["visitor"].steps]
    state = State(phase=Phase.STEP, guide="visitor", step=steps[-1], outcomes=dict.fromkeys(steps, "offered"))
    shown = prompt(kb, state, {})
    assert isinstance(shown, StepShown)
    assert "tried" not in [choice.id for choice in shown.choices]


def test_question_without_a_name_is_still_a_question(kb: KnowledgeBase) -> None:
    """A state that lost its question asks the first one."""
    shown = prompt(kb, State(phase=Phase.ASK_QUESTION), {})
    assert isinstance(shown, AskQuestion)
    assert shown.question == "other-sites"


def test_step_of_another_guide_is_none(kb: KnowledgeBase) -> None:
    """A step that a guide does not have is not found."""
    guide, _ = present_plan(kb, State(), {})
    assert step_of(guide, "no-such-step") is None
