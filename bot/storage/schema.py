"""Is the database's schema the one that this release needs?

Migrations only go forward. A database that a newer release has changed is refused, so that nothing of it is lost.
Alembic, which a database that is up to date does not need, is imported only to change one.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, column, inspect, select, table, text

from bot.ports import StoreRefused

log = logging.getLogger(__name__)

NEWEST = "0004"
"""The revision that this release needs: the last of `migrations/versions`."""
LOCK = 502_502
"""Key of PostgreSQL's advisory lock: of several processes that start together one migrates, the others wait."""
_VERSION = table("alembic_version", column("version_num"))


class SchemaTooNew(StoreRefused):
    """A newer release has changed this database; the text says what to do."""


def upgrade(connection: Connection, to: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema to this release's, in the transaction that is open; return its revision before and after."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    before = current(connection)
    if before == NEWEST:
        return before, before
    from bot.storage.migrating import migrate

    _refuse_newer(before)
    migrate(connection, to)
    after = current(connection)
    log.info("schema upgraded", extra={"before": before, "after": after})
    return before, after


def examine(connection: Connection) -> tuple[str | None, bool]:
    """Return the revision, and whether `upgrade` may make tables, without changing anything. Raises SchemaTooNew."""
    found = current(connection)
    if found == NEWEST:
        return found, True
    _refuse_newer(found)
    if connection.dialect.name != "postgresql":
        return found, True
    return found, bool(connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")))


def _refuse_newer(found: str | None) -> None:
    from bot.storage.migrating import known

    if found is not None and found not in known():
        raise SchemaTooNew(
            f"a newer release of fiveohtwo has changed this database (its schema is {found!r}, which this release "
            "does not know). Install that release again, or give this one another database (FIVEOHTWO_DATABASE_URL)."
        )


def current(connection: Connection) -> str | None:
    """Return the revision of the schema, None for an empty database."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(select(_VERSION.c.version_num))
