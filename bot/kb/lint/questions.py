"""Does anything read the answers to the questions that causes ask?

An answer counts where a rule that is tried earlier needs it, where it makes the asking rule itself stop holding, or
where it makes a step of the guide pointless. Any other question is asked for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import JsonValue

from bot.kb.faults import Fault
from bot.kb.lint.vocabulary import Vocabulary
from bot.kb.model import Cause, Condition, GuideStep, KnowledgeBase

LOOKED = ("canary.", "dns.", "tcp.", "tls.", "http.", "elsewhere.")
"""Beginnings of the names of facts that only a look brings (`checked`)."""
Group = Mapping[str, Condition]


def check(kb: KnowledgeBase, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each question whose answer changes neither verdict nor steps."""
    for cause in kb.causes.values():
        steps = list(_steps(kb, cause, vocabulary))
        for question in cause.ask:
            by_rule = any(_reads(other, cause, f"answer.{question}") for other in kb.causes.values())
            if not by_rule and not any(question in step.told_by for step in steps):
                problem = f'asks "{question}", and nothing reads the answer'
                remedy = "Remove it, or write a rule of lower rank, or a step with `told_by`, that does"
                yield Fault(f"causes/{cause.id}.toml", "ask", problem, remedy)


def _reads(other: Cause, asking: Cause, name: str) -> bool:
    """Can the answer make the other rule hold instead of the one that asks?"""
    if other is asking:
        return any(name in group for group in asking.when)
    if (other.rank, other.id) > (asking.rank, asking.id):
        return False
    needing = [group for group in other.when if _needs(group.get(name, {}))]
    return any(_takes_over(group, _with_class(held)) for group in needing for held in asking.when)


def _steps(kb: KnowledgeBase, cause: Cause, vocabulary: Vocabulary) -> Iterator[GuideStep]:
    """Yield the steps that a visitor may be taken through: those of the cause's guide, else of any error's."""
    own = cause.guide.get("visitor")
    named = {own} if own else {*vocabulary.guides, *(error.guide.visitor for error in kb.errors.values())}
    guides = [kb.guides[name] for name in named if name in kb.guides]
    stand_ins = {name for guide in guides for name in (guide.programs, guide.apps) if name} - named
    guides += [kb.guides[name] for name in stand_ins if name in kb.guides]
    for guide in guides:
        if guide.audience == "visitor":
            yield from (step for step in guide.steps if not {step.id, f"kind:{step.kind}"} & set(cause.pointless))


def _takes_over(group: Group, held: Group) -> bool:
    """Can the first group hold where the second one does, with no other look, as far as that is obvious?"""
    if any(_contradict(group[name], held[name]) for name in group.keys() & held.keys()):
        return False
    looked = {name for name, condition in group.items() if name.startswith(LOOKED) and _needs(condition)}
    seen = {name for name, condition in held.items() if name.startswith(LOOKED) and _needs(condition)}
    is_unseen = group.get("checked") == {"known": False}
    return not held or (looked <= seen and not (is_unseen and seen))


def _with_class(group: Group) -> Group:
    """Return the class of a status, where the group names it."""
    status = group.get("http.status")
    named = status if isinstance(status, list) else [status]
    classes: list[JsonValue] = [value // 100 for value in named if isinstance(value, int)]
    return {"http.class": classes, **group} if classes else group


def _contradict(one: Condition, other: Condition) -> bool:
    for left, right in ((one, other), (other, one)):
        if left == {"known": False} and _needs(right):
            return True
        if not isinstance(left, dict):
            values = left if isinstance(left, list) else [left]
            return not any(_fits(value, right) for value in values)
    return False


def _needs(condition: Condition) -> bool:
    """Does it hold only where the fact is known?"""
    return (
        not isinstance(condition, dict)
        or bool(condition.keys() & {"min", "max", "has"})
        or bool(condition.get("known"))
    )


def _fits(value: JsonValue, condition: Condition) -> bool:
    """Could this value be meant? If it cannot be told, that counts as yes."""
    if not isinstance(condition, dict):
        return value in (condition if isinstance(condition, list) else [condition])
    unwanted, low, high = condition.get("not", []), condition.get("min"), condition.get("max")
    if value in (unwanted if isinstance(unwanted, list) else [unwanted]):
        return False
    if not isinstance(value, int | float):
        return True
    return not (isinstance(low, int | float) and value < low) and not (isinstance(high, int | float) and value > high)
