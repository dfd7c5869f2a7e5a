"""Who else on the server met it? Asked during a look and noted at a paste; nobody waits long for it.

What others met is extra evidence: while the store is away a conversation goes on without it.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine
from typing import Any, NamedTuple, TypeVar

from bot.conversation.state import State
from bot.diagnosis.findings import Report
from bot.diagnosis.incidents import Others
from bot.diagnosis.site import site_of
from bot.engine.under_way import UnderWay
from bot.kb.model import State as SiteState
from bot.ports import Clock, Incidents, Met

log = logging.getLogger(__name__)

PATIENCE_S = 2.0
"""No conversation waits longer than this to learn of others."""
Answer = TypeVar("Answer")


class Whose(NamedTuple):
    """A person on a server, as the surface names them."""

    server: str
    owner: str


class Company:
    """Knows of others, as far as the stored incidents tell; without any, of nobody."""

    def __init__(self, incidents: Incidents | None, clock: Clock) -> None:
        self._incidents = incidents
        self._clock = clock
        self._questions = UnderWay(_missed)
        self.whose: Callable[[str], Whose | None] = lambda _key: None
        """Tells whose a conversation is; the surface knows. None: nobody's on any server."""

    async def met(self, whose: Whose, host: str) -> None:
        """Note that somebody met an error of a host."""
        if self._incidents is not None:
            await self._soon(self._incidents.note(self._as_met(whose, host)))

    async def withdraw(self, whose: Whose | None, host: str | None) -> None:
        """Forget that somebody met an error of a host: they withdrew it."""
        if self._incidents is not None and whose is not None and host is not None:
            await self._soon(self._incidents.withdraw(self._as_met(whose, host)))

    async def others(self, whose: Whose | None, host: str) -> Others | None:
        """Return who else met an error of that host's site."""
        if self._incidents is None or whose is None:
            return None
        return await self._soon(self._incidents.others(self._as_met(whose, host)))

    async def looked(self, state: State, report: Report) -> None:
        """A conversation has accepted a look: if it found the site up, the incident is over on all servers."""
        verdict = state.verdict
        if self._incidents is None or verdict is None or state.report != report:
            return
        if verdict.state is SiteState.UP and report.refusal is None:
            await self._soon(self._incidents.over(site_of(report.host), report.checked_at))

    async def aclose(self) -> None:
        """Wait for nothing any more."""
        await self._questions.aclose()

    def _as_met(self, whose: Whose, host: str) -> Met:
        return Met(whose.server, site_of(host), whose.owner, self._clock.now())

    async def _soon(self, asked: Coroutine[Any, Any, Answer]) -> Answer | None:
        """Return the answer, None if it does not come in time; a question under way is not broken off."""
        task = await self._questions.ask(asked, PATIENCE_S)
        return task.result() if task is not None and task.exception() is None else None


def _missed(error: BaseException) -> None:
    log.warning("others are not known: %s", type(error).__name__)
