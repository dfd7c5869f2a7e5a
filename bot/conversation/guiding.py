"""How is a person taken through the steps that still make sense, to a real end?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from bot.conversation.events import Chose
from bot.conversation.prompts import choices, judged, present_plan, prompt, step_of
from bot.conversation.replies import Ended, PlanShown, ReportReady, Tried
from bot.conversation.state import Phase, State
from bot.conversation.turn import Turn
from bot.diagnosis.plan import PROGRAMS, Plan
from bot.diagnosis.questions import decides
from bot.diagnosis.scheme import is_open, with_scheme
from bot.kb.model import Guide, GuideStep, Question

MAX_QUESTIONS = 3
DEVICE_KINDS = frozenset({"browser", "device", "network", "dns"})
"""Steps of other kinds (reload, tell the site, wait) are done the same way everywhere, near enough."""


def ask(turn: Turn) -> Turn:
    """Say the question of the phase that the turn has come to."""
    return turn.say(prompt(turn.kb, turn.state, turn.facts()))


def begin_guide(turn: Turn) -> Turn:
    """The person wants to be guided."""
    return next_prompt(turn.with_state(guiding=True))


def next_prompt(turn: Turn) -> Turn:
    """Go to what should be asked next: the role, a telling question, the device, a step, or the exit."""
    state = turn.state
    if state.role is None:
        return ask(turn.move(Phase.ASK_ROLE))
    question = _next_question(turn)
    if question is not None:
        return ask(turn.move(Phase.ASK_QUESTION, question=question))
    guide, left = present_plan(turn.kb, state, turn.facts())
    if not left.steps:
        return ask(turn.move(Phase.EXIT, guide=guide.id, step=None))
    step = step_of(guide, left.steps[0])
    missing = _missing_of_device(turn, guide, step)
    if missing is not None:
        return ask(turn.move(missing))
    turn = _announce(turn, guide, left)
    return _offer(turn, guide, left.steps[0])


def _next_question(turn: Turn) -> str | None:
    state = turn.state
    if state.role != "visitor" or state.verdict is None or len(state.answers) >= MAX_QUESTIONS:
        return None
    wanted = turn.kb.causes[state.verdict.cause].ask
    sensible = (question for question in wanted if question is not Question.PRIVATE_WINDOW or not _by_program(turn))
    left = [question for question in sensible if question.value not in state.answers]
    return next((question.value for at, question in enumerate(left) if _matters(turn, question, left[at + 1 :])), None)


def _matters(turn: Turn, question: Question, later: Sequence[Question]) -> bool:
    """Does a remaining step, or the verdict, depend on the answer? (Rules that need it may be about other texts.)"""
    facts = turn.facts()
    guide, left = present_plan(turn.kb, turn.state, facts)
    told = any(question in step.told_by for step in guide.steps if step.id in left.steps)
    return told or decides(turn.kb, facts, question, later)


def _by_program(turn: Turn) -> bool:
    known = turn.state.known
    return known is not None and turn.kb.errors[known.error].layer in PROGRAMS


def _missing_of_device(turn: Turn, guide: Guide, step: GuideStep | None) -> Phase | None:
    """Ask for browser and system only when the next step is done differently by them."""
    profile = turn.state.profile
    if step is None or step.kind not in DEVICE_KINDS:
        return None
    by_system = step.systems or any(detail.system for detail in step.details)
    by_browser = step.browsers or any(detail.browser for detail in step.details)
    if "browser" in guide.asks and by_browser and profile.browser is None:
        return Phase.ASK_BROWSER
    if "system" in guide.asks and by_system and profile.system is None:
        return Phase.ASK_SYSTEM
    return None


def _announce(turn: Turn, guide: Guide, left: Plan) -> Turn:
    """Say once which guide this is and what is left out."""
    if turn.state.guide == guide.id and turn.state.number:
        return turn
    known = turn.state.known if turn.state.role == "owner" else None
    error = known.error if known else None
    moved = tuple(step for step in left.moved if step.step in left.steps)
    shown = PlanShown(
        guide=guide.id, steps=len(left.steps), skipped=left.skipped, facts=turn.facts(), error=error, moved=moved
    )
    return turn.with_state(guide=guide.id, number=0).say(shown)


def _offer(turn: Turn, guide: Guide, name: str) -> Turn:
    outcomes = {**turn.state.outcomes, name: "offered"}
    number = turn.state.number + 1
    return ask(turn.move(Phase.STEP, guide=guide.id, step=name, number=number, outcomes=outcomes))


def answered(turn: Turn) -> Turn:
    """One of the questions was answered: judge anew, and say so if that changes the verdict."""
    answer = {"yes": "works", "no": "fails"}.get(turn.choice, "unknown")
    answers = {**turn.state.answers, turn.state.question or "": answer}
    turn, other = turn.with_state(answers=answers).judged()
    if other:
        turn = turn.say(judged(turn.kb, turn.state, turn.facts(), last=False))
    return next_prompt(turn)


def browser_given(turn: Turn) -> Turn:
    """The person says which browser they use."""
    return next_prompt(turn.with_state(profile=turn.state.profile.model_copy(update={"browser": turn.choice})))


def system_given(turn: Turn) -> Turn:
    """The person says which system they use."""
    return next_prompt(turn.with_state(profile=turn.state.profile.model_copy(update={"system": turn.choice})))


def mark_step(turn: Turn, outcome: str) -> Turn:
    """Note how the present step went."""
    if turn.state.step is None:
        return turn
    return turn.with_state(outcomes={**turn.state.outcomes, turn.state.step: outcome})


def skip(turn: Turn) -> Turn:
    """The person does not want this step."""
    return next_prompt(mark_step(turn, "skipped"))


def ask_tried(turn: Turn) -> Turn:
    """Let the person mark all that was tried before."""
    return ask(turn.move(Phase.PICK_TRIED))


def tried(turn: Turn) -> Turn:
    """The marked steps were tried before; go on with what is left."""
    event = cast("Chose", turn.event)
    guide, _ = present_plan(turn.kb, turn.state, turn.facts())
    wanted = {value.removeprefix("step:") for value in (event.choice, *event.values)}
    names = [step.id for step in guide.steps if step.id in wanted]
    outcomes = {**turn.state.outcomes, **dict.fromkeys(names, "before")}
    turn = turn.with_state(outcomes=outcomes)
    if turn.state.step is not None and turn.state.step not in names:
        return ask(turn.move(Phase.STEP))
    return next_prompt(turn)


def works(turn: Turn) -> Turn:
    """It works: the end, and the step that did it is remembered."""
    at_step = turn.state.phase in (Phase.STEP, Phase.ASK_USUAL, Phase.RECHECKING)
    solved_by = turn.state.step if at_step else None
    if solved_by is not None:
        turn = mark_step(turn, "solved")
    turn = turn.move(Phase.ENDED, outcome="solved", solved_by=solved_by, waiting_for=None)
    ended = Ended(outcome="solved", guide=turn.state.guide, step=solved_by, choices=choices("restart"))
    return turn.say(ended)


def later(turn: Turn) -> Turn:
    """The person comes back later."""
    turn = turn.move(Phase.ENDED, outcome="later", waiting_for=None)
    return turn.say(Ended(outcome="later", choices=choices("restart")))


def report(turn: Turn) -> Turn:
    """Hand over a report, and stay at the exit."""
    state, facts = turn.state, turn.facts()
    to = {"report-owner": "owner", "report-isp": "isp"}.get(turn.choice, "human")
    guide, _ = present_plan(turn.kb, state, facts)
    shown = ReportReady.model_validate(
        {
            "to": to,
            "url": _address_of(state),
            "error": state.known.error if state.known else None,
            "verdict": state.verdict,
            "facts": facts,
            "ids": {**state.details, **_ids_of_answer(turn)},
            "answers": state.answers,
            "guide": guide.id,
            "tried": [Tried(step=step, outcome=outcome) for step, outcome in state.outcomes.items()],
            "profile": state.profile,
            "seen_at": state.report.checked_at if state.report else None,
            "written_at": turn.event.at,
        }
    )
    return ask(turn.say(shown).move(Phase.EXIT))


def _address_of(state: State) -> str | None:
    """Return the address for people: where its scheme was open, with the one that the last look found."""
    if state.url is None or not is_open(state.url):
        return state.url
    return state.report.url if state.report is not None else with_scheme(state.url)


def _ids_of_answer(turn: Turn) -> dict[str, str]:
    http = turn.state.report.local.finding("http") if turn.state.report else None
    ids = http.facts.get("ids") if http is not None else None
    return {str(name): str(value) for name, value in ids.items()} if isinstance(ids, dict) else {}
