"""Does experience move steps late, slowly, and never past what must come first?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.diagnosis.experience import LEAST, MOVABLE, Moved, Tally, reorder, telling
from bot.kb.model import Guide

KINDS = ("reload", "browser", "device", "network", "dns", "site", "provider", "wait")
counts = st.tuples(st.integers(0, 120), st.integers(0, 120))


def guide_of(*steps: dict[str, object], audience: str = "visitor") -> Guide:
    filled = [{"kind": "browser", "title": "t", "do": "d", "why": "w", "verify": "v?", **step} for step in steps]
    end = {"text": "t", "offers": ["later"]}
    made = {"id": "g", "title": "t", "audience": audience, "intro": "i", "steps": filled, "exit": end}
    return Guide.model_validate(made)


def tally(step: str, solved: int, failed: int, guide: str = "g") -> Tally:
    return Tally(guide=guide, step=step, solved=solved, failed=failed)


def names(guide: Guide) -> tuple[str, ...]:
    return tuple(step.id for step in guide.steps)


THREE = guide_of({"id": "a"}, {"id": "b"}, {"id": "c"})


@st.composite
def guides(draw: st.DrawFn) -> Guide:
    """Return a guide in whose order each step follows those that it must follow."""
    steps: list[dict[str, object]] = []
    for number in range(draw(st.integers(1, 8))):
        before = [str(step["id"]) for step in steps]
        after = draw(st.lists(st.sampled_from(before), max_size=2, unique=True)) if before else []
        minutes, kind = draw(st.integers(0, 20)), draw(st.sampled_from(KINDS))
        steps.append({"id": f"s{number}", "kind": kind, "minutes": minutes, "after": after})
    return guide_of(*steps)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Guide, tuple[str, ...], list[Tally]]:
    """Return a guide, steps that a cause puts first, and counts of some of its steps."""
    guide = draw(guides())
    first = tuple(draw(st.lists(st.sampled_from(names(guide)), max_size=2, unique=True)))
    counted = draw(st.lists(st.sampled_from(names(guide)), unique=True))
    return guide, first, [tally(name, *draw(counts)) for name in counted]


def test_step_that_clearly_helps_more_moves_up_with_its_counts() -> None:
    """It passes its neighbours, and says by which counts."""
    done = reorder(THREE, names(THREE), (), [tally("a", 3, 60), tally("b", 14, 17)])
    assert done.steps == ("b", "a", "c")
    assert done.moved == (Moved(step="b", solved=14, tried=31),)


def test_neighbour_without_counts_stands_for_the_prior() -> None:
    """What was never tried is neither good nor bad: only a good rate passes it."""
    assert reorder(THREE, names(THREE), (), [tally("c", 18, 12)]).steps == ("c", "a", "b")
    assert reorder(THREE, names(THREE), (), [tally("c", 10, 20)]).steps == names(THREE)


def test_somewhat_better_is_not_clearly_better() -> None:
    """Two steps that help about as often keep their order."""
    assert reorder(THREE, names(THREE), (), [tally("a", 40, 60), tally("b", 50, 50)]).moved == ()


def test_step_stops_below_the_one_that_it_does_not_beat() -> None:
    """It passes one neighbour after another, and no further than its counts carry it."""
    done = reorder(THREE, names(THREE), (), [tally("a", 80, 20), tally("b", 2, 98), tally("c", 60, 40)])
    assert done.steps == ("a", "c", "b")


def test_slow_step_must_be_worth_its_time() -> None:
    """Twice as much help does not outweigh ten times the minutes; at the same length it would."""
    slow = guide_of({"id": "quick", "minutes": 2}, {"id": "slow", "minutes": 20})
    helped = [tally("quick", 20, 80), tally("slow", 60, 40)]
    assert reorder(slow, names(slow), (), helped).moved == ()
    alike = guide_of({"id": "quick", "minutes": 2}, {"id": "slow", "minutes": 2})
    assert reorder(alike, names(alike), (), helped).steps == ("slow", "quick")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in MOVABLE])
def test_handing_over_and_waiting_stay(kind: str) -> None:
    """Telling others and waiting neither move nor are passed."""
    fixed = guide_of({"id": "a"}, {"id": "fixed", "kind": kind}, {"id": "c"})
    helped = [tally("a", 0, 100), tally("fixed", 90, 10), tally("c", 100, 0)]
    assert reorder(fixed, names(fixed), (), helped).steps == names(fixed)


def test_what_the_cause_puts_first_stays_first() -> None:
    """Evidence of this very conversation goes before that of others."""
    assert reorder(THREE, names(THREE), ("a",), [tally("a", 0, 100), tally("c", 90, 10)]).steps == ("a", "c", "b")


def test_owners_guides_keep_their_order() -> None:
    """An owner's guide follows a line of thought."""
    owner = guide_of({"id": "a"}, {"id": "b"}, audience="owner")
    assert reorder(owner, names(owner), (), [tally("a", 0, 99), tally("b", 99, 0)]).steps == names(owner)


