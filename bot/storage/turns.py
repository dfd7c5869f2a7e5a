"""How many questions of one kind are asked at once? A few; the others take turns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection

if TYPE_CHECKING:
    from bot.storage.sql import Database

Answer = TypeVar("Answer")
QUESTIONS_AT_ONCE = 4
"""Each question has a connection of its own; a whole server that pastes at once must not take them all."""


class Turns:
    """Asks a database; what is one question too many waits."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Semaphore(QUESTIONS_AT_ONCE)

    async def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """Run a function in a transaction of its own, when its turn has come."""
        async with self._turn:
            return await self._database.ask(question)
