"""Are conditions refused that cannot be understood or can never decide?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.kb.lint.conditions import implies, malformed

OLD = '"http.status" = [502, 504]'
PLACE = "causes/origin.toml: when #1.http.status: "

BROKEN = {
    "unknown-fact": (
        '"http.stats" = 502',
        "causes/origin.toml: when #1.http.stats: there is no such fact. Facts are listed in bot/diagnosis/facts.py.",
    ),
    "name-without-quotes": (
        "http.status = 502",
        'causes/origin.toml: when #1.http: there is no such fact. Put the name in quotes: "http.status" = ....',
    ),
    "empty-list": (
        '"http.status" = []',
        PLACE + 'is not a list of plain values. Write at least one text, number or true/false: ["a", "b"].',
    ),
    "list-in-list": (
        '"http.status" = [[502]]',
        PLACE + 'is not a list of plain values. Write at least one text, number or true/false: ["a", "b"].',
    ),
    "unknown-comparison": (
        '"http.status" = { above = 500 }',
        PLACE + '"above" is no comparison. Use min, max, not, known, has.',
    ),
    "empty-table": (
        '"http.status" = {}',
        PLACE + "compares with nothing. Use min, max, not, known, has.",
    ),
    "min-is-text": (
        '"http.status" = { min = "500" }',
        PLACE + "`min` does not hold a number. Write a number.",
    ),
    "max-is-true": (
        '"http.status" = { max = true }',
        PLACE + "`max` does not hold a number. Write a number.",
    ),
    "min-above-max": (
        '"http.status" = { min = 599, max = 500 }',
        PLACE + "`min` is more than `max`, so it never holds. Swap them.",
    ),
    "not-is-a-table": (
        '"http.status" = { not = { min = 1 } }',
        PLACE + "`not` does not hold a value or a list of values. Write a value or a list of values.",
    ),
    "known-is-text": (
        '"http.status" = { known = "yes" }',
        PLACE + "`known` does not hold true or false. Write true or false.",
    ),
    "missing-fact-with-a-value": (
        '"http.status" = { known = false, min = 500 }',
        PLACE + "wants a missing fact to have a value, so it never holds. Keep either `known = false` or the rest.",
    ),
    "has-is-a-list": (
        '"dns.addresses" = { has = ["192.0.2.1"] }',
        "causes/origin.toml: when #1.dns.addresses: `has` does not hold one value. Write one value.",
    ),
    "value-outside-closed-list": (
        '"http.status" = 502\n"dns.outcome " = "ok"'.replace('"dns.outcome "', '"http.product"'),
        'causes/origin.toml: when #1.http.product: this fact is never "ok". '
        "Write one of its values, such as gateway.",
    ),
    "error-that-is-unknown": (
        '"text.error" = { not = ["gatewai"] }',
        'causes/origin.toml: when #1.text.error: this fact is never "gatewai". '
        "Write one of its values, such as gateway.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_condition_is_refused(name: str, faults_after: Callable[..., list[str]]) -> None:
    """Each broken condition is reported once, with file, place and remedy, and nothing else is."""
    new, fault = BROKEN[name]
    assert faults_after("causes/origin.toml", OLD, new) == [fault]


def test_value_outside_a_closed_list_is_refused(faults_after: Callable[..., list[str]]) -> None:
    """A misspelt value of a fact with a closed list is reported."""
    assert faults_after("causes/origin.toml", '"dns.outcome" = "ok"', '"dns.outcome" = "okay"') == [
        'causes/origin.toml: when #1.dns.outcome: this fact is never "okay". Write one of its values, such as ok.'
    ]


@pytest.mark.parametrize(
    "condition",
    [
        502,
        0.5,
        True,
        "ok",
        ["a", 1],
        {"min": 1, "max": 1.5},
        {"not": "a"},
        {"not": ["a"]},
        {"known": True},
        {"has": "x"},
    ],
    ids=str,
)
def test_sound_condition_is_accepted(condition: object) -> None:
    """Every form that the schema describes is understood."""
    assert malformed(condition) is None  # type: ignore[arg-type]


CAUSE = """
id = "{id}"
rank = {rank}
state = "down"
side = "origin"
strength = "weak"
summary = "S."
reason = "R."
action = "A."
changes = "C."

[[when]]
{when}
"""


def test_identical_conditions_under_lower_rank_are_refused(faults_after: Callable[..., list[str]]) -> None:
    """A group that is in an earlier cause, too, never decides."""
    when = '"dns.outcome" = "ok"\n"http.status" = [502, 504]'
    assert faults_after("causes/later.toml", "", CAUSE.format(id="later", rank=20, when=when)) == [
        "causes/later.toml: when #1: never decides: origin (rank 10, when #1) holds whenever this does. "
        "Give it a lower rank than that cause, add a condition there, or remove it."
    ]


def test_narrower_conditions_under_lower_rank_are_refused(faults_after: Callable[..., list[str]]) -> None:
    """A group that demands more than an earlier one never decides."""
    when = '"dns.outcome" = "ok"\n"http.status" = 502\nhost = { known = true }'
    assert "never decides" in faults_after("causes/later.toml", "", CAUSE.format(id="later", rank=20, when=when))[0]


def test_narrower_conditions_with_earlier_rank_are_sound(faults_after: Callable[..., list[str]]) -> None:
    """The special case before the general one is what ranks are for."""
    when = '"dns.outcome" = "ok"\n"http.status" = 502'
    assert faults_after("causes/sooner.toml", "", CAUSE.format(id="sooner", rank=5, when=when)) == []


def test_same_rank_goes_by_id(faults_after: Callable[..., list[str]]) -> None:
    """Between equal ranks the id decides which cause is tried first."""
    when = '"dns.outcome" = "ok"\n"http.status" = [502, 504]'
    found = faults_after("causes/also.toml", "", CAUSE.format(id="also", rank=10, when=when))
    assert [fault.partition(":")[0] for fault in found] == ["causes/origin.toml"]


@pytest.mark.parametrize(
    ("narrow", "wide", "expected"),
    [
        ({"a": 1}, {}, True),
        ({}, {"a": 1}, False),
        ({"a": 1, "b": 2}, {"a": 1}, True),
        ({"a": 1}, {"a": True}, False),
        ({"a": [1, 2]}, {"a": [2, 1, 3]}, True),
        ({"a": [1, 4]}, {"a": [1, 2]}, False),
        ({"a": 1}, {"a": {"known": True}}, True),
        ({"a": {"min": 3}}, {"a": {"known": True}}, True),
        ({"a": {"not": [3]}}, {"a": {"known": True}}, False),
        ({"a": {"min": 3}}, {"a": {"min": 2}}, False),
        ({"a": {"max": 2, "min": 1}}, {"a": {"min": 1, "max": 2}}, True),
    ],
    ids=str,
)
def test_implication_is_sound(narrow: dict[str, object], wide: dict[str, object], expected: bool) -> None:
    """Only what is plain to see counts as implied; true and 1 differ."""
    assert implies(narrow, wide) is expected  # type: ignore[arg-type]
