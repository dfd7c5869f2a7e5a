"""Which parts make up a running installation?"""

from __future__ import annotations

import asyncio
import random
import sys
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.cli import Failed
from bot.cli.log import set_up_command_log
from bot.kb.model import KnowledgeBase, Locale
from bot.settings import PREFIX, SettingsError
from bot.settings.model import PUBLIC_RESOLVERS, Settings, split_resolver

if TYPE_CHECKING:
    from bot.checks.interfaces import Own
    from bot.checks.limits import CheckSettings
    from bot.checks.page import Recognise
    from bot.checks.policy import Policy
    from bot.checks.reach import Reach
    from bot.checks.runner import Runner
    from bot.checks.vantage.globalping import Terms
    from bot.checks.vantage.others import Wanted
    from bot.checks.vantage.peers.account import Account
    from bot.checks.vantage.peers.terms import Terms as PeerTerms
    from bot.engine.run import Engine
    from bot.engine.watcher import Watcher
    from bot.ports import Checker, Kept, Outcomes, Store


LEASE_MARGIN_S = 10.0
"""Beyond the time that a look may take: after that another process takes over."""


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
    set_up_command_log(settings.log_level)


def leave_out_httpx_commands() -> None:
    """Let httpx find no command line of its own, which it would import with rich and Pygments: 4 MiB for nobody."""
    sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None says that it is not there


def make_policy(settings: Settings) -> Policy:
    """Return what the operator allows to be contacted."""
    from bot.checks.policy import Policy

    own = own_side(settings)
    return Policy(
        allow_networks=settings.allow_networks,
        asks_own_servers=any(split_resolver(each)[0] not in PUBLIC_RESOLVERS for each in settings.resolvers),
        allow_ports=frozenset(settings.allow_ports),
        own_addresses=own.addresses,
        own_networks=own.networks,
    )


def own_side(settings: Settings) -> Own:
    """Return what is this machine's own: what the kernel knows of, and what the operator names."""
    from bot.checks.interfaces import Own, own

    found, named = own(), settings.own_addresses
    alone = {net.network_address for net in named if net.num_addresses == 1}
    return Own(found.addresses | alone, (*found.networks, *(net for net in named if net.num_addresses > 1)))


def make_check_settings(settings: Settings) -> CheckSettings:
    """Return how checks are made."""
    from bot.checks.limits import CheckSettings, own_user_agent

    return CheckSettings(
        resolvers=settings.resolvers,
        canary=settings.canary,
        ca_file=str(settings.ca_file) if settings.ca_file else None,
        deadline=settings.check_deadline_s,
        confirm_pause=settings.confirm_after_s,
        user_agent=own_user_agent(settings.contact),
    )


def make_reach(settings: Settings) -> Reach:
    """Return what checks need to reach a server, with the operator's policy."""
    leave_out_httpx_commands()
    from bot.checks.reach import open_reach

    try:
        return open_reach(make_check_settings(settings), make_policy(settings))
    except ValueError as error:
        raise SettingsError(f"{PREFIX}RESOLVERS: {error}. See deploy/env.example.") from error
    except OSError as error:
        raise _no_certificates(error) from error


def check_ca_file(settings: Settings) -> None:
    """Raise SettingsError now if the first look would: whoever looks late must not find it out then."""
    if settings.ca_file is None:
        return
    import ssl

    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=settings.ca_file)
    except OSError as error:
        raise _no_certificates(error) from error


def _no_certificates(error: OSError) -> SettingsError:
    return SettingsError(f"{PREFIX}CA_FILE: it cannot be read as certificates ({error}).")


def known_language(kb: KnowledgeBase, language: str) -> str:
    """Return a language that the bot can speak. Raises Failed for any other."""
    spoken = sorted(name for name, locale in kb.locales.items() if _is_spoken(locale))
    if language not in spoken:
        understood = ", though it is understood" if language in kb.locales else ""
        raise Failed(f'the bot has no words in "{language}"{understood}; it has words in: {", ".join(spoken)}.')
    return language


def _is_spoken(locale: Locale) -> bool:
    """Tell whether a language has words to say; most only have those by which errors and pleas are recognised."""
    return bool(locale.replies or locale.choices or locale.words or locale.overlay)


def make_runner(kb: KnowledgeBase, settings: Settings) -> Runner:
    """Return the checks of this machine."""
    leave_out_httpx_commands()
    from bot.checks.runner import Runner

    return Runner(make_reach(settings), kb.products, recognise=recogniser(kb), others=make_others(settings))


def recogniser(kb: KnowledgeBase) -> Recognise:
    """Return what names the known error whose page an answer is."""
    from bot.diagnosis.identify import identify

    def recognise(_status: int, page: str) -> str | None:
        found = identify(kb, page).match
        return found.error if found is not None else None

    return recognise


def make_others(settings: Settings) -> Wanted:
    """Return whom to ask what is seen from elsewhere, as far as the operator wants it."""
    from bot.checks.vantage.others import Wanted

    return Wanted(make_peers(settings), make_globalping(settings))


def make_globalping(settings: Settings) -> Terms | None:
    """Return how Globalping is asked, or None where the operator does not want it."""
    if "globalping" not in settings.vantages:
        return None
    leave_out_httpx_commands()
    from bot.checks.limits import own_user_agent
    from bot.checks.vantage.api import BASE, Access
    from bot.checks.vantage.globalping import Terms

    token = settings.globalping_token.get_secret_value() if settings.globalping_token else None
    access = Access(settings.globalping_api or BASE, token, own_user_agent(settings.contact))
    return Terms(access, settings.globalping_per_hour)


def make_peers(settings: Settings) -> PeerTerms | None:
    """Return how the operator's other machines are asked, or None where they are not to be."""
    if "peers" not in settings.vantages:
        return None
    from bot.checks.vantage.peers.terms import Terms

    patience = min(settings.peers_timeout_s, settings.check_deadline_s)
    return Terms(make_account(settings), settings.nats_subject, settings.peer_name, patience)


def make_account(settings: Settings) -> Account:
    """Return where NATS is, and who this process is there. Raises SettingsError."""
    from bot.checks.vantage.peers.account import account_in

    if settings.nats_url is None:
        raise SettingsError(f"{PREFIX}NATS_URL: it is not set. See deploy/env.example.")
    try:
        return account_in(settings.nats_url.get_secret_value(), settings.nats_credentials)
    except ValueError as error:
        raise SettingsError(f"{PREFIX}NATS_URL: {error}. See deploy/env.example.") from None


def make_engine(kb: KnowledgeBase, settings: Settings, store: Store, outcomes: Outcomes | None = None) -> Engine:
    """Return an engine over this machine's checks."""
    from bot.engine.experience import Experience
    from bot.engine.run import Engine

    engine = Engine(kb, store, make_runner(kb, settings), SystemClock(), new_id)
    engine.experience = Experience(outcomes, SystemClock())
    return engine


def make_watcher(kb: KnowledgeBase, settings: Settings, kept: Kept, checker: Checker) -> Watcher:
    """Return what looks at the sites that people wait for; any number of processes may have one."""
    from bot.engine.watcher import Watcher

    pace, clock, lease_s = settings.pace(), SystemClock(), 2 * settings.check_deadline_s + LEASE_MARGIN_S
    return Watcher(kb, kept.watches, checker, clock, new_id(), pace, random.random, lease_s, kept.incidents)


def new_id() -> str:
    """Return a name that no other event has."""
    return uuid.uuid4().hex
