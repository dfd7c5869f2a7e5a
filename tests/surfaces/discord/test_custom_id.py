"""Does a custom id say everything a click needs, within Discord's 100 characters?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.replies import CHOICES
from bot.conversation.state import Phase, State
from bot.kb.model import KnowledgeBase
from bot.surfaces.discord.custom_id import MANY, Tag, decode, encode, mark_of, short, tag_of

SNOWFLAKE = st.integers(0, 2**64 - 1)
ERROR = st.from_regex(r"[a-z0-9-]{0,64}", fullmatch=True)


@given(
    key=SNOWFLAKE,
    owner=SNOWFLAKE,
    error=ERROR,
    choice=st.sampled_from([*sorted(CHOICES), MANY, "dismiss", "form-diagnose"]),
)
def test_id_fits_and_comes_back(key: int, owner: int, error: str, choice: str) -> None:
    """Whatever the snowflakes, the id has at most 100 characters and tells conversation, person, step and choice."""
    tag = Tag(short(key), owner, mark_of(State()), error)
    custom_id = encode(tag, choice)
    assert len(custom_id) <= 100
    click = decode(custom_id)
    assert click is not None
    assert (click.key, click.owner, click.tag.mark, click.choice) == (tag.key, owner, tag.mark, choice)
    assert click.tag.error in ("", error)


def test_every_known_error_fits_beside_every_choice(kb: KnowledgeBase) -> None:
    """With real names nothing has to be left out: each button knows its entry."""
    longest = max(CHOICES, key=len)
    for error in kb.errors:
        click = decode(encode(Tag(short(2**62), 2**62, "zzzz", error), longest))
        assert click is not None
        assert click.tag.error == error, error


@pytest.mark.parametrize(
    "text", ["", "x", "f:a", "f:a:b:c:d", "f:A:b:c::works", "f:a:b:c::has space", "g:a:b:c::works"]
)
def test_foreign_ids_mean_nothing(text: str) -> None:
    """An id that is not ours is none of ours."""
    assert decode(text) is None


def test_mark_changes_with_the_step_and_not_with_sleep() -> None:
    """Each step has its mark; falling asleep is not a step."""
    step = State(phase=Phase.STEP, guide="visitor", step="reload", number=1)
    other = step.model_copy(update={"step": "cookies", "number": 2})
    asleep = step.model_copy(update={"phase": Phase.ASLEEP, "slept_in": Phase.STEP})
    assert mark_of(step) != mark_of(other)
    assert mark_of(step) == mark_of(asleep)
    assert tag_of("k", 1, step) == Tag("k", 1, mark_of(step), "")
