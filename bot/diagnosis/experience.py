"""What have earlier conversations shown about the steps? Counts of this installation, over the guide's own order.

The order in which a guide was written is the prior: it stands until counts speak clearly against it. Every step begins
with the same few imagined tries, so a handful of real ones moves nothing. A step moves up past its neighbour only if

- it was tried often enough for this very cause,
- its rate, drawn towards the prior, beats the neighbour's clearly, and
- it is worth the time that it takes: the neighbour does not help more a minute.

Only what a visitor does on their own side moves. An owner's guide follows a line of thought (who wrote the page, what
does its log say); telling the site's people and waiting are the last resorts. Such steps, and those that a cause puts
first, stay, and nothing moves past them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

from bot.diagnosis.identification import Value
from bot.kb.model import Guide, GuideStep

LEAST = 20
"""A step must have this many tries for one cause before it moves."""
PRIOR_TRIES = 20
PRIOR_RATE = 0.25
"""Every step begins as if it had been tried this many times, and had helped at this rate."""
MARGIN = 0.15
"""A rate clearly beats another one when it is higher by more than this."""
MOVABLE = frozenset({"reload", "browser", "device", "network", "dns"})
"""Kinds of steps that people do on their own side, and see at once whether they helped."""


class Tally(Value):
    """How a step of a guide went in all conversations of this installation about one cause."""

    guide: str
    step: str
    solved: int
    failed: int

    @property
    def tried(self) -> int:
        """How often it was tried."""
        return self.solved + self.failed

    @property
    def rate(self) -> float:
        """How often it helps, drawn towards the prior: the fewer the tries, the nearer."""
        return (self.solved + PRIOR_TRIES * PRIOR_RATE) / (self.tried + PRIOR_TRIES)


class Moved(Value):
    """A step that comes earlier than the guide has it, and the counts that moved it."""

    step: str
    solved: int
    tried: int


class Reordered(NamedTuple):
    """Steps in the order that experience gives them."""

    steps: tuple[str, ...]
    moved: tuple[Moved, ...]


def telling(tallies: Collection[Tally]) -> tuple[Tally, ...]:
    """Return the counts of the guides in which some step was tried often enough: others change no plan."""
    guides = {tally.guide for tally in tallies if tally.tried >= LEAST}
    return tuple(tally for tally in tallies if tally.guide in guides)


def reorder(guide: Guide, steps: Sequence[str], first: Collection[str], tallies: Collection[Tally]) -> Reordered:
    """Move up steps that have clearly helped more often than their neighbours; `first`: those that a cause puts first.

    `steps` respect `after` already, and so does the result.
    """
    counted = {tally.step: tally for tally in tallies if tally.guide == guide.id and tally.tried >= LEAST}
    if guide.audience != "visitor" or not counted:
        return Reordered(tuple(steps), ())
    known = {tally.step: tally for tally in tallies if tally.guide == guide.id}
    by_id = {step.id: step for step in guide.steps}
    still = {step.id for step in guide.steps if step.kind not in MOVABLE or step.id in first}
    ordered: list[str] = []
    for name in steps:
        place = len(ordered)
        if name in counted and name not in still:
            while place and ordered[place - 1] not in still and _beats(by_id, known, name, ordered[place - 1]):
                place -= 1
        ordered.insert(place, name)
    moved = tuple(
        Moved(step=name, solved=counted[name].solved, tried=counted[name].tried)
        for place, name in enumerate(ordered)
        if place < steps.index(name) and name in counted
    )
    return Reordered(tuple(ordered), moved)


def _beats(by_id: dict[str, GuideStep], known: dict[str, Tally], name: str, other: str) -> bool:
    """Tell whether a step may pass its neighbour. More success never makes a step lose a place."""
    step, neighbour = by_id[name], by_id[other]
    if other in step.after:
        return False
    rate, beaten = known[name].rate, known[other].rate if other in known else PRIOR_RATE
    return rate - beaten > MARGIN and rate * max(neighbour.minutes, 1) > beaten * max(step.minutes, 1)
