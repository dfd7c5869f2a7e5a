"""Which regular expressions does the knowledge hold, and does each compile?"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator

from bot.kb.model import KnowledgeBase

LITERAL = "Correct it; write a literal `.`, `(`, `[`, `?` or `+` with `\\`"


def patterns_of(kb: KnowledgeBase) -> Iterator[tuple[str, str, str]]:
    """Yield all of them, each with its file and its place in there."""
    for error in kb.errors.values():
        for name in ("patterns", "near", "unless"):
            for number, pattern in enumerate(getattr(error.match, name), start=1):
                yield f"errors/{error.id}.toml", f"match.{name} #{number}", pattern
    for product in kb.products:
        for number, sign in enumerate(product.signs, start=1):
            place = f"{product.id}.signs #{number}"
            for header, pattern in sign.headers.items():
                if pattern:  # an empty one means "the header is there"
                    yield "products.toml", f"{place}.headers.{header}", pattern
            if sign.body is not None:
                yield "products.toml", f"{place}.body", sign.body
    for kind, patterns in (*kb.names.machines.items(), ("programs", kb.names.programs), ("traces", kb.names.traces)):
        for number, pattern in enumerate(patterns, start=1):
            yield "names.toml", f"{kind} #{number}", pattern


def broken(pattern: str) -> tuple[str, str] | None:
    """Return problem and remedy of a pattern that nothing can be matched with, or None."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            re.compile(pattern, re.IGNORECASE)
    except (re.error, RecursionError, OverflowError, Warning) as error:
        return f"is no regular expression ({error})", LITERAL
    try:
        re.compile(f"(?:{pattern})", re.IGNORECASE)  # it is matched as a part of others, too
    except re.error:
        return "sets flags for more than itself", "Leave `(?i)` and the like out; letter case is ignored anyway"
    return None
