"""Which guide steps still make sense, in which order, and which does the evidence make pointless?"""

from __future__ import annotations

from collections.abc import Collection

from bot.diagnosis.experience import Moved, Tally, reorder
from bot.diagnosis.facts import Facts
from bot.diagnosis.identification import Value
from bot.diagnosis.verdict import Verdict
from bot.kb.model import Audience, Cause, Detail, Guide, GuideStep, KnowledgeBase, KnownError, Question

DEFAULT_GUIDE: dict[Audience, str] = {"visitor": "visitor", "owner": "owner-generic"}
SPECIFIC_FROM_TEXT = ("generic", "app", "http-client")
"""Sources that say little about the machine: then the page that the bot itself saw chooses the owner's guide."""

PROGRAMS = ("client", "app")
"""Layers whose readers are not using a browser."""
NO_FACTS: Facts = {}


class Profile(Value):
    """What is known about the reader's device; "other" means "something else"."""

    browser: str | None = None
    system: str | None = None


class Skipped(Value):
    """A step that is not offered, and why: a cause (by id) that has a `because`, an answer, or else the device."""

    step: str
    cause: str | None = None
    question: Question | None = None


class Plan(Value):
    """The steps of a guide that still make sense, in order."""

    guide: str
    steps: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    moved: tuple[Moved, ...] = ()
    """Steps that experience moved up, also those that were offered already."""


def choose_guide(kb: KnowledgeBase, verdict: Verdict, facts: Facts, audience: Audience) -> Guide:
    """Return the guide that fits: the cause's own, else the text's, else that of the page which the bot saw.

    Whoever met the error with a program or in an app gets the counterpart of a guide about browsers.
    """
    text, seen = _read_and_seen(kb, facts)
    named = kb.causes[verdict.cause].guide.get(audience)
    if named is None:
        vague = text is None or text.source in SPECIFIC_FROM_TEXT
        entry = seen if vague and seen is not None else text
        if entry is not None:
            named = getattr(entry.guide, audience)
    guide = kb.guides.get(named or "", kb.guides[DEFAULT_GUIDE[audience]])
    stand_in = {"client": guide.programs, "app": guide.apps}.get(text.layer) if text is not None else None
    return kb.guides[stand_in] if stand_in else guide


def _read_and_seen(kb: KnowledgeBase, facts: Facts) -> tuple[KnownError | None, KnownError | None]:
    """Return the error of the pasted text, and that of the page that the bot itself got."""
    return kb.errors.get(str(facts.get("text.error"))), kb.errors.get(str(facts.get("http.error")))


def plan(  # noqa: PLR0913 - all that a plan rests on
    kb: KnowledgeBase,
    verdict: Verdict,
    guide: Guide,
    profile: Profile,
    done: Collection[str],
    *,
    facts: Facts = NO_FACTS,
    tallies: Collection[Tally] = (),
    clues: Collection[str] = (),
) -> Plan:
    """Order the steps of the guide by evidence: that of this conversation, then the counts of earlier ones.

    `done` holds ids of steps that were offered or tried already; they do not come again, but keep their place in the
    order, so that it does not change while somebody follows it. First come the cures that a trial has shown to be
    needed (`clues`: steps that worked in their place only), then the steps that the cause names, then those that the
    pasted text or the page that the bot saw names.
    """
    cause = kb.causes[verdict.cause]
    cures = [name for step in guide.steps if step.id in clues and step.clue is not None for name in step.clue.cures]
    steps = [step for step in guide.steps if not step.cure or step.id in cures]
    # An owner's steps are all about the side that the cause blames; what the person's own trial calls for has a point.
    pointless = cause.pointless if guide.audience == "visitor" else ()
    left_out = (_left_out(cause, () if step.id in cures else pointless, step, profile, facts) for step in steps)
    skipped = [left for left in left_out if left is not None]
    gone = {left.step for left in skipped}
    kept = [step for step in steps if step.id not in gone]
    by_text = (name for entry in _read_and_seen(kb, facts) if entry is not None for name in entry.first)
    named = [*cures, *cause.first, *by_text]
    first = [step.id for name in named for step in kept if names_step((name,), step)]
    ordered = list(dict.fromkeys([*first, *(step.id for step in kept)]))
    order, moved = reorder(guide, _after(ordered, guide), first, tallies)
    return Plan(
        guide=guide.id,
        steps=tuple(step for step in order if step not in done),
        skipped=tuple(step for step in skipped if step.step not in done),
        moved=moved,
    )


def _left_out(
    cause: Cause, pointless: Collection[str], step: GuideStep, profile: Profile, facts: Facts
) -> Skipped | None:
    """Say why a step is not offered, if it is not."""
    if not exists_on(step, profile):
        return Skipped(step=step.id)
    if names_step(pointless, step):
        return Skipped(step=step.id, cause=cause.id)
    told = (question for question, answers in step.told_by.items() if facts.get(f"answer.{question}") in answers)
    question = next(told, None)
    return Skipped(step=step.id, question=question) if question is not None else None


def names_step(names: Collection[str], step: GuideStep) -> bool:
    """Tell whether one of the names is this step's id or its kind (`kind:browser`)."""
    return step.id in names or f"kind:{step.kind}" in names


def clears_provider(cause: Cause, guide: Guide, left: Plan) -> bool:
    """Tell whether the evidence rules the internet provider out, so that it needs no report."""
    skipped = {each.step for each in left.skipped}
    asks_it = (step.id for step in guide.steps if step.kind == "provider")
    return "kind:provider" in cause.pointless or any(step in skipped for step in asks_it)


def exists_on(step: GuideStep, profile: Profile) -> bool:
    """Tell whether the step exists on this device; an unknown device excludes nothing."""
    on_system = not step.systems or profile.system in (None, "other") or profile.system in step.systems
    in_browser = not step.browsers or profile.browser in (None, "other") or profile.browser in step.browsers
    return on_system and in_browser


def details(step: GuideStep, profile: Profile) -> tuple[Detail, ...]:
    """Return the details that fit this device, the most specific first; at most two, so that a phone can show them."""
    fitting = [
        detail
        for detail in step.details
        if (not detail.browser or profile.browser in detail.browser)
        and (not detail.system or profile.system in detail.system)
    ]
    fitting.sort(key=lambda detail: -(bool(detail.browser) + bool(detail.system)))
    return tuple(fitting[:2])


def _after(ordered: list[str], guide: Guide) -> tuple[str, ...]:
    """Move each step behind those that it must follow (the linter has refused circles)."""
    wanted = {step.id: step.after for step in guide.steps}
    placed: list[str] = []

    def place(step: str) -> None:
        for before in wanted[step]:
            if before in ordered and before not in placed:
                place(before)
        if step not in placed:
            placed.append(step)

    for step in ordered:
        place(step)
    return tuple(placed)
