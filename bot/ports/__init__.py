"""What must the outside provide? The engine knows these protocols and nothing that implements them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from bot.conversation.effects import Effect
from bot.conversation.replies import Reply
from bot.conversation.state import State
from bot.diagnosis.experience import Tally
from bot.diagnosis.findings import Finding, Report
from bot.diagnosis.incidents import Others
from bot.diagnosis.recovery import Course, Next, Recovery
from bot.kb.lists import Service
from bot.ports.askers import NOBODY as NOBODY
from bot.ports.askers import WATCHES as WATCHES
from bot.ports.askers import Asker as Asker
from bot.ports.counts import Counts as Counts
from bot.ports.privacy import KeptPlace as KeptPlace
from bot.ports.privacy import Privacy as Privacy
from bot.ports.sharing import Act as Act
from bot.ports.sharing import Acts as Acts
from bot.ports.sharing import Busy as Busy
from bot.ports.sharing import Claim as Claim
from bot.ports.sharing import Duties as Duties
from bot.ports.sharing import Looks as Looks
from bot.ports.sharing import Rate as Rate
from bot.ports.sharing import Shard as Shard
from bot.ports.sharing import Turn as Turn
from bot.ports.sharing import Wanted as Wanted

OnFinding = Callable[[Finding], None]


class Checker(Protocol):
    """Looks at sites."""

    async def run(
        self,
        url: str,
        *,
        fresh: bool = False,
        elsewhere: bool = False,
        on_finding: OnFinding | None = None,
        by: Asker = NOBODY,
    ) -> Report:
        """Check an address, or one without a scheme (`//host/path`); announce each finding; with `elsewhere` ask other
        places, too; `by` says on whose account. Never raises for a site."""
        ...


class Clock(Protocol):
    """Knows the time."""

    def now(self) -> datetime:
        """Return the present time, in UTC."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Return after this many seconds, whatever the wall clock does meanwhile."""
        ...


@dataclass(frozen=True, slots=True)
class Stored:
    """A conversation as it was committed."""

    state: State
    version: int


class Due(NamedTuple):
    """An effect, and the time before which it is not carried out."""

    effect: Effect
    at: datetime


class Line(NamedTuple):
    """A reply with its name: the same line after a restart has the same name."""

    id: str
    reply: Reply


@dataclass(frozen=True, slots=True)
class Commit:
    """What one event changes: all of it is saved, or nothing."""

    key: str
    expected: int
    """The version that the step was made from, 0 for a new conversation."""
    state: State
    at: datetime
    effects: tuple[Due, ...] = ()
    replies: tuple[Line, ...] = ()
    settles: frozenset[str] = frozenset()
    """Effects whose results the conversation no longer waits for: they are pending no longer."""
    copies: tuple[str, int] | None = None
    """The conversation, at its version, that a new one is a copy of: one that is gone cannot be copied."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What was committed for a conversation and is not done yet, in the order in which it was committed."""

    key: str
    effects: tuple[Due, ...] = ()
    replies: tuple[Line, ...] = ()


class Conflict(Exception):  # noqa: N818 - names what happened
    """Somebody else committed or deleted this conversation in between: load it again and repeat the step."""


class StoreUnavailable(Exception):  # noqa: N818 - names what happened
    """The store is not answering. Whether a commit that was under way took place is not known."""


class StoreRefused(Exception):  # noqa: N818 - names what happened
    """The store must not be used by this release; the text says why, and what to do."""


class Store(Protocol):
    """Keeps conversations, and what is still to be said and done for them. Every method may raise StoreUnavailable."""

    async def load(self, key: str, *, sure: bool = False) -> Stored | None:
        """Return the newest committed state of a conversation.

        What another process committed, or deleted, is sure to be seen only with `sure`, and while the store answers.
        """
        ...

    async def commit(self, commit: Commit) -> int:
        """Save an event's changes together; return the new version once they are saved. Raises `Conflict`."""
        ...

    async def shown(self, key: str, line: str) -> None:
        """Note that a line, and thus every line before it, was shown: they are pending no longer."""
        ...

    async def pending(self, key: str | None = None) -> tuple[Pending, ...]:
        """Return what is pending, of one conversation or of all."""
        ...

    async def forget(self, key: str) -> None:
        """Delete a conversation and all that is pending for it."""
        ...


class StatusPages(Protocol):
    """Asks official status pages."""

    async def state_of(self, service: Service) -> str | None:
        """Return what a service says about itself in its own words (hostile text), or None if it cannot be read."""
        ...


class Preferences(Protocol):
    """Keeps what people set: small values under a kind, a scope (a server, a person) and a name."""

    async def all(self, kind: str) -> tuple[tuple[str, str, str], ...]:
        """Return all (scope, name, value) of a kind."""
        ...

    async def put(self, kind: str, scope: str, name: str, value: str) -> None:
        """Set one value."""
        ...

    async def drop(self, kind: str, scope: str, name: str) -> None:
        """Delete one value, if it is there."""
        ...

    async def forget(self, kind: str, scope: str) -> None:
        """Delete all values of a scope."""
        ...


