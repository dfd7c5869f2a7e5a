"""Is the knowledge consistent? One module for each question; all faults are listed at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.kb.faults import Fault
from bot.kb.lint import (
    causes,
    clues,
    conditions,
    errors,
    gaps,
    guides,
    ids,
    limits,
    lists,
    locales,
    patterns,
    questions,
)
from bot.kb.lint.vocabulary import Identify, Vocabulary
from bot.kb.model import KnowledgeBase

__all__ = ["RULES", "Fault", "Identify", "Vocabulary", "lint"]

Rule = Callable[[KnowledgeBase, Vocabulary], Iterator[Fault]]

RULES: tuple[Rule, ...] = (
    ids.check,
    errors.check,
    patterns.check,
    causes.check,
    conditions.check,
    questions.check,
    guides.check,
    clues.check,
    gaps.check,
    limits.check,
    lists.check,
    locales.check,
)


def lint(kb: KnowledgeBase, vocabulary: Vocabulary, identify: Identify | None = None) -> list[Fault]:
    """Return everything that is wrong; the examples are tried only with a recogniser, and only with sound patterns."""
    found = {rule: set(rule(kb, vocabulary)) for rule in RULES}
    faults = set[Fault]().union(*found.values())
    if identify is not None and not found[patterns.check]:
        faults.update(errors.check_examples(kb, identify))
    return sorted(faults)
