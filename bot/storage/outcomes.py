"""How do processes share which step helped against which cause? One row of counts per step, raised in place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sqlalchemy import Connection, delete, select

from bot.diagnosis.experience import Tally
from bot.storage.tables import outcomes
from bot.storage.upsert import upsert

if TYPE_CHECKING:
    from bot.storage.sql import Database

Answer = TypeVar("Answer")
QUESTIONS_AT_ONCE = 4
"""Each query has a connection of its own; when many people answer at once, their counts take turns."""
KEY = (outcomes.c.cause, outcomes.c.guide, outcomes.c.step)


class SqlOutcomes:
    """`Outcomes` in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._turn = asyncio.Semaphore(QUESTIONS_AT_ONCE)

    async def all(self) -> dict[str, tuple[Tally, ...]]:
        """See `ports.Outcomes`."""
        return await self._ask(everything)

    async def count(self, cause: str, guide: str, step: str, *, solved: bool) -> None:
        """See `ports.Outcomes`."""
        one = Tally(guide=guide, step=step, solved=int(solved), failed=int(not solved))
        await self._ask(lambda connection: add(connection, cause, one))

    async def clear(self) -> int:
        """Delete all counts; return how many steps they were for."""
        return await self._ask(lambda connection: connection.execute(delete(outcomes)).rowcount)

    async def _ask(self, question: Callable[[Connection], Answer]) -> Answer:
        async with self._turn:
            return await self._database.ask(question)


def everything(connection: Connection) -> dict[str, tuple[Tally, ...]]:
    """Return all counts by cause."""
    found: dict[str, tuple[Tally, ...]] = {}
    for row in connection.execute(select(outcomes).order_by(*KEY)):
        tally = Tally(guide=row.guide, step=row.step, solved=row.solved, failed=row.failed)
        found[row.cause] = (*found.get(row.cause, ()), tally)
    return found


def add(connection: Connection, cause: str, more: Tally) -> None:
    """Raise a step's counts in one statement: processes that count at the same time lose nothing."""
    new = upsert(connection, outcomes).values(cause=cause, **more.model_dump())
    raised = {name: outcomes.c[name] + new.excluded[name] for name in ("solved", "failed")}
    connection.execute(new.on_conflict_do_update(index_elements=KEY, set_=raised))
