"""Is it known what a number may belong to, if it is no status?"""

from __future__ import annotations

import pytest

from bot.diagnosis.anchors import Lookup
from bot.diagnosis.things import GUARDED, things


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ("we meet in room 502", {"other label"}),
        ("the login page: 502", {"label"}),
        ("502 people came", {"so many"}),
        ("somebody ate 502 euros", {"so many"}),
        ("see § 502", {"sign"}),
        ("it is -502", {"sign"}),
        ("the login page - 502", set()),
        ("our shop - 502", set()),
        ("the modbus device answers on 502", {"modbus"}),
        ("I scored a 502", {"score"}),
        ("502 out of 528", {"score"}),
        ("now it costs 502", {"price"}),
        ("my area code is 502", {"other number", "other label"}),
        ("area code unknown. 502", set()),
        ("my shop says 502", set()),
    ],
)
def test_thing_beside_a_number_is_named(text: str, rules: set[str]) -> None:
    """Each way to have a number has a rule of its own; a dash in a sentence is none."""
    before, after = text.split("502", 1)
    bare = before.rstrip(" \t\n:;=<>()[]{}\"'.,|\\-*/#").lower()
    assert things(before, bare, after) == rules
    assert things(before, bare, after, Lookup.of(GUARDED).present(text.lower())) == rules
