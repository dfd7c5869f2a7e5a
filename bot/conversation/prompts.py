"""How is the question of the present phase asked (again)? Used for the first time, for "back", and after a detour."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from bot.conversation.replies import (
    BROWSERS,
    SYSTEMS,
    AskAddress,
    AskBrowser,
    AskQuestion,
    AskRole,
    AskSystem,
    AskUsual,
    Asleep,
    Checking,
    Choice,
    Ended,
    Exhausted,
    Judged,
    NotRecognised,
    PickTried,
    Reply,
    Restarted,
    StepShown,
    Unsure,
)
from bot.conversation.state import Phase, State
from bot.diagnosis.experience import Moved
from bot.diagnosis.plan import PROGRAMS, Plan, choose_guide, clears_provider, plan
from bot.diagnosis.services import service_by_id, service_of
from bot.diagnosis.verdict import judge
from bot.kb.lists import Service
from bot.kb.model import Guide, GuideStep, KnowledgeBase, Question
from bot.kb.model import State as SiteState

ALWAYS = ("human", "stop")
"""Human help is always one choice away, and so is the end."""


def choices(*ids: str) -> tuple[Choice, ...]:
    """Return choices by id, with the locale's own labels."""
    return tuple(Choice(id=name) for name in ids)


def prompt(kb: KnowledgeBase, state: State, facts: dict[str, Any]) -> Reply:
    """Return the reply that asks what this phase waits for."""
    plain = _PLAIN.get(state.phase)
    if plain is not None:
        return plain
    return _BY_STATE[state.phase](kb, state, facts)


def _unsure(_kb: KnowledgeBase, state: State, _facts: dict[str, Any]) -> Unsure:
    named = tuple(Choice(id=f"error:{a.error}", text=f"errors.{a.error}.title") for a in state.alternatives)
    return Unsure(alternatives=state.alternatives, choices=(*named, *choices("none-of-these", *ALWAYS)))


def judged(kb: KnowledgeBase, state: State, facts: dict[str, Any], *, last: bool = True) -> Judged:
    """Return the verdict; without choices when something else follows at once (`last` is false)."""
    verdict, report = state.verdict or judge(kb, facts), state.report
    offered = ("works", "guide") if verdict.state is SiteState.UP else ("guide", "works")
    looked = choices("recheck") if state.url else site_named(kb, state)
    service = _service(kb, state)
    return Judged(
        verdict=verdict,
        facts=facts,
        seen_at=report.checked_at if report and report.refusal is None else None,
        age_s=report.age_s if report else 0.0,
        vantages=tuple(place.name for place in report.places) if report else (),
        audience=state.role,
        others=state.others,
        service=service.id if service and verdict.state is not SiteState.UP else None,
        choices=(*choices(*offered), *looked, *choices("why", *ALWAYS)) if last else (),
    )


def site_named(kb: KnowledgeBase, state: State) -> tuple[Choice, ...]:
    """Offer the site of the service that the person named without giving an address."""
    named, site = service_by_id(kb, state.details.get("service")), state.details.get("site")
    if named is None or site not in named.domains:
        return ()
    return (Choice(id=f"site:{named.id}", text=f"services.{named.id}.{named.domains.index(site)}"),)


def _service(kb: KnowledgeBase, state: State) -> Service | None:
    """Return the service that the address belongs to; without one, the service that was named."""
    return service_of(kb, state.host) if state.host else service_by_id(kb, state.details.get("service"))


def _ask_role(kb: KnowledgeBase, state: State, _facts: dict[str, Any]) -> AskRole:
    about = _about(kb, state)
    roles = ("visitor", "owner")
    named = (
        choices(*roles) if about == "site" else [Choice(id=role, text=f"words.role.{about}.{role}") for role in roles]
    )
    return AskRole(about=about, choices=(*named, *choices(*ALWAYS)))


def _about(kb: KnowledgeBase, state: State) -> Literal["site", "program", "app", "updates"]:
    entry = kb.errors[state.known.error] if state.known is not None else None
    if entry is not None and entry.source == "windows-update":
        return "updates"
    if entry is None or entry.layer not in (*PROGRAMS, "os"):
        return "site"
    return "program" if entry.layer == "client" else "app"


def _ask_address(kb: KnowledgeBase, state: State, _facts: dict[str, Any]) -> AskAddress:
    return AskAddress(choices=(*site_named(kb, state), *choices("no-address", "back", *ALWAYS)))