def test_other_guides_counts_do_not_count() -> None:
    """A step of the same name elsewhere says nothing about this one."""
    assert reorder(THREE, names(THREE), (), [tally("c", 99, 0, guide="other")]).steps == names(THREE)


def test_step_that_others_pushed_back_is_not_called_moved() -> None:
    """Only what comes earlier than in the guide was moved up."""
    done = reorder(THREE, names(THREE), (), [tally("a", 0, 100), tally("b", 40, 60), tally("c", 95, 5)])
    assert done.steps == ("c", "b", "a")
    assert [moved.step for moved in done.moved] == ["c"]


def test_counts_that_change_nothing_are_not_carried_along() -> None:
    """A state holds the counts of a guide only once one of its steps could move."""
    few, many = tally("a", LEAST - 1, 0, guide="few"), [tally("a", LEAST, 0), tally("b", 1, 0)]
    assert telling([few, *many]) == tuple(many)


@given(case=cases())
def test_telling_counts_are_all_that_matters(case: tuple[Guide, tuple[str, ...], list[Tally]]) -> None:
    """With the counts that are carried along the order is the same as with all."""
    guide, first, tallies = case
    assert reorder(guide, names(guide), first, telling(tallies)) == reorder(guide, names(guide), first, tallies)


@given(case=cases())
def test_nothing_is_lost_doubled_or_out_of_turn(case: tuple[Guide, tuple[str, ...], list[Tally]]) -> None:
    """Every step comes once, behind those that it must follow; what stays keeps its very place."""
    guide, first, tallies = case
    done = reorder(guide, names(guide), first, tallies)
    assert sorted(done.steps) == sorted(names(guide))
    for place, step in enumerate(guide.steps):
        assert all(done.steps.index(before) < done.steps.index(step.id) for before in step.after)
        if step.kind not in MOVABLE or step.id in first:
            assert done.steps[place] == step.id


@given(guide=guides(), tries=st.lists(st.tuples(st.integers(0, LEAST - 1), st.floats(0, 1)), min_size=8, max_size=8))
def test_nothing_moves_below_the_least(guide: Guide, tries: list[tuple[int, float]]) -> None:
    """However good or bad a few tries went, they change nothing."""
    tallies = [
        tally(name, round(tried * share), tried - round(tried * share))
        for name, (tried, share) in zip(names(guide), tries, strict=False)
    ]
    assert reorder(guide, names(guide), (), tallies) == (names(guide), ())


@given(case=cases(), more=st.integers(1, 60), which=st.integers(0, 7))
def test_more_success_never_moves_a_step_down(
    case: tuple[Guide, tuple[str, ...], list[Tally]], more: int, which: int
) -> None:
    """A step that helped somebody again comes no later than before, also when that carries it over the least."""
    guide, first, tallies = case
    step = names(guide)[which % len(guide.steps)]
    old = next((one for one in tallies if one.step == step), tally(step, 0, 0))
    better = [one for one in tallies if one.step != step]
    better.append(tally(step, old.solved + more, old.failed))
    before, after = (reorder(guide, names(guide), first, some).steps for some in (tallies, better))
    assert after.index(step) <= before.index(step)
