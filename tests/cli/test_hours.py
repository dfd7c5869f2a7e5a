"""Are hours numbers of hours?"""

from __future__ import annotations

import click
import pytest

from bot.cli.hours import Hours


def test_hours_are_read() -> None:
    """A number within the range is taken."""
    assert Hours(0, 120, min_open=True).convert("1.5", None, None) == 1.5


@pytest.mark.parametrize("text", ["nan", "0", "121", "soon"])
def test_what_is_no_number_of_hours_is_refused(text: str) -> None:
    """ "nan" is a number to Python, and within every range."""
    with pytest.raises(click.BadParameter):
        Hours(0, 120, min_open=True).convert(text, None, None)