def present_plan(kb: KnowledgeBase, state: State, facts: dict[str, Any]) -> tuple[Guide, Plan]:
    """Return the guide that fits the present verdict, and what is left of it."""
    verdict = state.verdict or judge(kb, facts)
    guide = choose_guide(kb, verdict, facts, state.role or "visitor")
    done = state.outcomes
    clues = tuple(step for step, outcome in done.items() if outcome == "told")
    made = plan(kb, verdict, guide, state.profile, done, facts=facts, tallies=state.experience, clues=clues)
    return guide, made


def moved_up(kb: KnowledgeBase, state: State, facts: dict[str, Any], step: str | None) -> Moved | None:
    """Return what moved a step of the present guide up, if anything did."""
    guide, whole = present_plan(kb, state, facts)
    moved = whole.moved if guide.id == state.guide else ()
    return next((one for one in moved if one.step == step), None)


def step_of(guide: Guide, name: str | None) -> GuideStep | None:
    """Return the guide's step of that name, if it has one."""
    return next((step for step in guide.steps if step.id == name), None)


def step_shown(kb: KnowledgeBase, state: State, facts: dict[str, Any]) -> StepShown:
    """Return the present step with its choices."""
    _, left = present_plan(kb, state, facts)
    tried = ("tried",) if len(left.steps) > 1 else ()
    return StepShown(
        guide=state.guide or "",
        step=state.step or "",
        number=state.number,
        of=state.number + len(left.steps),
        profile=state.profile,
        host=state.host,
        choices=choices("works", "still-broken", "skip", "back", *tried, "why", *ALWAYS),
    )


def _pick_tried(kb: KnowledgeBase, state: State, facts: dict[str, Any]) -> PickTried:
    guide, left = present_plan(kb, state, facts)
    names = [state.step, *left.steps] if state.step else list(left.steps)
    steps = tuple(Choice(id=f"step:{name}", text=f"guides.{guide.id}.{name}.title") for name in names if name)
    return PickTried(choices=(*steps, *choices("none-tried")))


def _exhausted(kb: KnowledgeBase, state: State, facts: dict[str, Any]) -> Exhausted:
    guide, left = present_plan(kb, state, facts)
    looked = ("recheck",) if state.url else ()
    cause = kb.causes[(state.verdict or judge(kb, facts)).cause]
    offers = [each for each in guide.exit.offers if each != "report-isp" or not clears_provider(cause, guide, left)]
    return Exhausted(
        guide=guide.id,
        host=state.host,
        early=bool(left.steps) or state.step is not None,
        choices=choices("works", *dict.fromkeys((*offers, "human")), *looked, "back", "restart", "stop"),
    )


def _checking(_kb: KnowledgeBase, state: State, _facts: dict[str, Any]) -> Checking:
    return Checking(host=state.host or "", choices=choices("stop"))


def _question(_kb: KnowledgeBase, state: State, _facts: dict[str, Any]) -> AskQuestion:
    offered = choices("yes", "no", "dont-know", "back", "why", *ALWAYS)
    return AskQuestion(question=state.question or Question.OTHER_SITES.value, choices=offered)


_PLAIN: dict[Phase, Reply] = {
    Phase.IDLE: Restarted(),
    Phase.CLARIFY: NotRecognised(choices=choices(*ALWAYS)),
    Phase.ASK_BROWSER: AskBrowser(choices=choices(*BROWSERS, "other", "back", *ALWAYS)),
    Phase.ASK_USUAL: AskUsual(choices=choices("yes", "only-there", "back", "why", *ALWAYS)),
    Phase.ASK_SYSTEM: AskSystem(choices=choices(*SYSTEMS, "other", "back", *ALWAYS)),
    Phase.ASLEEP: Asleep(choices=choices("resume", "restart", "stop")),
    Phase.ENDED: Ended(outcome="stopped", choices=choices("restart")),
}

_BY_STATE: dict[Phase, Callable[[KnowledgeBase, State, dict[str, Any]], Reply]] = {
    Phase.PICK_ERROR: _unsure,
    Phase.ASK_ROLE: _ask_role,
    Phase.ASK_ADDRESS: _ask_address,
    Phase.CHECKING: _checking,
    Phase.RECHECKING: _checking,
    Phase.VERDICT: judged,
    Phase.ASK_QUESTION: _question,
    Phase.STEP: step_shown,
    Phase.PICK_TRIED: _pick_tried,
    Phase.EXIT: _exhausted,
}
