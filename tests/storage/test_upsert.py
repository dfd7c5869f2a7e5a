"""Does one insert add a row, or change an existing one, on both databases?"""

from __future__ import annotations

from sqlalchemy import Connection, select

from bot.storage.sql import Database
from bot.storage.tables import outcomes
from bot.storage.upsert import upsert


async def test_second_insert_changes_the_row(database: Database) -> None:
    """The same key twice is one row, with what the second one brought."""

    def put(connection: Connection) -> None:
        for solved in (1, 5):
            new = upsert(connection, outcomes).values(cause="c", guide="g", step="s", solved=solved, failed=0)
            connection.execute(
                new.on_conflict_do_update(
                    index_elements=("cause", "guide", "step"), set_={"solved": new.excluded.solved}
                )
            )

    await database.ask(put)
    found = await database.ask(lambda connection: connection.scalars(select(outcomes.c.solved)).all())
    assert found == [5]
