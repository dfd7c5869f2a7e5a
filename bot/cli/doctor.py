"""What does `fiveohtwo doctor` look at?"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import asdict, dataclass, replace
from typing import Literal

import click

from bot.cli.compose import SystemClock, make_reach, set_up_logging
from bot.cli.texts import json_of
from bot.diagnosis.findings import Failure, Finding, Outcome
from bot.kb.load import load
from bot.ports import StoreRefused, StoreUnavailable
from bot.settings import load_settings
from bot.settings.model import Settings

Result = Literal["ok", "warn", "fail"]
MARKS: dict[Result, str] = {"ok": "✓", "warn": "!", "fail": "✗"}
COLOURS: dict[Result, str] = {"ok": "green", "warn": "yellow", "fail": "red"}


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at."""

    name: str
    result: Result
    said: str
    remedy: str | None = None


def run_doctor(*, as_json: bool) -> int:
    """Examine the installation; return 1 if something needed is missing."""
    settings = load_settings()
    set_up_logging(settings)
    *network, database = asyncio.run(_outside(settings))
    found = [_python(), _knowledge(settings), *network, _token(settings), database]
    if as_json:
        click.echo(json_of([asdict(item) for item in found], indent=2))
    else:
        for item in found:
            click.secho(f"{MARKS[item.result]} {item.name}: {item.said}", fg=COLOURS[item.result])
            if item.remedy:
                click.echo(f"    {item.remedy}")
    return 1 if any(item.result == "fail" for item in found) else 0


def _python() -> Examined:
    return Examined("python", "ok", ".".join(map(str, sys.version_info[:3])))


def _knowledge(settings: Settings) -> Examined:
    kb = load(overlay=settings.knowledge_dir)
    return Examined("knowledge", "ok", f"{len(kb.errors)} errors, {len(kb.causes)} causes, {len(kb.guides)} guides")


async def _outside(settings: Settings) -> list[Examined]:
    from bot.checks.canary import look

    found = await asyncio.gather(*(_resolver(server) for server in settings.resolvers))
    answering = [item for item in found if item.result == "ok"]
    if not answering:
        found = [replace(item, result="fail") for item in found]
    return [*found, _own_connection(await look(make_reach(settings))), await _database(settings)]


async def _resolver(server: str) -> Examined:
    from bot.checks.nameservers import NameServers

    answer = await NameServers([server], lifetime=3.0).lookup("example.com")
    if answer.failure in (None, Failure.NXDOMAIN, Failure.NO_ADDRESS):
        return Examined("resolver", "ok", f"{server} answers")
    remedy = "Set FIVEOHTWO_RESOLVERS to name servers that this machine may ask."
    return Examined("resolver", "warn", f"{server}: {answer.failure.value}", remedy)


def _own_connection(finding: Finding) -> Examined:
    match finding.outcome:
        case Outcome.OK:
            return Examined("connection", "ok", f"proved by {_listed(finding.facts.get('answered'))}")
        case Outcome.SKIP:
            remedy = "Set FIVEOHTWO_CANARY to addresses that always answer; without them no verdict is certain."
            return Examined("connection", "warn", "no canary is set", remedy)
        case _:
            remedy = "Check this machine's way to the internet, or set FIVEOHTWO_CANARY to addresses it may reach."
            return Examined("connection", "fail", f"no answer from {_listed(finding.facts.get('failed'))}", remedy)


def _listed(hosts: object) -> str:
    return ", ".join(map(str, hosts)) if isinstance(hosts, list) else str(hosts)


def _token(settings: Settings) -> Examined:
    if settings.discord_token is None:
        remedy = "Set FIVEOHTWO_DISCORD_TOKEN to run the Discord bot; the terminal works without it."
        return Examined("discord", "warn", "no token", remedy)
    return Examined("discord", "ok", "a token is set")


async def _database(settings: Settings) -> Examined:
    """Open what is there; what the first start would make is not made by a look."""
    from bot.cli.stores import address_of
    from bot.storage.sql import Database

    address = address_of(settings)
    if address.kind == "memory":
        return Examined(
            "database", "warn", "memory: all is forgotten when the process ends", "Set FIVEOHTWO_DATABASE_URL."
        )
    if address.kind == "sqlite" and not address.path.exists():
        return Examined("database", "ok", f"{address.place}, to be made at the first start")
    database = Database(address, SystemClock())
    try:
        await database.open()
    except (StoreRefused, StoreUnavailable) as error:
        return Examined("database", "fail", str(error), "Set FIVEOHTWO_DATABASE_URL to one that can be used.")
    finally:
        await database.aclose()
    return Examined("database", "ok", f"{address.place} is ready")
