"""Do all regular expressions compile, mean something, and stay quick on hostile text?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.kb.faults import Fault
from bot.kb.lint.backtracking import danger
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase
from bot.kb.patterns import broken, patterns_of


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each pattern that is broken, empty or dangerous."""
    for file, place, pattern in patterns_of(kb):
        wrong = fault_of(pattern)
        if wrong is not None:
            yield Fault(file, place, *wrong)


def fault_of(pattern: str) -> tuple[str, str] | None:
    """Return problem and remedy of one pattern, or None if it is sound."""
    wrong = broken(pattern)
    if wrong is not None:
        return wrong
    if re.compile(pattern, re.IGNORECASE).search("") is not None:
        return "finds even an empty text, so it says nothing", "Let it demand something"
    slow = danger(pattern)
    if slow is not None:
        remedy = "Give each `*`, `+` and `{n,}` an upper bound, such as `{0,80}`, and use fewer of them"
        return slow, remedy
    return None
