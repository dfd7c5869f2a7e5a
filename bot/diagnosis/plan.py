"""Which guide steps still make sense, in which order, and which does the evidence make pointless?"""

from __future__ import annotations

from collections.abc import Collection

from bot.diagnosis.experience import Moved, Tally, reorder
from bot.diagnosis.facts import Facts
from bot.diagnosis.identification import Value
from bot.diagnosis.verdict import Verdict
from bot.kb.model import Audience, Detail, Guide, GuideStep, KnowledgeBase

DEFAULT_GUIDE: dict[Audience, str] = {"visitor": "visitor", "owner": "owner-generic"}
SPECIFIC_FROM_TEXT = ("generic", "app", "http-client")
"""Sources that say little of the machine: then the page that the bot itself saw chooses the owner's guide."""


class Profile(Value):
    """What is known of the reader's device; "other" stands for "something else"."""

    browser: str | None = None
    system: str | None = None


class Skipped(Value):
    """A step that is not offered, and the cause (by id) whose `because` says why; None: not on this device."""

    step: str
    cause: str | None


class Plan(Value):
    """The steps of a guide that still make sense, in order."""

    guide: str
    steps: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    moved: tuple[Moved, ...] = ()
    """Steps that experience moved up, also those that were offered already."""


def choose_guide(kb: KnowledgeBase, verdict: Verdict, facts: Facts, audience: Audience) -> Guide:
    """Return the guide that fits: the cause's own, else the text's, else that of the page which the bot saw."""
    named = kb.causes[verdict.cause].guide.get(audience)
    if named is None:
        text, seen = kb.errors.get(str(facts.get("text.error"))), kb.errors.get(str(facts.get("http.error")))
        vague = text is None or text.source in SPECIFIC_FROM_TEXT
        entry = seen if vague and seen is not None else text
        if entry is not None:
            named = getattr(entry.guide, audience)
    return kb.guides.get(named or "", kb.guides[DEFAULT_GUIDE[audience]])


def plan(  # noqa: PLR0913 - all that a plan rests on
    kb: KnowledgeBase,
    verdict: Verdict,
    guide: Guide,
    profile: Profile,
    done: Collection[str],
    *,
    tallies: Collection[Tally] = (),
) -> Plan:
    """Order the steps of the guide by evidence: that of this conversation, then the counts of earlier ones.

    `done` holds ids of steps that were offered or tried already; they do not come again, but keep their place in the
    order, so that it does not change under somebody's hands. A cause's `pointless` speaks of the visitor's side; an
    owner's steps are all about the side that the cause blames.
    """
    cause = kb.causes[verdict.cause]
    kept: list[GuideStep] = []
    skipped: list[Skipped] = []
    for step in guide.steps:
        if not exists_on(step, profile):
            skipped.append(Skipped(step=step.id, cause=None))
        elif guide.audience == "visitor" and names_step(cause.pointless, step):
            skipped.append(Skipped(step=step.id, cause=cause.id))
        else:
            kept.append(step)
    first = [step.id for name in cause.first for step in kept if names_step((name,), step)]
    ordered = list(dict.fromkeys([*first, *(step.id for step in kept)]))
    steps, moved = reorder(guide, _after(ordered, guide), first, tallies)
    return Plan(
        guide=guide.id,
        steps=tuple(step for step in steps if step not in done),
        skipped=tuple(step for step in skipped if step.step not in done),
        moved=moved,
    )


def names_step(names: Collection[str], step: GuideStep) -> bool:
    """Tell whether one of the names is this step's id or its kind (`kind:browser`)."""
    return step.id in names or f"kind:{step.kind}" in names


def exists_on(step: GuideStep, profile: Profile) -> bool:
    """Tell whether the step exists on this device; what is not known never excludes."""
    on_system = not step.systems or profile.system in (None, "other") or profile.system in step.systems
    in_browser = not step.browsers or profile.browser in (None, "other") or profile.browser in step.browsers
    return on_system and in_browser


def details(step: GuideStep, profile: Profile) -> tuple[Detail, ...]:
    """Return the details that fit this device, the most exact first; at most two, so that a phone can show them."""
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
