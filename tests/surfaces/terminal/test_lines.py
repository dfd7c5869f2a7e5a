"""Is a typed line understood: a number, an id, a label, or text?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.events import Chose, Pasted
from bot.surfaces.terminal.lines import LONGEST, event_of
from bot.wording import Label

CHOICES = (
    Label(id="works", label="It works"),
    Label(id="still-broken", label="Still broken"),
    Label(id="step:reload", label="Reload"),
    Label(id="step:cookies", label="Cookies"),
)


@pytest.mark.parametrize(
    ("line", "picked"),
    [
        ("1", ("works",)),
        (" 2 ", ("still-broken",)),
        ("3 4", ("step:reload", "step:cookies")),
        ("4, 3", ("step:cookies", "step:reload")),
        ("still-broken", ("still-broken",)),
        ("step:reload step:cookies", ("step:reload", "step:cookies")),
        ("IT WORKS", ("works",)),
    ],
)
def test_choice_is_picked_by_number_id_or_label(line: str, picked: tuple[str, ...]) -> None:
    """Numbers and ids may be several; a label is one, whatever its letter case."""
    event = event_of(line, CHOICES)
    assert isinstance(event, Chose)
    assert (event.choice, *event.values) == picked


@pytest.mark.parametrize(
    "line",
    ["502", "0", "5", "1 5", "1 2", "1 3", "works step:reload", "-1", "1.5", "²", "It works now", "", "works now"],
)
def test_anything_else_is_text(line: str) -> None:
    """What is no choice here, a bare 502 above all, is what somebody wrote."""
    event = event_of(line, CHOICES)
    assert isinstance(event, Pasted)
    assert event.text == line


def test_endless_line_is_cut() -> None:
    """A line of many megabytes costs no more than the longest text that is read."""
    event = event_of("x" * (LONGEST + 10), CHOICES)
    assert isinstance(event, Pasted)
    assert len(event.text) == LONGEST


@given(line=st.text(max_size=50))
def test_any_line_is_an_event(line: str) -> None:
    """No line is an error, with choices or without."""
    assert isinstance(event_of(line, CHOICES), Chose | Pasted)
    assert isinstance(event_of(line, ()), Pasted)
