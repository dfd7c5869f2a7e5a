"""How is a person, or a server, forgotten: in the store, in memory and on the screen, whoever deleted it?

`fiveohtwo db forget`, and other processes, delete beside this one. They leave a note on each conversation in the store;
the process responsible for its server reads it, forgets the conversation, and removes its card.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from cachetools import LRUCache

from bot.ports import Clock, Privacy, StoreUnavailable
from bot.surfaces.discord.places import Place, read
from bot.surfaces.discord.recall import Recall, is_of
from bot.surfaces.discord.talk import Talk

if TYPE_CHECKING:
    from bot.surfaces.discord.client import Fiveohtwo

log = logging.getLogger(__name__)

EVERY_S = 5.0
"""Between looks for others' notes; a press on a button of something forgotten triggers the next one."""
MOST_USERS = 10_000
"""People known to have deleted their data a moment ago."""


class Forgetting:
    """Forgets for one process."""

    def __init__(self, client: Fiveohtwo, talk: Talk, privacy: Privacy, recall: Recall) -> None:
        self._client = client
        self._talk = talk
        self._privacy = privacy
        self._recall = recall
        self._under_way = asyncio.Lock()
        self._users: LRUCache[int, float] = LRUCache(MOST_USERS)
        """People who deleted their data here, and when."""
        self._heard: set[str] = set()
        """What is forgotten here although the note on it stays: its card is still there."""

    async def run(self, clock: Clock) -> None:
        """Follow what others delete, until cancelled."""
        while True:
            try:
                await self.hear()
            except StoreUnavailable as error:  # others who need the store report this more loudly
                log.info("what others deleted is not heard, the store is away: %s", error)
            except Exception:  # whatever it is: the next note must be read
                log.exception("what others deleted could not be forgotten")
            await clock.sleep(EVERY_S)

    async def hear(self) -> frozenset[str]:
        """Forget what was deleted beside this process; return those conversations, and those with cards still there.

        The note on a card stays until the card is gone: pressing its buttons must bring nothing back.
        """
        async with self._under_way:
            removing = self._client.following.removing
            await removing.again()
            heard = {place.key: place for kept in await self._privacy.forgotten() if (place := read(kept)) is not None}
            mine = {key: self._talk.places.get(key) or place for key, place in heard.items() if self._is_ours(place)}
            new = [place for key, place in mine.items() if key not in self._heard]
            if new:
                log.info("deleted beside this process", extra={"count": len(new)})
            await self._all(new)
            standing = removing.standing
            gone = [key for key in mine if key not in standing]
            if gone:
                await self._privacy.heard(gone)
            self._heard = mine.keys() & standing
            return frozenset(mine) | standing

    def _is_ours(self, place: Place) -> bool:
        return is_of(place, self._recall.shards())

    async def user(self, user: int) -> int:
        """Delete everything that is kept about a person; return how many conversations that were.

        Their cards go, too: pressing a button on one would make the bot read, and keep, all of it again. So do the
        buttons in their threads. A note stays in the store until all of that is done.
        """
        async with self._under_way:
            self._users[user] = time.monotonic()
            places = await self._talk.places.all_of_owner(user)
            keys = await self._privacy.forget(str(user), tell=True)
            for key in {*keys} - {place.key for place in places}:
                await self._talk.forget(key)
            await self._all(places)
            ours = {place.key for place in places if self._is_ours(place)}
            standing = self._client.following.removing.standing
            self._heard |= ours & standing
            await self._privacy.heard(ours - standing)
            self._users[user] = time.monotonic()
        return len({place.key for place in places} | {*keys})

    def has_deleted(self, user: int, since: float) -> bool:
        """Tell whether somebody deleted their data after a time of `time.monotonic`: earlier questions are over."""
        return self._users.get(user, 0.0) > since

    async def server(self, guild: int) -> None:
        """Delete everything that is kept about a server."""
        its = {place.key for place in self._talk.places.of_guild(guild)}
        for key in its | {*await self._privacy.forget_server(str(guild))}:
            await self._talk.forget(key)
        await self._client.modes.forget(guild)

    async def unknown(self, known: Callable[[int], bool]) -> list[int]:
        """Return the servers that something is kept about and that are not known (any more), if that can be trusted."""
        kept = {int(server) for server in await self._privacy.servers()} | await self._client.modes.servers()
        unknown = sorted(server for server in kept if not known(server))
        if unknown and not await self._privacy.is_settled():
            log.warning(
                "what is kept of %d servers that this bot does not know stays for now: the database was nobody's, or "
                "another bot's, until less than a day ago", len(unknown),
            )  # fmt: skip
            return []
        return unknown

    async def _all(self, places: Iterable[Place]) -> None:
        for place in places:
            await self._talk.forget(place.key)
        await asyncio.gather(*(self._client.following.take_away(place) for place in places))
