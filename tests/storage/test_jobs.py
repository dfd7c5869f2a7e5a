"""Is it known which thing each job touches, so that its order can be kept?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.conversation.state import State
from bot.ports import Commit
from bot.storage.jobs import Delete, DeletePlace, Job, PutPlace, Read, Tick, Write, touched_by
from bot.storage.rows import rows_of

AT = datetime(2026, 11, 3, tzinfo=UTC)
OF_CONVERSATION = [Read("k"), Write(rows_of(Commit("k", 0, State(), AT))), Tick("k", "a:0"), Delete("k")]
OF_PLACE = [PutPlace("discord", "k", "7", None, "{}", 0, 0), DeletePlace("discord", "k")]


@pytest.mark.parametrize("job", OF_CONVERSATION, ids=lambda job: type(job).__name__)
def test_jobs_of_a_conversation_touch_it(job: Job) -> None:
    """Everything about a conversation touches the same thing, whatever it does."""
    assert touched_by(job) == ("conversation", "k")


@pytest.mark.parametrize("job", OF_PLACE, ids=lambda job: type(job).__name__)
def test_jobs_of_a_place_touch_the_place(job: Job) -> None:
    """A place is another thing than the conversation of the same name."""
    assert touched_by(job) == ("place", "discord", "k")
