"""Does every cause say why it leaves out steps, and never contradict itself?"""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each cause whose `pointless`, `because` and `first` do not fit together."""
    for cause in kb.causes.values():
        file = f"causes/{cause.id}.toml"
        if cause.pointless and cause.because is None:
            yield Fault(file, "because", "is missing: steps are left out without a reason", "Write why, in one line")
        if cause.because is not None and not cause.pointless:
            yield Fault(file, "because", "is never said: no steps are left out", "Remove it, or write `pointless`")
        for name in cause.first:
            if name in cause.pointless:
                yield Fault(file, "first", f'"{name}" is pointless and first at once', "Remove it from one of them")
    if kb.causes and not any(not group for cause in kb.causes.values() for group in cause.when):
        remedy = "Write one with the highest rank and an empty [[when]]"
        yield Fault("causes/", "", "no cause holds always, so some findings would have no verdict", remedy)
