"""When is a site back, and how often is it looked at until then?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.recovery import LONGEST_PROMISE_S, SPREAD, Course, Pace, Sight, follow
from bot.kb.model import State

PACE = Pace()
MIDDLE = 0.5


UP, DOWN, BLOCKED, PARTLY = Sight(State.UP), Sight(State.DOWN), Sight(State.BLOCKED), Sight(State.DEGRADED, opens=True)
SENT_ON = Sight(State.BLOCKED, opens=True)


def run(*looks: State | Sight) -> tuple[Course, list[float], list[bool]]:
    course, waits, backs = Course(), [], []
    for look in looks:
        course, wait, back, _ = follow(course, look if isinstance(look, Sight) else Sight(look), PACE, MIDDLE)
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
    last = follow(course, BLOCKED, PACE, MIDDLE)
    assert (last.back, last.what) == (True, "guarded")
    assert follow(course, UP, PACE, MIDDLE).what == "back"
    assert follow(course, DOWN, PACE, MIDDLE).course.guarded == 0


def test_site_that_always_kept_machines_out_is_never_called_back_for_it() -> None:
    """Where no look ever saw it broken, being kept out says nothing new."""
    _, _, backs = run(*[State.BLOCKED] * 10)
    assert not any(backs)


def test_site_that_opens_though_not_whole_is_told_as_that() -> None:
    """Whom most people can open is not waited for in vain: it is said that it answers, though not on all addresses."""
    course, waits, backs = run(DOWN, PARTLY, PARTLY)
    assert not any(backs)
    assert waits[1:] == [PACE.good_apart_s] * 2
    last = follow(course, PARTLY, PACE, MIDDLE)
    assert (last.back, last.what) == (True, "partly")
    assert follow(course, DOWN, PACE, MIDDLE).course.opened == 0
    assert not follow(course, Sight(State.DEGRADED), PACE, MIDDLE).back


def test_site_that_sends_people_on_is_told_as_that() -> None:
    """A site whose redirect the bot does not follow answers people, also where no look saw it broken."""
    course, _, backs = run(SENT_ON, SENT_ON)
    assert not any(backs)
    last = follow(course, SENT_ON, PACE, MIDDLE)
    assert (last.back, last.what, last.course.was_down) == (True, "guarded", False)


def test_good_and_partly_good_answers_count_together() -> None:
    """A site whose dead address comes and goes is announced as soon as it has opened often enough in a row."""
    course, _, backs = run(DOWN, UP, PARTLY, UP)
    assert not any(backs)
    assert course.good == 1
    assert follow(course, PARTLY, PACE, MIDDLE).what == "partly"
    assert follow(course, PARTLY, PACE, MIDDLE).back


def test_pauses_grow_up_to_the_longest() -> None:
    """From one minute to half an hour, never more."""
    _, waits, _ = run(*[State.DOWN] * 20)
    assert waits[0] == PACE.first_s
    assert waits == sorted(waits)
    assert waits[-1] == PACE.longest_s


@pytest.mark.parametrize(("promised", "expected"), [(1200.0, 1200.0), (5.0, 60.0), (10 * 86400.0, LONGEST_PROMISE_S)])
def test_announced_pause_is_respected_within_reason(promised: float, expected: float) -> None:
    """Nobody looks before the site wants to be looked at; a nonsense date is cut."""
    assert follow(Course(), DOWN, PACE, MIDDLE, promised).after_s == expected


@given(
    looks=st.lists(st.sampled_from([*map(Sight, State), PARTLY, SENT_ON]), max_size=40),
    jitters=st.lists(st.floats(0, 1, exclude_max=True), min_size=40, max_size=40),
)
def test_any_course_keeps_its_promises(looks: list[Sight], jitters: list[float]) -> None:
    """Waits stay within their bounds, back means enough good answers, and a course survives JSON."""
    course = Course()
    for number, (look, jitter) in enumerate(zip(looks, jitters, strict=False), start=1):
        course, wait, back, what = follow(course, look, PACE, jitter)
        assert PACE.good_apart_s * (1 - SPREAD) <= wait <= PACE.longest_s * (1 + SPREAD)
        enough = course.opened if look.opens else course.good if what == "back" else course.guarded
        assert back == (look in (UP, PARTLY, SENT_ON, BLOCKED) and enough >= PACE.good_answers)
        was_down = {State.DOWN, State.DEGRADED} & {one.state for one in looks}
        assert what != "guarded" or look == SENT_ON or (look == BLOCKED and was_down)
        assert (what == "partly") == (look == PARTLY)
        assert course.looks == number
        assert Course.model_validate_json(course.model_dump_json()) == course
