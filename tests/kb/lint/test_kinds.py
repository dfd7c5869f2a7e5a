"""Are conditions refused that no value of their fact can ever meet?"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.kb.lint.kinds import impossible

OLD = '"http.status" = [502, 504]'
NUMBER, FROM_TO = "Write a number without quotes, such as 502.", "Write a number from 100 to 999."
NEVER = {
    '"http.status" = "502"': f'http.status: this fact is a number and never "502". {NUMBER}',
    '"http.status" = [502, "504"]': f'http.status: this fact is a number and never "504". {NUMBER}',
    '"http.status" = true': f"http.status: this fact is a number and never true. {NUMBER}",
    '"http.status" = { not = ["502"] }': f'http.status: this fact is a number and never "502". {NUMBER}',
    '"http.status" = [5020]': f"http.status: this fact is never 5020. {FROM_TO}",
    '"http.status" = { min = 5000 }': f"http.status: this fact is never as much as 5000. {FROM_TO}",
    '"http.status" = { max = 50 }': f"http.status: this fact is never as little as 50. {FROM_TO}",
    '"http.status" = { has = 502 }': "http.status: this fact is a number, and `has` looks into lists. "
    "Write a number without quotes, such as 502, or a list of them.",
    '"tls.mixed" = "true"': 'tls.mixed: this fact is true or false and never "true". '
    "Write true or false, without quotes.",
    '"tls.mixed" = 1': "tls.mixed: this fact is true or false and never 1. Write true or false, without quotes.",
    "host = { min = 3 }": "host: this fact is a text, and `min` compares numbers. "
    'Write a text in quotes, such as "ok".',
    "host = 5": 'host: this fact is a text and never 5. Write a text in quotes, such as "ok".',
    '"dns.addresses" = "192.0.2.1"': 'dns.addresses: this fact is a list and never "192.0.2.1". '
    'Write what it must hold: { has = "..." }.',
    '"dns.addresses" = { has = 4 }': "dns.addresses: this list holds texts and never 4. "
    'Write a text in quotes: { has = "..." }.',
}


@pytest.mark.parametrize("new", NEVER)
def test_condition_that_never_holds_is_refused(new: str, faults_after: Callable[..., list[str]]) -> None:
    """A value of another kind, one out of reach, and a comparison that the kind does not know are told once each."""
    assert faults_after("causes/origin.toml", OLD, new) == [f"causes/origin.toml: when #1.{NEVER[new]}"]


@pytest.mark.parametrize(
    ("condition", "kind"),
    [
        (502, "number"),
        ([404, 502.5], "number"),
        ({"min": 500, "max": 599, "not": 503}, "number"),
        ({"min": 90}, "number"),
        ({"max": 1000}, "number"),
        ({"known": True}, "list"),
        ({"has": "x"}, "list"),
        (True, "yes-no"),
        ({"not": [True]}, "yes-no"),
        (["a", "b"], "text"),
        ({"known": False}, "text"),
        ({"min": "?"}, None),
    ],
)
def test_condition_that_can_hold_is_accepted(condition: object, kind: str | None) -> None:
    """Each kind with what it can be; of a fact without a kind nothing is said."""
    assert list(impossible(condition, kind, (100, 999) if kind == "number" else None)) == []  # type: ignore[arg-type]
