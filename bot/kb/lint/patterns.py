"""Do all regular expressions compile, mean something, and stay quick on hostile text?"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from bot.kb.faults import Fault
from bot.kb.lint.backtracking import danger
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import KnowledgeBase


def check(kb: KnowledgeBase, _vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each pattern that is broken, empty or dangerous."""
    for file, place, pattern in _patterns(kb):
        wrong = fault_of(pattern)
        if wrong is not None:
            yield Fault(file, place, *wrong)


def _patterns(kb: KnowledgeBase) -> Iterator[tuple[str, str, str]]:
    for error in kb.errors.values():
        for name in ("patterns", "near", "unless"):
            for number, pattern in enumerate(getattr(error.match, name), start=1):
                yield f"errors/{error.id}.toml", f"match.{name} #{number}", pattern
    for product in kb.products:
        for number, sign in enumerate(product.signs, start=1):
            place = f"{product.id}.signs #{number}"
            for header, pattern in sign.headers.items():
                if pattern:  # an empty one stands for "the header is there"
                    yield "products.toml", f"{place}.headers.{header}", pattern
            if sign.body is not None:
                yield "products.toml", f"{place}.body", sign.body
    for kind, patterns in (*kb.names.machines.items(), ("programs", kb.names.programs), ("traces", kb.names.traces)):
        for number, pattern in enumerate(patterns, start=1):
            yield "names.toml", f"{kind} #{number}", pattern


def fault_of(pattern: str) -> tuple[str, str] | None:
    """Return problem and remedy of one pattern, or None if it is sound."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            compiled = re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        return f"is no regular expression ({error})", "Correct it; write a literal `.`, `(`, `[`, `?` or `+` with `\\`"
    if compiled.search("") is not None:
        return "finds even an empty text, so it says nothing", "Let it demand something"
    slow = danger(pattern)
    if slow is not None:
        remedy = "Give each `*`, `+` and `{n,}` an upper bound, such as `{0,80}`, and use fewer of them"
        return slow, remedy
    return None
