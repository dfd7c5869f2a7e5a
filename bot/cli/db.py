"""What can an operator do with the database? Bring its schema up to date; show or delete what is kept of a person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click

from bot.cli import Failed
from bot.cli.compose import SystemClock, set_up_logging
from bot.cli.stores import SURFACE, address_of
from bot.cli.texts import json_of
from bot.ports import StoreRefused, StoreUnavailable
from bot.settings import load_settings
from bot.storage import schema
from bot.storage.sql import Database, SqlPrivacy

Answer = TypeVar("Answer")


def run_upgrade() -> None:
    """Bring the schema up to date."""

    async def upgrade(database: Database) -> str | None:
        return await database.ask(schema.current)

    click.echo(f"The database is ready (schema {_with_database(upgrade)}).")


def run_export(user: str) -> None:
    """Print everything that is kept about a person as JSON."""

    async def export(database: Database) -> list[dict[str, object]]:
        return await SqlPrivacy(database, SURFACE).export(user)

    click.echo(json_of(_with_database(export), indent=2))


def run_forget(user: str) -> None:
    """Delete everything that is kept about a person."""

    async def forget(database: Database) -> int:
        return len(await SqlPrivacy(database, SURFACE).forget(user))

    click.echo(f"Deleted: {_with_database(forget)} conversation(s) and all settings of {user}.")


def _with_database(work: Callable[[Database], Awaitable[Answer]]) -> Answer:
    settings = load_settings()
    set_up_logging(settings)
    address = address_of(settings)
    if address.kind == "memory":
        raise Failed("FIVEOHTWO_DATABASE_URL says memory: there is no database.")

    async def run() -> Answer:
        database = Database(address, SystemClock())
        try:
            await database.open()
            return await work(database)
        finally:
            await database.aclose()

    try:
        return asyncio.run(run())
    except StoreRefused as error:
        raise Failed(str(error)) from None
    except StoreUnavailable as error:
        raise Failed(f"the database cannot be used: {error}.") from None
