"""Which other places are asked about a look that failed? Those that the operator wants, all at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.checks.course import Seen
from bot.checks.page import Reader
from bot.checks.reach import Reach
from bot.diagnosis.findings import Finding, Vantage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bot.checks.address import Address
    from bot.checks.vantage import globalping
    from bot.checks.vantage.peers import terms
    from bot.checks.vantage.question import IP


class Elsewhere(Protocol):
    """A way to learn what is seen from elsewhere. Never raises except on cancellation."""

    async def look(self, address: Address, ips: Iterable[IP], findings: Iterable[Finding]) -> tuple[Vantage, ...]:
        """Return what other places see of an address whose look failed; nothing if none need or may be asked."""
        ...


@dataclass(frozen=True)
class Wanted:
    """Whom the operator wants to be asked, and on what terms."""

    peers: terms.Terms | None = None
    globalping: globalping.Terms | None = None

    @property
    def patience(self) -> float:
        """How many seconds they may take."""
        return max((terms.patience for terms in (self.peers, self.globalping) if terms is not None), default=0.0)

    @property
    def mark(self) -> str:
        """The same where the same are asked; empty: nobody is."""
        peers = f"+peers:{self.peers.subject}" if self.peers is not None else ""
        return peers + ("+globalping" if self.globalping is not None else "")


class Others:
    """Asks them."""

    def __init__(self, reach: Reach, reader: Reader, wanted: Wanted) -> None:
        self._asked: Sequence[Elsewhere] = tuple(_made(reach, reader, wanted))

    def __bool__(self) -> bool:
        """Tell whether anybody is asked at all."""
        return bool(self._asked)

    async def look(self, seen: Seen) -> tuple[Vantage, ...]:
        """Return what they see of what was looked at here."""
        if seen.refusal is not None:
            return ()
        told = await asyncio.gather(*(each.look(seen.address, seen.addresses, seen.findings) for each in self._asked))
        return tuple(vantage for vantages in told for vantage in vantages)


def _made(reach: Reach, reader: Reader, wanted: Wanted) -> Iterable[Elsewhere]:
    """Make what is wanted: each brings a library that nobody else needs."""
    if wanted.peers is not None:
        from bot.checks.vantage.peers.asking import Peers

        yield Peers(reach, wanted.peers)
    if wanted.globalping is not None:
        from bot.checks.vantage.globalping import Globalping

        yield Globalping(reach, reader, wanted.globalping)