class PlaceBook(Protocol):
    """Keeps where one surface holds its conversations."""

    async def all(self) -> tuple[KeptPlace, ...]:
        """Return all places, the oldest first."""
        ...

    def put(self, place: KeptPlace) -> None:
        """Keep a place; it is saved no later than any event that is committed after this call."""
        ...

    def forget(self, key: str) -> None:
        """Forget a place."""
        ...


@dataclass(frozen=True, slots=True)
class Watch:
    """Somebody waits until an address is back."""

    id: str
    url: str
    """Canonical, without user information; without a scheme (`//host/path`) where none was given."""
    surface: str
    owner: str
    """The person, as the surface names people."""
    body: str
    """The surface's own note of where they asked, as JSON."""
    asked_at: datetime
    expires_at: datetime
    server: str | None = None


class Look(NamedTuple):
    """An address that is due, and how the looks at it have gone so far."""

    url: str
    course: Course


class Claimed(NamedTuple):
    """Looks that one process has claimed."""

    looks: tuple[Look, ...]
    next_at: datetime | None
    """When there is something to claim again, as far as is known now."""


class News(NamedTuple):
    """What somebody who waits is to be told: how far the address is back, or that they have waited long enough."""

    watch: Watch
    what: Recovery | Literal["expired"]
    at: datetime


class TooManyWatches(Exception):  # noqa: N818 - names what happened
    """This person, or this server, waits for too many addresses; `who` tells which."""

    def __init__(self, who: Literal["user", "server"], most: int) -> None:
        super().__init__(f"{who}: {most}")
        self.who = who
        self.most = most


class Watches(Protocol):
    """Keeps who waits for which address. Every method but `changed` may raise StoreUnavailable.

    Work is claimed by a holder (a process) until a time; what it has not finished by then may be claimed by another.
    """

    async def add(self, watch: Watch, *, most_user: int, most_server: int) -> Watch:
        """Keep a watch; whoever waits for the address already asks again, under the old name. Raises TooManyWatches."""
        ...

    async def of(self, surface: str, owner: str) -> tuple[Watch, ...]:
        """Return what a person waits for, the oldest first."""
        ...

    async def drop(self, surface: str, owner: str, watch: str) -> bool:
        """Stop waiting; False if this person has no such watch."""
        ...

    async def claim(self, claim: Claim) -> Claimed:
        """Claim addresses that are due, and give up expired watches."""
        ...

    async def settle(self, holder: str, url: str, after: Next, now: datetime) -> bool:
        """Note the result of a look; False if somebody else has claimed the address meanwhile."""
        ...

    async def claim_news(self, surface: str, claim: Claim) -> tuple[News, ...]:
        """Claim people to tell."""
        ...

    async def told(self, holder: str, watch: str) -> None:
        """Note that a person was told (or can never be): the watch is over."""
        ...

    async def changed(self, seen: int, within_s: float) -> int:
        """Return how often something changed, as soon as that is not `seen`, at the latest after this many seconds."""
        ...


class Met(NamedTuple):
    """A person on a server, an error of a site that they met or ask about, and when."""

    server: str
    site: str
    """The registrable name (`diagnosis.site`)."""
    owner: str
    """The person, as the surface names people."""
    at: datetime


class Incidents(Protocol):
    """Keeps who has lately met an error of which site, by server. Every method may raise StoreUnavailable."""

    async def note(self, met: Met) -> None:
        """Note that somebody met it; the same person counts once."""
        ...

    async def others(self, met: Met) -> Others | None:
        """Return who else met it there within the window (`diagnosis.incidents`), None if that is no incident."""
        ...

    async def withdraw(self, met: Met) -> None:
        """Forget that this person met it: they withdrew it."""
        ...

    async def over(self, site: str, seen_at: datetime) -> None:
        """The site was seen up at a time: forget what was reported until then, on all servers."""
        ...


class Outcomes(Protocol):
    """Keeps how often which step helped against which cause; counts only. Both methods may raise StoreUnavailable."""

    async def all(self) -> dict[str, tuple[Tally, ...]]:
        """Return all counts by cause."""
        ...

    async def count(self, cause: str, guide: str, step: str, *, solved: bool) -> None:
        """Count that a step was tried once more, and whether it was the end of the trouble."""
        ...


@dataclass(frozen=True)
class Kept:
    """All that is stored, in one place or another."""

    store: Store
    preferences: Preferences
    book: PlaceBook
    privacy: Privacy
    watches: Watches
    incidents: Incidents
    outcomes: Outcomes
    duties: Duties
    close: Callable[[], Awaitable[None]]
    looks: Looks | None = None
    """Only where several processes may share: a lone process needs nobody's looks, and counts by itself."""
    acts: Acts | None = None
