"""Is the database's schema the one that this release needs?

Migrations only go forward. A database that a newer release has changed is refused, so that nothing in it is lost.
Alembic is imported only to change a database: one that is up to date does not need it.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, column, inspect, select, table, text

from bot.ports import StoreUnavailable
from bot.storage.ours import NEWEST, judge_schema
from bot.storage.tables import applications

log = logging.getLogger(__name__)

LOCK = 502_502
"""Key of PostgreSQL's advisory lock: of several processes that start together one migrates, the others wait."""
_VERSION = table("alembic_version", column("version_num"))


def upgrade(connection: Connection, to: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema up to this release's, in the open transaction; return its revision before and after."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    before = current(connection)
    if before == NEWEST:
        return before, before
    judge_schema(before, inspect(connection).get_table_names())
    from bot.storage.migrating import migrate

    migrate(connection, to)
    after = current(connection)
    log.info("schema upgraded", extra={"before": before, "after": after})
    return before, after


def examine(connection: Connection, surface: str | None = None) -> tuple[str | None, bool, str | None]:
    """Return the revision, whether `upgrade` may create tables, and whose it is on a surface. Changes nothing.

    Raises StoreRefused where it must not be used, and StoreUnavailable where it cannot be read or written as a whole.
    """
    server = connection.dialect.name == "postgresql"
    if server and connection.scalar(text("SHOW transaction_read_only")) == "on":
        raise StoreUnavailable("nothing can be written (transaction_read_only is on)")
    damage = None if server else connection.scalar(text("PRAGMA quick_check(1)"))
    if damage not in (None, "ok"):
        raise StoreUnavailable("the file is damaged (PRAGMA quick_check says where)")
    found, tables = current(connection), inspect(connection).get_table_names()
    judge_schema(found, tables)
    owner = None
    if applications.name in tables:
        owner = connection.scalar(select(applications.c.application).where(applications.c.surface == surface))
    if found == NEWEST or not server:
        return found, True, owner
    return found, bool(connection.scalar(text("SELECT has_schema_privilege(current_schema(), 'CREATE')"))), owner


def current(connection: Connection) -> str | None:
    """Return the revision of the schema, None for an empty database."""
    if not inspect(connection).has_table(_VERSION.name):
        return None
    return connection.scalar(select(_VERSION.c.version_num))
