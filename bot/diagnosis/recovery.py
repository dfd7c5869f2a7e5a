"""Is a site that was broken back, and when is it looked at next?

One good answer proves little: a site that comes up often falls over again. It is back after several good answers in
a row. A site that was down and now keeps machines out (a captcha) is as far back as one of them can see: those who
wait are told just that. What the bot cannot judge (its own connection is gone) says nothing and changes nothing.
Jitter comes from outside as a number in [0, 1).
"""

from __future__ import annotations

from typing import NamedTuple

from pydantic import Field

from bot.diagnosis.identification import Value
from bot.kb.model import State

GROWTH = 1.5
"""How much longer each pause is than the one before, while the site stays down."""
SPREAD = 0.2
"""Pauses vary by so much to either side, so that many watches do not look at the same moment."""
LONGEST_PROMISE_S = 6 * 3600.0
"""A site that asks for more patience than this is looked at all the same: such a date is often a mistake."""


class Pace(Value):
    """How often a watch looks. All times are seconds."""

    first_s: float = Field(default=60.0, gt=0)
    """Pause after the first look that found the site down."""
    longest_s: float = Field(default=1800.0, gt=0)
    """No pause grows longer."""
    good_apart_s: float = Field(default=30.0, gt=0)
    """Pause between good answers that are being counted."""
    good_answers: int = Field(default=3, ge=1)
    """So many in a row, and the site is back."""


class Course(Value):
    """How the looks at one site went so far."""

    looks: int = 0
    good: int = 0
    """Good answers in a row."""
    pause_s: float = 0.0
    """The last pause between looks that found the site down; 0: none yet."""
    state: State | None = None
    """What the last look that said anything found."""
    was_down: bool = False
    """Some look found it broken, not only closed to machines."""
    guarded: int = 0
    """Answers in a row that were no more than a check whether a person asks."""


class Next(NamedTuple):
    """What follows from a look."""

    course: Course
    after_s: float
    """Look again after so many seconds."""
    back: bool
    """Those who wait are told now."""
    guarded: bool = False
    """As far as can be seen: behind a check that machines do not pass."""


def follow(course: Course, state: State, pace: Pace, jitter: float, promised_s: float | None = None) -> Next:
    """Take one more look into account; `promised_s`: for how long the site itself asked to wait (Retry-After)."""
    looked = course.model_copy(update={"looks": course.looks + 1})
    if state is State.UNKNOWN:
        return Next(looked, _spread(max(course.pause_s, pace.first_s), jitter), back=False)
    if state is State.UP:
        good = course.good + 1
        after = looked.model_copy(update={"good": good, "guarded": 0, "state": state})
        return Next(after, _spread(pace.good_apart_s, jitter), back=good >= pace.good_answers)
    if state is State.BLOCKED and course.was_down:
        guarded = course.guarded + 1
        after = looked.model_copy(update={"good": 0, "guarded": guarded, "state": state})
        return Next(after, _spread(pace.good_apart_s, jitter), guarded >= pace.good_answers, guarded=True)
    pause = min(course.pause_s * GROWTH, pace.longest_s) if course.pause_s else min(pace.first_s, pace.longest_s)
    after = looked.model_copy(update={"good": 0, "guarded": 0, "pause_s": pause, "state": state})
    after = after.model_copy(update={"was_down": course.was_down or state is not State.BLOCKED})
    wait = max(_spread(pause, jitter), min(promised_s or 0.0, LONGEST_PROMISE_S))
    return Next(after, wait, back=False)


def _spread(pause: float, jitter: float) -> float:
    return pause * (1 - SPREAD + 2 * SPREAD * jitter)
