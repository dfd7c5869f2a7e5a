"""Do questions of one kind take turns?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, text

from bot.storage.sql import Database
from bot.storage.turns import QUESTIONS_AT_ONCE, Turns


class Counting:
    """The real database, and how many questions were with it at the same moment."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._now = self.most = 0

    async def ask(self, question: Callable[[Connection], Any]) -> Any:
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            return await self._database.ask(question)
        finally:
            self._now -= 1


def seven(connection: Connection) -> int:
    return int(connection.execute(text("select 7")).scalar_one())


async def test_only_a_few_questions_are_asked_at_once(database: Database) -> None:
    """Of many questions at the same moment all are answered, a few at a time."""
    counting = Counting(database)
    turns = Turns(counting)  # type: ignore[arg-type]
    assert await asyncio.gather(*(turns.ask(seven) for _ in range(5 * QUESTIONS_AT_ONCE))) == [7] * 20
    assert counting.most == QUESTIONS_AT_ONCE


async def test_failed_question_gives_its_turn_back(database: Database) -> None:
    """As many questions as may be asked at once fail, and the next one is answered."""

    def broken(connection: Connection) -> int:
        raise LookupError

    turns = Turns(database)
    for _ in range(QUESTIONS_AT_ONCE):
        with pytest.raises(LookupError):
            await turns.ask(broken)
    async with asyncio.timeout(10):
        assert await turns.ask(seven) == 7
