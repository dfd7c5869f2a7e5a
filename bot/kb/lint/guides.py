"""Is every guide usable: does something lead to it, and can each of its steps and details be reached?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import get_args

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import Browser, Cause, Detail, Guide, GuideStep, KnowledgeBase, System

BROWSERS: tuple[Browser, ...] = get_args(Browser)
SYSTEMS: tuple[System, ...] = get_args(System)
ONLY_ON: dict[Browser, tuple[System, ...]] = {"safari": ("macos", "ios")}
"""Browsers that do not exist everywhere."""
SHOWN_DETAILS = 2
"""How many details of one step are shown to one reader."""


def check(kb: KnowledgeBase, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each guide, step or detail that nobody will ever see or that cannot be followed."""
    for guide in kb.guides.values():
        yield from _led_to(kb, guide, vocabulary)
        yield from _circles(guide)
        for step in guide.steps:
            yield from _step(guide, step)


def _led_to(kb: KnowledgeBase, guide: Guide, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Find out whether anything leads to the guide, and whether everything that does makes a step pointless."""
    file, audience = f"guides/{guide.id}.toml", guide.audience
    general = (
        guide.id in vocabulary.guides
        or any(getattr(error.guide, audience) == guide.id for error in kb.errors.values())
        or any(guide.id in (other.programs, other.apps) for other in kb.guides.values())
    )
    causes = [
        cause for cause in kb.causes.values() if cause.guide.get(audience, guide.id if general else None) == guide.id
    ]
    if not general and not causes:
        yield Fault(file, "", "nothing leads to this guide", "Name it in an error's or a cause's `guide`, or remove it")
    elif audience == "visitor" and causes:  # an owner's steps are never pointless
        for step in guide.steps:
            if all(_makes_pointless(cause, step) for cause in causes):
                problem = f"never offered: every cause that leads here makes it pointless ({_names(causes)})"
                yield Fault(file, f"steps.{step.id}", problem, "Remove the step, or correct the causes' `pointless`")


def _makes_pointless(cause: Cause, step: GuideStep) -> bool:
    return step.id in cause.pointless or f"kind:{step.kind}" in cause.pointless


def _names(causes: Iterable[Cause]) -> str:
    names = sorted(cause.id for cause in causes)
    return ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")


def _circles(guide: Guide) -> Iterator[Fault]:
    """Find the steps that, by way of their `after`, would have to come after themselves."""
    after = {step.id: set(step.after) for step in guide.steps}
    for start, before in after.items():
        reached, waiting = set[str](), set(before)
        while waiting:
            step = waiting.pop()
            reached.add(step)
            waiting |= after.get(step, set()) - reached
        if start in reached:
            problem = "this step would have to come after itself"
            yield Fault(f"guides/{guide.id}.toml", f"steps.{start}.after", problem, "Break the circle")


def _step(guide: Guide, step: GuideStep) -> Iterator[Fault]:
    file, place = f"guides/{guide.id}.toml", f"steps.{step.id}"
    if not step.verify.endswith("?"):
        yield Fault(file, f"{place}.verify", "is not a question", 'Ask whether it helped: "Does the page open now?"')
    readers = list(_readers(step.browsers, step.systems))
    if not readers:
        problem = f"nobody can do this step: {_whom(step.browsers, step.systems)} does not exist"
        yield Fault(file, place, problem, "Correct `browsers` or `systems`")
    for name, limits in (("browser", step.browsers), ("system", step.systems)):
        differs = bool(limits) or any(getattr(detail, name) for detail in step.details)
        if differs and name not in guide.asks:
            problem = f"depends on the reader's {name}, which this guide does not ask for"
            yield Fault(file, place, problem, f'Add "{name}" to `asks`')
    for number, detail in enumerate(step.details, start=1):
        yield from _detail(file, f"{place}.details #{number}", step, detail)
    yield from _crowds(file, f"{place}.details", step, readers)


def _detail(file: str, place: str, step: GuideStep, detail: Detail) -> Iterator[Fault]:
    if not detail.browser and not detail.system:
        yield Fault(file, place, "is for everybody", "Put its text into the step's own `do`")
    strangers = [
        *(browser for browser in detail.browser if step.browsers and browser not in step.browsers),
        *(system for system in detail.system if step.systems and system not in step.systems),
    ]
    if strangers:
        problem = f"is for {', '.join(strangers)}, where this step does not exist"
        yield Fault(file, place, problem, "Remove them here, or add them to the step")
    elif not any(_readers(detail.browser, detail.system)):
        problem = f"nobody will see it: {_whom(detail.browser, detail.system)} does not exist"
        yield Fault(file, place, problem, "Correct `browser` or `system`")


def _crowds(file: str, place: str, step: GuideStep, readers: list[tuple[Browser, System]]) -> Iterator[Fault]:
    """Find readers for whom more details fit than are shown."""
    for browser, system in readers:
        fitting = [number for number, detail in enumerate(step.details, 1) if fits(detail, browser, system)]
        if len(fitting) > SHOWN_DETAILS:
            listed = ", ".join(f"#{number}" for number in fitting)
            problem = f"{listed} all fit {browser} on {system}; only {SHOWN_DETAILS} are shown"
            yield Fault(file, place, problem, "Narrow their `browser` or `system`, or join their texts")
            return


def fits(detail: Detail, browser: Browser, system: System) -> bool:
    """Tell whether a detail is for this reader."""
    return (not detail.browser or browser in detail.browser) and (not detail.system or system in detail.system)


def _readers(browsers: Iterable[Browser], systems: Iterable[System]) -> Iterator[tuple[Browser, System]]:
    for browser, system in product(tuple(browsers) or BROWSERS, tuple(systems) or SYSTEMS):
        if system in ONLY_ON.get(browser, SYSTEMS):
            yield browser, system


def _whom(browsers: Iterable[Browser], systems: Iterable[System]) -> str:
    return f"{' or '.join(browsers) or 'any browser'} on {' or '.join(systems) or 'any system'}"
