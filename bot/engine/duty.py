"""Who goes on with the conversations of a process that died? Another one, when its lease is over.

Each process is responsible for the shards that it is connected to, and says so again and again. When nobody is any
more, another process takes over: it carries out what is pending there, until the shard's own process is back. Both may
do so for a moment; a look that is done twice harms nobody, and its result is accepted once (`outbox.py`).
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.ports import Claim, Clock, Duties, Shard, StoreUnavailable

log = logging.getLogger(__name__)

LEASE_S = 30.0
"""For this long after its last sign a process counts as alive."""
SIGN_EVERY_S = 10.0


@dataclass
class Duty:
    """One process's part."""

    duties: Duties
    clock: Clock
    holder: str
    surface: str
    own: frozenset[Shard]
    took: Callable[[frozenset[Shard]], Awaitable[None]]
    """Goes on with what is pending for these shards."""
    lost: Callable[[frozenset[Shard]], None]
    """Their own process is back: leaves them alone."""
    lease_s: float = LEASE_S
    sign_every_s: float = SIGN_EVERY_S

    async def run(self) -> None:
        """Give signs, and take over what nobody is responsible for, until cancelled."""
        others: frozenset[Shard] = frozenset()
        while True:
            others = await self._sign(others)
            await self.clock.sleep(self.sign_every_s)

    async def _sign(self, others: frozenset[Shard]) -> frozenset[Shard]:
        """Give one sign; return the shards of others that this process is now responsible for."""
        now = self.clock.now()
        claim = Claim(self.holder, now, now + timedelta(seconds=self.lease_s), len(self.own))
        try:
            held = await self.duties.hold(self.surface, self.own, claim) - self.own
            if gone := others - held:
                log.info("their own process is back", extra={"shards": _names(gone)})
                self.lost(gone)
            if new := held - others:
                log.warning("nobody answers for these shards any more", extra={"shards": _names(new)})
                await self.took(new)
        except StoreUnavailable as error:
            log.warning("no sign could be given, the store is away: %s", error)
            return others
        except Exception:
            log.exception("shards of others could not be taken on")
            return others
        return held

    async def lay_down(self) -> None:
        """Say that this process ends, so that others need not wait for its lease."""
        try:
            await self.duties.lay_down(self.surface, self.holder, self.clock.now())
        except StoreUnavailable as error:
            log.warning("the end is not noted, the store is away: %s", error)


def _names(shards: frozenset[Shard]) -> list[str]:
    return [f"{shard.number}/{shard.total}" for shard in sorted(shards)]
