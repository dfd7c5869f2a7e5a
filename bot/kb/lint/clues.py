"""Does a trial that works in its own place lead on to what fixes the usual way?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import Guide, GuideStep, KnowledgeBase


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each trial that would end a conversation too early, and each cure that nobody gets."""
    for guide in kb.guides.values():
        named = {name for step in guide.steps if step.clue is not None for name in step.clue.cures}
        for step in guide.steps:
            yield from _clue(guide, step)
            if step.cure and step.id not in named:
                problem, remedy = "never offered: no `clue` of this guide names this cure", "Name it in one's `cures`"
                yield Fault(f"guides/{guide.id}.toml", f"steps.{step.id}.cure", problem, remedy)


def _clue(guide: Guide, step: GuideStep) -> Iterator[Fault]:
    file, place = f"guides/{guide.id}.toml", f"steps.{step.id}.clue"
    if step.clue is None:
        if any("works" in answers for answers in step.told_by.values()):
            problem = "is missing: `told_by` says that this step tries another place"
            yield Fault(file, place, problem, "Say what it means when the page opens only there")
        return
    if not step.clue.tells and not step.clue.cures:
        yield Fault(file, place, "leads nowhere", "Name the answer that it `tells`, or its `cures`")
    known = {other.id for other in guide.steps}
    for name in step.clue.cures:
        if name not in known:
            remedy = f"Write one of {', '.join(sorted(known))}"
            yield Fault(file, f"{place}.cures", f'this guide has no step "{name}"', remedy)
