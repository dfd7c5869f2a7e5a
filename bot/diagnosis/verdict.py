"""What is the cause, whose side is it, how sure is that, and on what evidence? Rules are data; this reads them."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import JsonValue

from bot.diagnosis.facts import Facts
from bot.diagnosis.identification import Value
from bot.kb.model import Cause, Condition, KnowledgeBase, Side, State, Strength


class Observation(Value):
    """One fact on which a verdict rests."""

    fact: str
    value: JsonValue


class Verdict(Value):
    """What is wrong, whose side it is, how sure that is, and why."""

    state: State
    side: Side
    cause: str
    """Id of the rule in `knowledge/causes/` that decided."""
    strength: Strength
    evidence: tuple[Observation, ...]
    """The facts that the rule rests on."""
    also: tuple[str, ...] = ()
    """Ids of the other rules that also hold, in their order."""


def judge(kb: KnowledgeBase, facts: Facts) -> Verdict:
    """Return the verdict of the first rule that holds; the knowledge base always has one that does (`unknown`)."""
    ordered = ranked(kb.causes.values())
    holding = [(cause, group) for cause in ordered if (group := _first_group(cause, facts)) is not None]
    cause, group = holding[0]
    return Verdict(
        state=cause.state,
        side=cause.side,
        cause=cause.id,
        strength=_bounded(cause, group, facts),
        evidence=tuple(
            Observation(fact=name, value=facts[name]) for name in sorted({*group, *_ALWAYS_SAID}) if name in facts
        ),
        also=tuple(other.id for other, _ in holding[1:] if other.rank < LAST_RANK),
    )


_ALWAYS_SAID = ("http.other-page", "http.redirected-from", "http.unsteady", "tcp.https")
"""Facts that decide nothing, but say whom the verdict is about, and how sure it is."""
LAST_RANK = 900
"""Rules from this rank on are fallbacks: they always hold and prove nothing."""


def ranked(causes: Iterable[Cause]) -> list[Cause]:
    """Return the rules in the order in which they are tried."""
    return sorted(causes, key=lambda cause: (cause.rank, cause.id))


_WITNESSES = ("text.", "answer.", "elsewhere.")
"""Where facts come from that do not depend on the bot's own connection."""


def _bounded(cause: Cause, group: Iterable[str], facts: Facts) -> Strength:
    """Without a working control nothing about a site is firm (a site's own answer still speaks for itself).

    Where two tries brought two kinds of error, the last one is judged but not relied on; nor is what another page got.
    """
    if cause.state is State.UNKNOWN or not facts.get("checked"):
        return cause.strength
    if facts.get("http.unsteady") is True or _is_silence_alone(group, facts):
        return Strength.WEAK
    another = facts.get("http.other-page") is True and "http.status" in facts
    if (another or facts.get("canary.outcome") != "ok") and cause.strength is Strength.FIRM:
        return Strength.LIKELY
    return cause.strength


def _is_silence_alone(group: Iterable[str], facts: Facts) -> bool:
    """Tell whether the only evidence against a site is that the bot did not get to it, by an unproved connection."""
    if facts.get("canary.outcome") != "skip" or facts.get("tcp.outcome") == "ok" or "http.status" in facts:
        return False
    is_silent = any(f"{check}.failure" in facts for check in ("dns", "tcp", "http"))
    return is_silent and not any(name in facts and name.startswith(_WITNESSES) for name in group)


def _first_group(cause: Cause, facts: Facts) -> dict[str, Condition] | None:
    """Return the first group of conditions that hold, None if there is none; an empty group always holds."""
    for group in cause.when:
        if all(holds(condition, facts.get(name), known=name in facts) for name, condition in group.items()):
            return group
    return None


def holds(condition: Condition, value: JsonValue, *, known: bool) -> bool:
    """Tell whether one condition (see `kb.model.Condition`) holds for a fact's value."""
    if isinstance(condition, dict):
        return all(_operator_holds(name, operand, value, known=known) for name, operand in condition.items())
    if not known:
        return False
    if isinstance(condition, list):
        return any(_same(wanted, value) for wanted in condition)
    return _same(condition, value)


def _operator_holds(operator: str, operand: JsonValue, value: JsonValue, *, known: bool) -> bool:
    match operator:
        case "known":
            return known is operand
        case "not":
            unwanted = operand if isinstance(operand, list) else [operand]
            return not any(_same(wanted, value) for wanted in unwanted)
        case "has":
            return isinstance(value, list) and operand in value
        case "min":
            return _number(value) and _number(operand) and value >= operand  # type: ignore[operator]
        case _:  # "max", the last operator that the linter lets pass
            return _number(value) and _number(operand) and value <= operand  # type: ignore[operator]


def _number(value: JsonValue) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _same(wanted: JsonValue, value: JsonValue) -> bool:
    """Equal, and of the same kind: true is not 1."""
    return wanted == value and isinstance(wanted, bool) == isinstance(value, bool)
