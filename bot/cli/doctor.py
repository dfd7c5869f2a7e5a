"""What does `fiveohtwo doctor` look at?"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from collections.abc import Awaitable
from dataclasses import asdict, replace
from errno import EADDRINUSE
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import click

from bot.cli import Failed
from bot.cli.compose import (
    SystemClock,
    known_language,
    leave_out_httpx_commands,
    make_globalping,
    make_peers,
    make_reach,
    own_side,
    set_up_logging,
)
from bot.cli.examined import CLOCK_OFF_S, COLOURS, MARKS, Examined
from bot.cli.reader import reader_may_leave
from bot.cli.texts import json_of
from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.diagnosis.neutral import neutral
from bot.kb.load import load
from bot.ports import StoreRefused, StoreUnavailable
from bot.settings import SettingsError, load_settings
from bot.settings.model import Settings

if TYPE_CHECKING:
    from bot.checks.reach import Reach
    from bot.checks.vantage.globalping import Terms
    from bot.storage.address import Address
    from bot.surfaces.discord.granted import Granted

log = logging.getLogger(__name__)

ROOM = 65536
"""Bytes that must be free beside the database: some pages of its log."""
USABLE = "Set FIVEOHTWO_DATABASE_URL to one that can be used."


def run_doctor(*, as_json: bool) -> int:
    """Examine the installation; return 1 if something needed is missing."""
    settings = load_settings()
    set_up_logging(settings)
    found = [_python(), _knowledge(settings), _own_side(settings), *asyncio.run(_outside(settings))]
    with reader_may_leave():
        _print(found, as_json=as_json)
    return 1 if any(item.result == "fail" for item in found) else 0


def _print(found: list[Examined], *, as_json: bool) -> None:
    if as_json:
        click.echo(json_of([asdict(item) for item in found], indent=2))
        return
    for item in found:
        click.secho(f"{MARKS[item.result]} {item.name}: {item.said}", fg=COLOURS[item.result])
        if item.remedy:
            click.echo(f"    {item.remedy}")


def _python() -> Examined:
    return Examined("python", "ok", ".".join(map(str, sys.version_info[:3])))


def _knowledge(settings: Settings) -> Examined:
    kb = load(overlay=settings.knowledge_dir)
    try:
        known_language(kb, settings.language)
    except Failed as error:
        return Examined("knowledge", "fail", error.message, "Set FIVEOHTWO_LANGUAGE to one of these.")
    return Examined("knowledge", "ok", f"{len(kb.errors)} errors, {len(kb.causes)} causes, {len(kb.guides)} guides")


def _own_side(settings: Settings) -> Examined:
    """Is it known what the bot must never be sent to? A public address may be on no interface of this machine."""
    own = own_side(settings)
    said = f"{len(own.addresses)} addresses and {len(own.networks)} networks are never contacted as its own"
    if not (unknown := own.unknown_families()):
        return Examined("own side", "ok", said)
    families = " and ".join(f"IPv{version}" for version in unknown)
    remedy = (
        "Behind NAT and in a container the public address is on no interface: name it, and what else is yours there, "
        "in FIVEOHTWO_OWN_ADDRESSES, so that nobody can have the bot look at it."
    )
    return Examined("own side", "warn", f"no public address for {families} is known; {said}", remedy)


async def _outside(settings: Settings) -> list[Examined]:
    leave_out_httpx_commands()
    from bot.checks.canary import look

    found = await asyncio.gather(*(_told("resolver", _resolver(server)) for server in settings.resolvers))
    answering = [item for item in found if item.result == "ok"]
    if not answering:
        found = [replace(item, result="fail") for item in found]
    reach = make_reach(settings)
    connection, terms = await _told("connection", _own_connection(look(reach))), make_globalping(settings)
    elsewhere = [] if terms is None else [_told("globalping", _globalping(terms, settings, reach))]
    if (peers := make_peers(settings)) is not None:
        from bot.cli.doctor_peers import examine_peers

        elsewhere.append(_told("peers", examine_peers(peers, reach)))
    asking = asyncio.ensure_future(_granted_to(settings))
    here = {"clock": _clock(reach), "discord": _discord(settings, asking), "database": _database(settings, asking)}
    examined = await asyncio.gather(*elsewhere, *(_told(name, examining) for name, examining in here.items()))
    return [*found, connection, *examined, *_numbers(settings)]


async def _told(name: str, examining: Awaitable[Examined]) -> Examined:
    """Return what was found; a fault in examining one thing is reported for that thing, and the others are examined."""
    try:
        return await examining
    except SettingsError:
        raise
    except Exception as error:
        log.debug("%s could not be examined", name, exc_info=True)
        remedy = "FIVEOHTWO_LOG_LEVEL=debug shows where; the other lines hold."
        return Examined(name, "fail", f"could not be examined: {type(error).__name__}", remedy)


async def _resolver(server: str) -> Examined:
    from bot.checks.nameservers import NameServers

    answer = await NameServers([server], lifetime=3.0).lookup("example.com")
    if answer.failure in (None, Failure.NXDOMAIN, Failure.NO_ADDRESS):
        return Examined("resolver", "ok", f"{server} answers")
    remedy = "Set FIVEOHTWO_RESOLVERS to name servers that this machine may ask."
    return Examined("resolver", "warn", f"{server}: {answer.failure.value}", remedy)


async def _own_connection(looking: Awaitable[Finding]) -> Examined:
    finding = await looking
    match finding.outcome:
        case Outcome.OK:
            return Examined("connection", "ok", f"proved by {_listed(finding.facts.get('answered'))}")
        case Outcome.SKIP:
            remedy = "Set FIVEOHTWO_CANARY to addresses that always answer; without them no verdict is certain."
            return Examined("connection", "warn", "no canary is set", remedy)
        case _:
            remedy = "Check this machine's way to the internet, or set FIVEOHTWO_CANARY to addresses it may reach."
            return Examined("connection", "fail", f"no answer from {_listed(finding.facts.get('failed'))}", remedy)


async def _globalping(terms: Terms, settings: Settings, reach: Reach) -> Examined:
    """Ask how many tests are left; that costs none."""
    from bot.checks.vantage.allowance import allowance_of

    left = await allowance_of(terms.access, reach)
    if left is None:
        remedy = (
            "Check this machine's way to api.globalping.io, and FIVEOHTWO_GLOBALPING_TOKEN if it is set; "
            "until it answers, the bot tells what it sees from here alone."
        )
        return Examined("globalping", "warn", "no usable answer", remedy)
    whose = "this account" if left.account else "this machine's address"
    said = f"reachable; {left.remaining} of {left.limit} tests an hour are left for {whose}"
    if settings.globalping_token is not None and not left.account:
        remedy = "Make a new one at https://dash.globalping.io/tokens and set FIVEOHTWO_GLOBALPING_TOKEN anew."
        return Examined("globalping", "warn", f"{said}: the token is not taken", remedy)
    return Examined("globalping", "ok", said)


def _listed(hosts: object) -> str:
    return ", ".join(map(str, hosts)) if isinstance(hosts, list) else str(hosts)


async def _clock(reach: Reach) -> Examined:
    """A wrong clock makes good certificates look expired, and shows wrong times."""
    from bot.checks.clock import offset_s

    off = await offset_s(reach, SystemClock().now)
    if off is None:
        return Examined("clock", "warn", "nobody to compare it with", "Set FIVEOHTWO_CANARY to addresses that answer.")
    if abs(off) < CLOCK_OFF_S:
        return Examined("clock", "ok", "agrees with others")
    way = "ahead of" if off > 0 else "behind"
    remedy = "Set this machine's clock, best by NTP (timedatectl set-ntp true)."
    return Examined("clock", "fail", f"{round(abs(off))} s {way} others", remedy)


def _numbers(settings: Settings) -> list[Examined]:
    """Try to expose metrics, where they are wanted."""
    if settings.metrics is None:
        return []
    from bot.cli.meters import obstacle_at, why

    obstacle = obstacle_at(settings.metrics)
    if obstacle is None:
        return [Examined("numbers", "ok", f"can be told at {settings.metrics}")]
    if obstacle.errno == EADDRINUSE:
        remedy = "Nothing needs to be done if that is this bot; else set FIVEOHTWO_METRICS to a port that is free."
        return [Examined("numbers", "warn", f"{settings.metrics} is taken by a process that runs", remedy)]
    remedy = "Set FIVEOHTWO_METRICS to a port, or to an address of this machine and a port."
    return [Examined("numbers", "fail", f"{settings.metrics} cannot be used ({why(obstacle)})", remedy)]


async def _granted_to(settings: Settings) -> Granted | None:
    """Ask Discord about the token, if there is one."""
    if settings.discord_token is None:
        return None
    from bot.surfaces.discord.granted import ask
    from bot.surfaces.discord.standin import point_at

    point_at(settings.discord_api, settings.discord_gateway)
    return await ask(settings.discord_token.get_secret_value())


async def _discord(settings: Settings, asking: Awaitable[Granted | None]) -> Examined:
    from bot.surfaces.discord.granted import NoAnswerError, NotGrantedError

    try:
        granted = await asking
    except NotGrantedError:
        remedy = "Reset it in the developer portal and set FIVEOHTWO_DISCORD_TOKEN anew."
        return Examined("discord", "fail", "Discord does not take the token", remedy)
    except NoAnswerError as error:
        remedy = "Check this machine's way to discord.com, and https://discordstatus.com."
        return Examined("discord", "fail", f"Discord cannot be asked: {error}", remedy)
    if granted is None:
        remedy = "Set FIVEOHTWO_DISCORD_TOKEN to run the Discord bot; the terminal works without it."
        return Examined("discord", "warn", "no token", remedy)
    return _granted(granted, wanted=settings.discord_message_content)


def _granted(granted: Granted, *, wanted: bool) -> Examined:
    name = neutral(granted.name)
    if granted.clicks_elsewhere:
        remedy = "Remove the interactions endpoint URL in the developer portal (General Information)."
        return Examined("discord", "fail", f"{name}: commands and clicks are sent to an address, not here", remedy)
    if wanted and not granted.reads_messages:
        remedy = (
            "Switch the message content intent on in the developer portal (Bot), "
            "or set FIVEOHTWO_DISCORD_MESSAGE_CONTENT=false: all but cards under pasted errors works without it."
        )
        return Examined("discord", "fail", f"{name}: Discord does not grant the message content intent", remedy)
    reads = "reads messages for pasted errors" if wanted else "reads no messages; commands, menus and mentions work"
    return Examined("discord", "ok", f"logged in as {name}; {reads}")


async def _database(settings: Settings, asking: Awaitable[Granted | None]) -> Examined:
    """Read what is there; what the first start would create or change is left to it."""
    from bot.cli.stores import address_of

    address = address_of(settings)
    if address.kind == "memory":
        return Examined(
            "database", "warn", "memory: all is forgotten when the process ends", "Set FIVEOHTWO_DATABASE_URL."
        )
    if address.kind == "sqlite":
        there, obstacle = await asyncio.to_thread(_file, address.path)
        if obstacle is not None:
            return Examined("database", "fail", f"{address.place}: {obstacle}", USABLE)
        if not there:
            return Examined("database", "ok", f"{address.place}, to be made at the first start")
    try:
        granted = await asking
    except Exception:  # noqa: BLE001 - what is wrong there is told of Discord
        granted = None
    return await _schema(address, str(granted.id) if granted else None)


async def _schema(address: Address, application: str | None) -> Examined:
    from bot.cli.stores import SURFACE
    from bot.storage.ours import NEWEST, Bot, judge_owner
    from bot.storage.sql import examine

    try:
        revision, may_change, owner = await examine(address, SURFACE)
        if application is not None:
            judge_owner(owner, Bot(SURFACE, application))
    except (StoreRefused, StoreUnavailable) as error:
        return Examined("database", "fail", str(error), USABLE)
    if not may_change:
        remedy = "Let its role make tables: GRANT USAGE, CREATE ON SCHEMA public TO the role."
        return Examined("database", "fail", f"{address.place}: the role may make no tables", remedy)
    passed = f"; passed over in its address: {', '.join(address.passed_over)}" if address.passed_over else ""
    if revision == NEWEST:
        return Examined("database", "ok", f"{address.place} is ready{passed}")
    state = "is empty; its tables are made" if revision is None else f"has an older schema ({revision}); it is upgraded"
    return Examined("database", "ok", f"{address.place} {state} at the next start{passed}")


def _file(path: Path) -> tuple[bool, str | None]:
    """Tell whether a file is there, and why it could not be written or created; the attempt leaves nothing behind."""
    try:
        there = _is_there(path)
        if there:
            path.open("r+b").close()
        place = path.parent if there else next(folder for folder in path.parents if _is_there(folder))
        with TemporaryFile(dir=place) as attempt:
            attempt.write(bytes(ROOM))
            attempt.flush()
            os.fsync(attempt.fileno())
            return there, None
    except OSError as error:
        return False, error.strerror or type(error).__name__


def _is_there(path: Path) -> bool:
    """Tell whether a path exists. Raises OSError where nobody can tell (`Path.exists` says no on newer Pythons)."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
