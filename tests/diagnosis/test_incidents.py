"""Do only different people make an incident?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.diagnosis.incidents import Others, others_of

AT = datetime(2026, 11, 3, 12, 4, tzinfo=UTC)


def test_others_are_counted_without_the_one_who_asks() -> None:
    """Five people, one of them asks: four others, since the first of these."""
    assert others_of(5, 4, AT) == Others(count=4, since=AT)


def test_two_people_are_enough() -> None:
    """The second person makes it an incident for both, and for a third who only looks on."""
    assert others_of(2, 1, AT) == Others(count=1, since=AT)
    assert others_of(2, 2, AT) == Others(count=2, since=AT)


@pytest.mark.parametrize(("people", "others", "since"), [(0, 0, None), (1, 0, None), (1, 1, AT), (2, 0, None)])
def test_one_person_raises_none(people: int, others: int, since: datetime | None) -> None:
    """One report is one person's trouble, whoever asks about it."""
    assert others_of(people, others, since) is None


def test_others_come_back_from_json() -> None:
    """What is stored with a conversation reads back as it was."""
    others = Others(count=3, since=AT)
    assert Others.model_validate_json(others.model_dump_json()) == others
