"""Which cards are to go, but are still there because Discord refused their deletion? They are tried again."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import NamedTuple

import discord
from cachetools import LRUCache

from bot.surfaces.discord.places import Place
from bot.surfaces.discord.screens import UNREACHABLE

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 2.0, 3600.0
MOST = 2000
"""Cards that are tried again; the oldest is given up first."""


class Standing(NamedTuple):
    """A card that is to go."""

    place: Place
    due: float
    pause_s: float


class Removing:
    """Cards of one process."""

    def __init__(
        self, message: Callable[[int, int], discord.PartialMessage], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._message = message
        self._now = now
        self._standing: LRUCache[str, Standing] = LRUCache(MOST)

    @property
    def standing(self) -> frozenset[str]:
        """Return the conversations whose cards are to go."""
        return frozenset(self._standing)

    async def remove(self, place: Place) -> bool:
        """Delete a card; False: it is still there, and is tried again."""
        known = self._standing.get(place.key)
        if place.message is None or place.guest or (known is not None and known.due > self._now()):
            return known is None
        try:
            await self._message(place.channel, place.message).delete()
        except discord.NotFound:
            pass
        except UNREACHABLE as error:
            log.info("card not removed", extra={"code": getattr(error, "code", None)})
            pause = min(2 * known.pause_s, LONGEST_PAUSE_S) if known is not None else FIRST_PAUSE_S
            self._standing[place.key] = Standing(place, self._now() + pause, pause)
            return False
        self._standing.pop(place.key, None)
        return True

    async def again(self) -> None:
        """Retry those that are due."""
        for standing in list(self._standing.values()):
            await self.remove(standing.place)
