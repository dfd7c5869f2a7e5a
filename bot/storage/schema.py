"""Is the database's schema the one that this release needs, and how does it get there?

Migrations only go forward. A database that a newer release has changed is refused, so that nothing of it is lost.
"""

from __future__ import annotations

import logging
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from bot.ports import StoreRefused

log = logging.getLogger(__name__)

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 502_502
"""Key of PostgreSQL's advisory lock: of several processes that start together one migrates, the others wait."""


class SchemaTooNew(StoreRefused):
    """A newer release has changed this database; the text says what to do."""


def upgrade(connection: Connection, to: str = "head") -> tuple[str | None, str | None]:
    """Bring the schema to this release's, in the transaction that is open; return its revision before and after."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
    before = current(connection)
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if before is not None and before not in known:
        raise SchemaTooNew(
            f"a newer release of fiveohtwo has changed this database (its schema is {before!r}, which this release "
            "does not know). Install that release again, or give this one another database (FIVEOHTWO_DATABASE_URL)."
        )
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)
    after = current(connection)
    if after != before:
        log.info("schema upgraded", extra={"before": before, "after": after})
    return before, after


def current(connection: Connection) -> str | None:
    """Return the revision of the schema, None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """Return the revision that this release needs."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
