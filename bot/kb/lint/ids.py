"""Are the names sound, and does every name that is referred to exist?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import Audience, Cause, Guide, KnowledgeBase, KnownError, StepKind

LONGEST = 40
"""Discord allows 100 characters in a button's id; it holds a guide, a step and a choice."""
KINDS = frozenset(f"kind:{kind}" for kind in get_args(StepKind))


def check(kb: KnowledgeBase, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each unsound or unknown name."""
    for guide in kb.guides.values():
        yield from _guide_names(guide)
        for place, named in (("programs", guide.programs), ("apps", guide.apps)):
            if named is not None:
                yield from _reference(kb, f"guides/{guide.id}.toml", guide.audience, named, place=place)
    for folder, names in (("errors", kb.errors), ("causes", kb.causes)):
        for name in names:
            yield from _dotted(f"{folder}/{name}.toml", "id", name)
    for error in kb.errors.values():
        yield from _reference(kb, f"errors/{error.id}.toml", "visitor", error.guide.visitor)
        yield from _reference(kb, f"errors/{error.id}.toml", "owner", error.guide.owner)
        yield from _first_of_error(kb, error)
    steps = {step.id for guide in kb.guides.values() for step in guide.steps} | KINDS
    for cause in kb.causes.values():
        for audience, named in cause.guide.items():
            yield from _reference(kb, f"causes/{cause.id}.toml", audience, named)
        yield from _step_names(cause, steps)
    for default in sorted(vocabulary.guides - kb.guides.keys()):
        yield Fault(f"guides/{default}.toml", "", "is missing: the program falls back to this guide", "Write it")


def _guide_names(guide: Guide) -> Iterator[Fault]:
    file = f"guides/{guide.id}.toml"
    yield from _short(file, "id", guide.id)
    yield from _dotted(file, "id", guide.id)
    known: set[str] = set()
    for step in guide.steps:
        place = f"steps.{step.id}"
        yield from _short(file, place, step.id)
        yield from _dotted(file, place, step.id)
        if step.id in known:
            yield Fault(file, place, "there are two steps with this id", "Rename one")
        known.add(step.id)
    for step in guide.steps:
        for before in step.after:
            if before not in known:
                remedy = f"Write one of {', '.join(sorted(known))}"
                yield Fault(file, f"steps.{step.id}.after", f'this guide has no step "{before}"', remedy)


def _short(file: str, place: str, name: str) -> Iterator[Fault]:
    if len(name) > LONGEST:
        problem = f'"{name}" has {len(name)} characters, more than fit into the id of a Discord button'
        yield Fault(file, place, problem, f"Use at most {LONGEST}")


def _dotted(file: str, place: str, name: str) -> Iterator[Fault]:
    if "." in name:
        problem = f'"{name}" holds a dot, which separates the parts of a text\'s key'
        yield Fault(file, place, problem, "Use a hyphen instead")


def _reference(
    kb: KnowledgeBase, file: str, audience: Audience, named: str, *, place: str | None = None
) -> Iterator[Fault]:
    guide = kb.guides.get(named)
    place = place or f"guide.{audience}"
    if guide is None:
        remedy = f"Write guides/{named}.toml, or name another guide"
        yield Fault(file, place, f'there is no guide "{named}"', remedy)
    elif guide.audience != audience:
        problem = f'guide "{named}" is for another audience ({guide.audience})'
        yield Fault(file, place, problem, f"Name a guide for the {audience}")


def _step_names(cause: Cause, known: set[str]) -> Iterator[Fault]:
    file = f"causes/{cause.id}.toml"
    for place, names in (("pointless", cause.pointless), ("first", cause.first)):
        for name in names:
            if name in known:
                continue
            what = "kind of step" if name.startswith("kind:") else "step"
            remedy = f"Kinds are {', '.join(sorted(KINDS))}" if name.startswith("kind:") else "Name a step of a guide"
            yield Fault(file, place, f'there is no {what} "{name}"', remedy)


def _first_of_error(kb: KnowledgeBase, error: KnownError) -> Iterator[Fault]:
    """Find names for which no guide that the error itself leads to, nor its counterpart, has a step."""
    guides = [kb.guides[name] for name in (error.guide.visitor, error.guide.owner) if name in kb.guides]
    stand_ins = {"client": [guide.programs for guide in guides], "app": [guide.apps for guide in guides]}
    led = [*guides, *(kb.guides[name] for name in stand_ins.get(error.layer, ()) if name in kb.guides)]
    known = {step.id for guide in led for step in guide.steps}
    for name in error.first:
        if name not in known:
            leads = " and ".join(guide.id for guide in guides)
            problem = f'there is no step "{name}" in the guides to which this error leads ({leads})'
            yield Fault(f"errors/{error.id}.toml", "first", problem, "Name one of their steps")
