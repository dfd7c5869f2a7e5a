"""Is a site that was broken back, and when is it looked at next?

One good answer proves little: a site that comes up often falls over again. It is back after several good answers in
a row. A site that was down and now keeps machines out (a captcha) is back as far as a machine can see, and one that
opens, though not on all of its addresses, is open to nearly everybody: those who wait are told just that. What the bot
cannot judge (its own connection is gone) says nothing and changes nothing.
Jitter comes from outside as a number in [0, 1).
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from pydantic import Field

from bot.diagnosis.identification import Value
from bot.kb.model import State

GROWTH = 1.5
"""How much longer each pause is than the one before, while the site stays down."""
SPREAD = 0.2
"""Pauses vary by this much to either side, so that watches do not all look at the same moment."""
LONGEST_PROMISE_S = 6 * 3600.0
"""A site that asks for more patience than this is looked at anyway: such a date is often a mistake."""


class Pace(Value):
    """How often a watch looks. All times are seconds."""

    first_s: float = Field(default=60.0, gt=0)
    """Pause after the first look that found the site down."""
    longest_s: float = Field(default=1800.0, gt=0)
    """No pause grows longer."""
    good_apart_s: float = Field(default=30.0, gt=0)
    """Pause between good answers that are being counted."""
    good_answers: int = Field(default=3, ge=1)
    """After this many in a row the site is back."""


Recovery = Literal["back", "partly", "guarded"]
"""How far a site is back: fully, but not on all addresses, or up to a check that machines do not pass."""


class Sight(NamedTuple):
    """What a look means to those who wait."""

    state: State
    opens: bool = False
    """People get in, though the site is not fully working, or the bot cannot see how far."""


class Course(Value):
    """How the looks at one site have gone so far."""

    looks: int = 0
    good: int = 0
    """Good answers in a row."""
    pause_s: float = 0.0
    """The last pause between looks that found the site down; 0: none yet."""
    state: State | None = None
    """What the last conclusive look found."""
    was_down: bool = False
    """Some look found it broken, not only closed to machines."""
    guarded: int = 0
    """Answers in a row that were only a check for robots."""
    opened: int = 0
    """Answers in a row with which people got in, as far as can be seen."""


class Next(NamedTuple):
    """What follows from a look."""

    course: Course
    after_s: float
    """Look again after this many seconds."""
    back: bool
    """Those who wait are told now."""
    what: Recovery = "back"
    """What they are told, as far as can be seen."""


def follow(course: Course, sight: Sight, pace: Pace, jitter: float, promised_s: float | None = None) -> Next:
    """Take one more look into account; `promised_s`: for how long the site itself asked to wait (Retry-After)."""
    state, soon = sight.state, _spread(pace.good_apart_s, jitter)
    looked = course.model_copy(update={"looks": course.looks + 1})
    if state is State.UNKNOWN:
        return Next(looked, _spread(max(course.pause_s, pace.first_s), jitter), back=False)
    counted = {"good": 0, "guarded": 0, "opened": 0, "state": state}
    was_down = course.was_down or state is not State.BLOCKED
    if state is State.UP:
        good = course.good + 1
        after = looked.model_copy(update=counted | {"good": good, "opened": course.opened + 1})
        return Next(after, soon, back=good >= pace.good_answers)
    if sight.opens:
        opened = course.opened + 1
        after = looked.model_copy(update=counted | {"opened": opened, "was_down": was_down})
        return Next(after, soon, opened >= pace.good_answers, "guarded" if state is State.BLOCKED else "partly")
    if state is State.BLOCKED and course.was_down:
        guarded = course.guarded + 1
        after = looked.model_copy(update=counted | {"guarded": guarded})
        return Next(after, soon, guarded >= pace.good_answers, "guarded")
    pause = min(course.pause_s * GROWTH, pace.longest_s) if course.pause_s else min(pace.first_s, pace.longest_s)
    after = looked.model_copy(update=counted | {"pause_s": pause, "was_down": was_down})
    wait = max(_spread(pause, jitter), min(promised_s or 0.0, LONGEST_PROMISE_S))
    return Next(after, wait, back=False)


def _spread(pause: float, jitter: float) -> float:
    return pause * (1 - SPREAD + 2 * SPREAD * jitter)
