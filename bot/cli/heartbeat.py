"""How do others learn whether a process is able to work? It leaves a sign of life in a file, again and again.

systemd is told the same; it restarts only a process that gives no sign at all, since a restart does not bring back a
database or Discord.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from bot.cli.sign import Sign
from bot.cli.systemd import notify
from bot.ports import Clock, Store, StoreRefused, StoreUnavailable

log = logging.getLogger(__name__)

SIGN_EVERY_S = 15.0
AT_FIRST_EVERY_S = 1.0
"""Until it is first able to work: whoever starts it waits for that."""
ANSWERS_WITHIN_S = 5.0
NOBODY = "nobody"
"""A conversation that never exists: marking its replies as shown is a write that changes nothing."""
DATABASE_AWAY = "the database cannot be used"

Obstacle = Callable[[], Awaitable[str | None]]
"""Tells what keeps a process from its work, None if nothing does."""


@asynccontextmanager
async def beating(
    place: Path, obstacle: Obstacle, clock: Clock, hears: Callable[[str | None], None] | None = None
) -> AsyncIterator[None]:
    """Give signs of life meanwhile, and remove the last one at the end; `hears` is told the obstacle of each."""
    beat = _Beat(place, obstacle, clock, hears)
    notify("READY=1")
    task = asyncio.ensure_future(beat.run())
    try:
        yield
    finally:
        notify("STOPPING=1")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await beat.take_back()


async def obstacle_of(store: Store) -> str | None:
    """Find out whether a store accepts writes. Raises StoreUnavailable or StoreRefused."""
    await store.shown(NOBODY, "")
    return None


class _Beat:
    """The signs of one process."""

    def __init__(
        self, place: Path, obstacle: Obstacle, clock: Clock, hears: Callable[[str | None], None] | None
    ) -> None:
        self._place = place
        self._hears = hears
        self._obstacle = obstacle
        self._clock = clock
        self._writing: asyncio.Future[None] | None = None
        self._told = False

    async def run(self) -> None:
        """Give signs until cancelled."""
        able_at: datetime | None = None
        while True:
            found = await _found(self._obstacle)
            now = self._clock.now()
            able_at = now if found is None else able_at
            if self._hears is not None:
                self._hears(found)
            notify(f"WATCHDOG=1\nSTATUS={found or 'able to work'}")
            await self._leave(Sign(at=now, able_at=able_at, obstacle=found))
            await self._clock.sleep(SIGN_EVERY_S if able_at else AT_FIRST_EVERY_S)

    async def _leave(self, sign: Sign) -> None:
        self._writing = asyncio.ensure_future(asyncio.to_thread(_write, self._place, sign))
        try:
            await asyncio.shield(self._writing)
        except OSError as error:
            if not self._told:
                log.warning("no sign of life can be left at %s: %s", self._place, error.strerror)
            self._told = True

    async def take_back(self) -> None:
        """Remove the sign, once it is written."""
        if self._writing is not None:
            await asyncio.gather(self._writing, return_exceptions=True)
        with suppress(OSError):
            await asyncio.to_thread(self._place.unlink)


async def _found(obstacle: Obstacle) -> str | None:
    try:
        async with asyncio.timeout(ANSWERS_WITHIN_S):
            return await obstacle()
    except (StoreUnavailable, StoreRefused, TimeoutError):
        return DATABASE_AWAY
    except Exception as error:  # whatever it is, the next sign must be given
        log.exception("whether this process can work is not known")
        return type(error).__name__


def _write(place: Path, sign: Sign) -> None:
    """Write it so that nobody ever reads only half of it."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = place.with_name(f"{place.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
            file.write(sign.model_dump_json() + "\n")
        beside.replace(place)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise
