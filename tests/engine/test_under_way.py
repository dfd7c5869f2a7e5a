"""Is a question that nobody waits for any more brought to its end?"""

from __future__ import annotations

import asyncio

import pytest

from bot.engine.under_way import UnderWay
from fakes import settle


class Question:
    """A question that is answered, or fails, when the test lets it."""

    def __init__(self, answer: int | Exception) -> None:
        self._answer = answer
        self.may_end = asyncio.Event()
        self.ended = self.cancelled = False

    async def __call__(self) -> int:
        try:
            await self.may_end.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.ended = True
        if isinstance(self._answer, Exception):
            raise self._answer
        return self._answer


async def test_answer_in_time_is_returned() -> None:
    """Whoever waits long enough has the answer."""
    question = Question(7)
    question.may_end.set()
    asked = await UnderWay().ask(question(), 1.0)
    assert asked is not None
    assert asked.result() == 7


async def test_late_question_goes_on() -> None:
    """After its time nobody waits, and the question still comes to its end."""
    question = Question(7)
    assert await UnderWay().ask(question(), 0.01) is None
    question.may_end.set()
    await settle()
    assert question.ended


@pytest.mark.parametrize("late", [False, True])
async def test_error_is_heard_of_whenever_it_comes(*, late: bool) -> None:
    """A question that fails, in time or late, tells its error once."""
    errors: list[BaseException] = []
    under_way, question = UnderWay(errors.append), Question(LookupError())
    if not late:
        question.may_end.set()
    asked = await under_way.ask(question(), 0.01 if late else 1.0)
    assert (asked is None) is late
    question.may_end.set()
    await settle()
    assert [type(error) for error in errors] == [LookupError]


async def test_nothing_is_under_way_after_closing() -> None:
    """What is not answered at the end is broken off, and that is no error."""
    errors: list[BaseException] = []
    under_way, question = UnderWay(errors.append), Question(7)
    await under_way.ask(question(), 0.01)
    await under_way.aclose()
    assert (question.cancelled, errors) == (True, [])
