"""Which parts make up a running installation?"""

from __future__ import annotations

import asyncio
import logging
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.kb.model import KnowledgeBase
from bot.settings import PREFIX, SettingsError
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.checks.reach import Reach
    from bot.checks.runner import Runner
    from bot.engine.run import Engine
    from bot.ports import Outcomes, Store


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """See `ports.Clock`."""
        return datetime.now(UTC)  # noqa: TID251 - the one clock that all others are given

    async def sleep(self, seconds: float) -> None:
        """See `ports.Clock`."""
        await asyncio.sleep(seconds)


def set_up_logging(settings: Settings) -> None:
    """Log to stderr, at the level that the operator wants."""
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")


def make_reach(settings: Settings) -> Reach:
    """Return what checks need to reach a server, with the operator's policy."""
    from bot.checks.dial import interface_addresses
    from bot.checks.limits import CheckSettings, own_user_agent
    from bot.checks.policy import Policy
    from bot.checks.reach import open_reach

    policy = Policy(
        allow_networks=settings.allow_networks,
        allow_ports=frozenset(settings.allow_ports),
        own_addresses=interface_addresses(),
    )
    checks = CheckSettings(
        resolvers=settings.resolvers,
        canary=settings.canary,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
        deadline=settings.check_deadline_s,
        confirm_pause=settings.confirm_after_s,
        user_agent=own_user_agent(settings.contact),
    )
    try:
        return open_reach(checks, policy)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}RESOLVERS: {error}. See deploy/env.example.") from error
    except OSError as error:
        raise SettingsError(f"{PREFIX}CA_FILE: it cannot be read as certificates ({error}).") from error


def make_runner(kb: KnowledgeBase, settings: Settings) -> Runner:
    """Return the checks of this machine."""
    from bot.checks.runner import Runner
    from bot.diagnosis.identify import identify

    def recognise(_status: int, page: str) -> str | None:
        found = identify(kb, page).match
        return found.error if found is not None else None

    return Runner(make_reach(settings), kb.products, recognise=recognise)


def make_engine(kb: KnowledgeBase, settings: Settings, store: Store, outcomes: Outcomes | None = None) -> Engine:
    """Return an engine over this machine's checks."""
    from bot.engine.experience import Experience
    from bot.engine.run import Engine

    engine = Engine(kb, store, make_runner(kb, settings), SystemClock(), new_id)
    engine.experience = Experience(outcomes, SystemClock())
    return engine


def new_id() -> str:
    """Return a name that no other event has."""
    return uuid.uuid4().hex
