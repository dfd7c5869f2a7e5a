"""How do processes share which step helped against which cause? One row of counts per step, raised in place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, select

from bot.diagnosis.experience import Tally
from bot.storage.tables import outcomes
from bot.storage.turns import Turns
from bot.storage.upsert import upsert

if TYPE_CHECKING:
    from bot.storage.sql import Database

KEY = (outcomes.c.cause, outcomes.c.guide, outcomes.c.step)


class SqlOutcomes:
    """`Outcomes` in a database."""

    def __init__(self, database: Database) -> None:
        self._turns = Turns(database)

    async def all(self) -> dict[str, tuple[Tally, ...]]:
        """See `ports.Outcomes`."""
        return await self._turns.ask(everything)

    async def count(self, cause: str, guide: str, step: str, *, solved: bool) -> None:
        """See `ports.Outcomes`."""
        one = Tally(guide=guide, step=step, solved=int(solved), failed=int(not solved))
        await self._turns.ask(lambda connection: add(connection, cause, one))

    async def clear(self) -> int:
        """Delete all counts; return of how many steps they were."""
        return await self._turns.ask(lambda connection: connection.execute(delete(outcomes)).rowcount)


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
