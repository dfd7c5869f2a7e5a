"""What can an operator do with the database?

Bring its schema up to date, show or delete what is kept about a person, see which steps helped.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import click

from bot.cli import Failed
from bot.cli.compose import SystemClock, set_up_logging
from bot.cli.knowledge import knowledge
from bot.cli.stores import SURFACE, address_of, unusable
from bot.cli.texts import json_of
from bot.diagnosis.experience import Tally
from bot.diagnosis.plan import Profile, plan
from bot.diagnosis.verdict import Verdict
from bot.kb.model import KnowledgeBase
from bot.ports import StoreRefused, StoreUnavailable
from bot.settings import load_settings
from bot.storage import queries, schema, whose
from bot.storage.outcomes import SqlOutcomes
from bot.storage.sql import Database, SqlPrivacy
from bot.surfaces.terminal.app import KEY

Answer = TypeVar("Answer")
FORGOTTEN_SOON = (
    "What a running bot still has in memory it forgets within some seconds, and takes its answers under their messages "
    "away; a bot that is not running does so at its next start, if that is within a week."
)
DELETED = {
    "conversations": "conversation(s)",
    "watchers": "watch(es)",
    "reports": "report(s) of a site in trouble",
    "acts": "counted request(s)",
    "preferences": "setting(s)",
}
"""What the rows of a table mean to an operator."""
USER = re.compile(r"(?:<@!?)?([0-9]{1,20})>?")
"""A person of Discord, by id or by mention."""


def run_upgrade() -> None:
    """Bring the schema up to date."""

    async def upgrade(database: Database) -> str | None:
        return await database.ask(schema.current)

    click.echo(f"The database is ready (schema {_with_database(upgrade)}).")


def run_export(user: str) -> None:
    """Print everything that is kept about a person as JSON."""
    person = _id_of(user)

    async def export(database: Database) -> list[dict[str, object]]:
        if person == KEY:
            return await database.ask(partial(queries.export_one, key=KEY))
        return await SqlPrivacy(database, SURFACE).export(person)

    click.echo(json_of(_with_database(export, made=True), indent=2))


def run_forget(user: str) -> None:
    """Delete everything that is kept about a person."""
    person = _id_of(user)

    async def forget(database: Database) -> queries.Gone:
        if person == KEY:
            gone = queries.Gone(await database.ask(partial(queries.forget_one, key=KEY)), {})
        else:
            now = database.clock.now().timestamp()
            gone = await database.ask(partial(queries.forget, surface=SURFACE, owner=person, told_at=now))
        await database.settle()
        return gone

    gone = _with_database(forget, made=True)
    counts = {"conversations": len(gone.keys), **gone.besides}
    deleted = [f"{count} {DELETED[table]}" for table, count in counts.items() if count]
    click.echo(f"Deleted: {', '.join(deleted)} of {person}." if deleted else f"Nothing is kept about {person}.")
    if gone.keys and person != KEY:
        click.echo(FORGOTTEN_SOON)


def run_release() -> None:
    """Let another bot make the database its own."""

    async def release(database: Database) -> str | None:
        return await database.ask(lambda connection: whose.release(connection, SURFACE))

    owner = _with_database(release, made=True)
    if owner is None:
        click.echo("The database is no bot's already.")
    else:
        click.echo(
            f"The database is no longer that of application {owner}: the next bot that starts on it takes it over. "
            "If the bot that used it still runs, stop it now; it ends by itself a minute after another one took over."
        )


def run_outcomes(*, as_json: bool) -> None:
    """Print how often each step helped against each cause, and which steps plans offer earlier because of that."""
    kb = knowledge()

    async def outcomes(database: Database) -> dict[str, tuple[Tally, ...]]:
        return await SqlOutcomes(database).all()

    counted = _with_database(outcomes, made=True)
    rows = [row for cause, tallies in counted.items() for row in _rows(kb, cause, tallies)]
    if as_json:
        click.echo(json_of(rows, indent=2))
    elif not rows:
        click.echo("Nothing was counted yet.")
    else:
        click.echo(f"{'cause':<34} {'guide':<22} {'step':<22} {'helped':>6} {'tried':>6}")
        for row in rows:
            tried, earlier = row["solved"] + row["failed"], "  comes earlier" if row["moved"] else ""
            names = f"{row['cause']:<34} {row['guide']:<22} {row['step']:<22}"
            click.echo(f"{names} {row['solved']:>6} {tried:>6}{earlier}")


def run_clear_outcomes(*, yes: bool, as_json: bool) -> None:
    """Delete the counts of which step helped, once the operator confirms it."""
    if not yes:
        click.confirm("Delete all counts of which step helped? They cannot be brought back.", abort=True, err=True)

    async def clear(database: Database) -> int:
        return await SqlOutcomes(database).clear()

    count = _with_database(clear, made=True)
    click.echo(json_of({"deleted": count}) if as_json else f"Deleted: the counts of {count} step(s).")


def _rows(kb: KnowledgeBase, cause: str, tallies: tuple[Tally, ...]) -> list[dict[str, Any]]:
    """Return a cause's counts, each with whether it moves its step. Knowledge that is gone moves nothing."""
    known = kb.causes.get(cause)
    moved: set[tuple[str, str]] = set()
    if known is not None:
        verdict = Verdict(state=known.state, side=known.side, cause=cause, strength=known.strength, evidence=())
        guides = [kb.guides[name] for name in {tally.guide for tally in tallies} if name in kb.guides]
        plans = [plan(kb, verdict, guide, Profile(), (), tallies=tallies) for guide in guides]
        moved = {(made.guide, step.step) for made in plans for step in made.moved}
    return [{"cause": cause, **tally.model_dump(), "moved": (tally.guide, tally.step) in moved} for tally in tallies]


def _id_of(user: str) -> str:
    """Return a person's id, given as such or as a mention. Nothing is kept under a name except the terminal's."""
    if user.strip() == KEY:
        return KEY
    named = USER.fullmatch(user.strip())
    if named is None:
        raise Failed(
            f"{user!r} is no id of Discord: that is a long number (Copy User ID). "
            f'The conversation of `fiveohtwo chat` is "{KEY}".'
        )
    return named[1]


def _with_database(work: Callable[[Database], Awaitable[Answer]], *, made: bool = False) -> Answer:
    """Do something in the database; a `made` one must exist already: a new one holds nothing to find or delete."""
    settings = load_settings()
    set_up_logging(settings)
    address = address_of(settings)
    if address.kind == "memory":
        raise Failed("FIVEOHTWO_DATABASE_URL says memory: there is no database.")
    if made and address.kind == "sqlite" and _is_missing(address.path):
        raise Failed(
            f"there is no database at {address.place}. Run this as the bot runs, with its settings: the place follows "
            "FIVEOHTWO_DATABASE_URL, else XDG_DATA_HOME and the user."
        )

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
        raise Failed(unusable(error)) from None


def _is_missing(path: Path) -> bool:
    try:
        return not path.exists()
    except OSError:  # opening it says why
        return False
