"""What does `fiveohtwo health` say about a process that runs beside it?"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from bot.cli import OK, PROBLEM
from bot.cli.reader import reader_may_leave
from bot.cli.sign import Sign, place_of, read
from bot.settings import load_settings

STALE_AFTER = timedelta(seconds=60)
"""Four signs: a connection that is re-established, or a database that restarts, is no fault."""


def run_health(process: str, *, alive: bool) -> int:
    """Read the sign that a process left; return 0 if it is able to work, else 1."""
    place = place_of(load_settings(), process)
    well, said = judged(read(place), place, _now(), alive=alive)
    with reader_may_leave():
        click.echo(said)
    return OK if well else PROBLEM


def judged(sign: Sign | None, place: Path, now: datetime, *, alive: bool) -> tuple[bool, str]:
    """Tell whether a process is well, or at least alive, by the sign that it left, and say so."""
    if sign is None:
        return False, f"not running: there is no sign of life at {place}"
    if not _is_fresh(sign.at, now):
        return False, f"stuck or gone: the last sign of life is {_ago(sign.at, now)} old"
    if sign.able_at is not None and _is_fresh(sign.able_at, now):
        return True, f"able to work {_ago(sign.able_at, now)} ago"
    since = "since it started" if sign.able_at is None else f"for {_ago(sign.able_at, now)}"
    return alive, f"not able to work {since}: {sign.obstacle}"


def _now() -> datetime:
    """Return the time, without everything that importing the bot's clock brings along."""
    return datetime.fromtimestamp(time.time(), UTC)


def _is_fresh(at: datetime, now: datetime) -> bool:
    return abs(now - at) <= STALE_AFTER


def _ago(at: datetime, now: datetime) -> str:
    return f"{max(0, round((now - at).total_seconds()))} s"
