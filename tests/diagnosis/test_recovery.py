"""When is a site back, and how often is it looked at until then?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.recovery import LONGEST_PROMISE_S, SPREAD, Course, Pace, follow
from bot.kb.model import State

PACE = Pace()
MIDDLE = 0.5


def run(*states: State) -> tuple[Course, list[float], list[bool]]:
    course, waits, backs = Course(), [], []
    for state in states:
        course, wait, back, _ = follow(course, state, PACE, MIDDLE)
        waits.append(wait)
        backs.append(back)
    return course, waits, backs


def test_site_is_back_after_several_good_answers_in_a_row() -> None:
    """Two good answers are not enough, the third one is."""
    _, waits, backs = run(State.DOWN, State.UP, State.UP, State.UP)
    assert backs == [False, False, False, True]
    assert waits[1:] == [PACE.good_apart_s] * 3


def test_relapse_begins_the_count_anew() -> None:
    """A site that falls over again must show its good answers from the beginning."""
    course, _, backs = run(State.UP, State.UP, State.DEGRADED, State.UP, State.UP)
    assert not any(backs)
    assert course.good == 2


def test_own_trouble_says_nothing() -> None:
    """Looks without a verdict neither count as good nor undo what was counted, and leave the pause alone."""
    course, waits, backs = run(State.DOWN, State.UP, State.UNKNOWN, State.UNKNOWN, State.UP)
    assert course.good == 2
    assert waits[2] == waits[3] == PACE.first_s
    assert not any(backs)


def test_site_that_comes_back_behind_a_check_is_told_as_that() -> None:
    """A site that was down and now keeps machines out is as far back as they can see; so it is said, not hidden."""
    course, waits, backs = run(State.DOWN, State.BLOCKED, State.BLOCKED)
    assert not any(backs)
    assert waits[1:] == [PACE.good_apart_s] * 2
    last = follow(course, State.BLOCKED, PACE, MIDDLE)
    assert (last.back, last.guarded) == (True, True)
    assert not follow(course, State.UP, PACE, MIDDLE).guarded
    assert follow(course, State.DOWN, PACE, MIDDLE).course.guarded == 0


def test_site_that_always_kept_machines_out_is_never_called_back_for_it() -> None:
    """Where no look ever saw it broken, being kept out says nothing new."""
    _, _, backs = run(*[State.BLOCKED] * 10)
    assert not any(backs)


def test_pauses_grow_up_to_the_longest() -> None:
    """From one minute to half an hour, never more."""
    _, waits, _ = run(*[State.DOWN] * 20)
    assert waits[0] == PACE.first_s
    assert waits == sorted(waits)
    assert waits[-1] == PACE.longest_s


@pytest.mark.parametrize(("promised", "expected"), [(1200.0, 1200.0), (5.0, 60.0), (10 * 86400.0, LONGEST_PROMISE_S)])
def test_announced_pause_is_respected_within_reason(promised: float, expected: float) -> None:
    """Nobody looks before the site wants to be looked at; a nonsense date is cut."""
    assert follow(Course(), State.DOWN, PACE, MIDDLE, promised).after_s == expected


@given(
    states=st.lists(st.sampled_from(list(State)), max_size=40),
    jitters=st.lists(st.floats(0, 1, exclude_max=True), min_size=40, max_size=40),
)
def test_any_course_keeps_its_promises(states: list[State], jitters: list[float]) -> None:
    """Waits stay within their bounds, back means enough good answers, and a course survives JSON."""
    course = Course()
    for number, (state, jitter) in enumerate(zip(states, jitters, strict=False), start=1):
        course, wait, back, guarded = follow(course, state, PACE, jitter)
        assert PACE.good_apart_s * (1 - SPREAD) <= wait <= PACE.longest_s * (1 + SPREAD)
        enough = course.guarded if guarded else course.good
        assert back == (state in (State.UP, State.BLOCKED) and enough >= PACE.good_answers)
        assert not guarded or (state is State.BLOCKED and {State.DOWN, State.DEGRADED} & set(states))
        assert course.looks == number
        assert Course.model_validate_json(course.model_dump_json()) == course
