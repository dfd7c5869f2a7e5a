"""Where does a surface hold its conversations? Its places, kept in a database without anybody waiting for it.

Places go through the same writer as events, in the order of the calls, so a committed event is never without the place
that was noted before it. While the database is away the newest state of a place waits here.
"""

from __future__ import annotations

import asyncio
import logging

from bot.ports import KeptPlace, StoreUnavailable
from bot.storage import queries
from bot.storage.jobs import DeletePlace, Outcome, PutPlace
from bot.storage.lifetimes import PLACES_LIVE_S
from bot.storage.sql import Database

log = logging.getLogger(__name__)

AGAIN_AFTER_S = 1.0


class SqlPlaceBook:
    """A `PlaceBook` in a database."""

    def __init__(self, database: Database, surface: str) -> None:
        self._database = database
        self._surface = surface
        self._newest: dict[str, PutPlace | DeletePlace] = {}
        """What is under way, by conversation."""
        self._tasks: set[asyncio.Task[None]] = set()

    async def all(self) -> tuple[KeptPlace, ...]:
        """See `ports.PlaceBook`."""
        return await self._database.ask(lambda connection: queries.all_places(connection, self._surface))

    def put(self, place: KeptPlace) -> None:
        """See `ports.PlaceBook`."""
        now = self._database.clock.now().timestamp()
        job = PutPlace(self._surface, place.key, place.owner, place.server, place.body, now, now + PLACES_LIVE_S)
        self._write(place.key, job)

    def forget(self, key: str) -> None:
        """See `ports.PlaceBook`."""
        self._write(key, DeletePlace(self._surface, key))

    async def aclose(self) -> None:
        """Wait for what is under way, as long as the database answers."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _write(self, key: str, job: PutPlace | DeletePlace) -> None:
        self._newest[key] = job
        task = asyncio.ensure_future(self._until_written(key, job, self._database.submit(job)))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_written(self, key: str, job: PutPlace | DeletePlace, written: asyncio.Future[Outcome]) -> None:
        while True:
            try:
                await written
                break
            except StoreUnavailable:
                await self._database.clock.sleep(AGAIN_AFTER_S)
            if self._newest.get(key) is not job:
                return
            written = self._database.submit(job)
        if self._newest.get(key) is job:
            del self._newest[key]
