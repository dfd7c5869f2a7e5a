"""What do all processes on one database have in common? Its clock, and locks by name."""

from __future__ import annotations

from sqlalchemy import Connection, Text, cast, extract, func, select

UNIX_EPOCH_JD = 2440587.5
"""The day from which seconds are counted, as SQLite counts days."""


def now_of(connection: Connection) -> float:
    """Return the time of the database's own clock: the machines' clocks may differ by seconds."""
    if connection.dialect.name == "postgresql":
        return float(connection.execute(select(extract("epoch", func.clock_timestamp()))).scalar_one())
    days = connection.execute(select(func.julianday("now"))).scalar_one()
    return float((days - UNIX_EPOCH_JD) * 86400)


def alone(connection: Connection, what: str) -> None:
    """Let no other process change the same thing until this transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(cast(what, Text)))))
