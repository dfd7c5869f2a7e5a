"""Where does a running installation keep things: in memory, in the user's data folder, or where the operator says?"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.ports import Clock, Kept, StoreRefused, StoreUnavailable
from bot.settings import PREFIX, SettingsError
from bot.settings.model import Settings
from bot.storage import file
from bot.storage.address import Address, AddressError, default, parse
from bot.storage.faults import lasts
from bot.storage.memory import (
    MemoryDuties,
    MemoryOutcomes,
    MemoryPlaceBook,
    MemoryPreferences,
    MemoryPrivacy,
    MemoryStore,
)
from bot.storage.memory_expiry import Mortal, keep_up
from bot.storage.memory_incidents import MemoryIncidents
from bot.storage.memory_watches import MemoryWatches
from bot.storage.ours import Bot

log = logging.getLogger(__name__)

REMEDY = f"Is it running, with room on its disk, and writable? {PREFIX}DATABASE_URL names another one."
"""What to do about a database that cannot be used."""
SURFACE = "discord"
"""The surface whose people and places are kept; the terminal has neither."""


class Stores:
    """Opens what an installation keeps things in, once and late: SQLAlchemy takes a while to import."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        *,
        application: Callable[[], int | None] = lambda: None,
        refused: Callable[[StoreRefused], None] | None = None,
    ) -> None:
        self._address = address
        self._clock = clock
        self._application = application
        """The bot that the database is to belong to; known once it has logged in."""
        self._refused = refused
        """Told that the database must not be used, whenever that is found out."""
        self._opening: asyncio.Task[Kept] | None = None

    async def open(self) -> Kept:
        """Return all that is kept. A database that is away is opened later; one that must not be used is refused."""
        if self._opening is None:
            self._opening = asyncio.ensure_future(self._open())
        return await asyncio.shield(self._opening)

    async def look(self) -> None:
        """Raise StoreRefused at once where a bot can never use its database; one that is away is waited for later."""
        if self._address.kind == "postgresql":
            await self.open()
        elif self._address.kind == "sqlite":
            try:
                await asyncio.to_thread(_look, self._address.path, self._bot())
            except StoreRefused as error:
                if self._refused is not None:
                    self._refused(error)
                raise

    async def close(self) -> None:
        """Finish what is under way."""
        if self._opening is not None:
            kept = (await asyncio.gather(self._opening, return_exceptions=True))[0]
            if isinstance(kept, Kept):
                await kept.close()

    async def _open(self) -> Kept:
        try:
            if self._address.kind == "memory":
                return in_memory(self._clock)
            await asyncio.to_thread(_import)
            return await in_database(self._address, self._clock, self._bot(), self._refused)
        except Exception:
            self._opening = None  # the next use tries again
            raise

    def _bot(self) -> Bot | None:
        application = self._application()
        return Bot(SURFACE, str(application)) if application is not None else None


class LatePreferences:
    """`Preferences` that are opened when they are first needed."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores

    async def all(self, kind: str) -> tuple[tuple[str, str, str], ...]:
        """See `ports.Preferences`."""
        return await (await self._stores.open()).preferences.all(kind)

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """See `ports.Preferences`."""
        await (await self._stores.open()).preferences.put(kind, scope, name, value)

    async def drop(self, kind: str, scope: str, name: str) -> None:
        """See `ports.Preferences`."""
        await (await self._stores.open()).preferences.drop(kind, scope, name)

    async def forget(self, kind: str, scope: str) -> None:
        """See `ports.Preferences`."""
        await (await self._stores.open()).preferences.forget(kind, scope)


def address_of(settings: Settings, *, otherwise: Address | None = None) -> Address:
    """Return the database of the settings, else the given one, else the file in the user's data folder."""
    if settings.database_url is None:
        return otherwise or default()
    try:
        return parse(settings.database_url.get_secret_value())
    except AddressError as error:
        raise SettingsError(f"{PREFIX}DATABASE_URL: {error}. See deploy/env.example.") from None


def unusable(error: StoreUnavailable) -> str:
    """Say that a database cannot be used, and what to do."""
    return f"the database cannot be used: {error}. {REMEDY}"


def in_memory(clock: Clock) -> Kept:
    """Keep everything for the life of this process, and nothing for longer than a database would."""
    store, book, preferences = MemoryStore(), MemoryPlaceBook(clock), MemoryPreferences()
    watches, incidents = MemoryWatches(), MemoryIncidents()
    upkeep = asyncio.ensure_future(keep_up(Mortal(store, book, watches, incidents), clock))

    async def close() -> None:
        upkeep.cancel()
        await asyncio.gather(upkeep, return_exceptions=True)

    privacy = MemoryPrivacy(store, book, preferences, watches, incidents)
    return Kept(store, preferences, book, privacy, watches, incidents, MemoryOutcomes(), MemoryDuties(), close)


async def in_database(
    address: Address,
    clock: Clock,
    bot: Bot | None = None,
    refused: Callable[[StoreRefused], None] | None = None,
) -> Kept:
    """Keep everything in a database; a bot makes it its own. Raises StoreRefused."""
    from bot.storage.acts import SqlActs
    from bot.storage.book import SqlPlaceBook
    from bot.storage.duties import SqlDuties
    from bot.storage.incidents import SqlIncidents
    from bot.storage.looks import SqlLooks
    from bot.storage.outcomes import SqlOutcomes
    from bot.storage.sql import Database, SqlPreferences, SqlPrivacy, SqlStore
    from bot.storage.watches import SqlWatches

    database = Database(address, clock, bot=bot, refused=refused)
    try:
        await database.open()
    except StoreUnavailable as error:
        if address.kind == "sqlite" and lasts(error):
            await database.aclose()
            never = StoreRefused(unusable(error))
            if refused is not None:
                refused(never)
            raise never from error
        log.error("the database does not answer; trying again when it is needed: %s", error)  # noqa: TRY400 - said in one line
    except Exception:
        await database.aclose()
        raise
    book, watches = SqlPlaceBook(database, SURFACE), SqlWatches(database)

    async def close() -> None:
        await watches.aclose()
        await book.aclose()
        await database.aclose()

    store, preferences = SqlStore(database), SqlPreferences(database)
    privacy, incidents, outcomes = SqlPrivacy(database, SURFACE), SqlIncidents(database), SqlOutcomes(database)
    kept = Kept(store, preferences, book, privacy, watches, incidents, outcomes, SqlDuties(database), close)
    if address.kind == "postgresql":  # a file belongs to one process, which knows its own looks
        kept = replace(kept, looks=SqlLooks(database), acts=SqlActs(database))
    return kept


def _look(path: Path, bot: Bot | None) -> None:
    try:
        file.look(path, bot)
    except StoreUnavailable as error:
        if lasts(error):
            raise StoreRefused(unusable(error)) from error


def _import() -> None:
    import bot.storage.book  # noqa: F401 - what takes long is done off the loop
