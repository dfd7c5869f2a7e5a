"""Watches for sites that are to come back, reports of the same site, and which steps helped.

Written down as the tables were then. Nothing here imports `bot`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "watched",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("course", sa.Text, nullable=False),
        sa.Column("next_at", sa.Double, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("held_until", sa.Double, nullable=False),
    )
    op.create_index("ix_watched_next_at", "watched", ["next_at"])
    op.create_table(
        "watchers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("surface", sa.Text, nullable=False),
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("server", sa.Text),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
        sa.Column("news", sa.Text),
        sa.Column("news_at", sa.Double),
        sa.Column("holder", sa.Text),
        sa.Column("held_until", sa.Double, nullable=False),
    )
    op.create_index("ix_watchers_url", "watchers", ["url"])
    op.create_index("ix_watchers_owner", "watchers", ["surface", "owner"])
    op.create_index("ix_watchers_server", "watchers", ["surface", "server"])
    op.create_index("ix_watchers_expires_at", "watchers", ["expires_at"])
    op.create_table(
        "reports",
        sa.Column("server", sa.Text, primary_key=True),
        sa.Column("site", sa.Text, primary_key=True),
        sa.Column("owner", sa.Text, primary_key=True),
        sa.Column("first_at", sa.Double, nullable=False),
        sa.Column("last_at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    for name, columns in {"owner": ["owner"], "site": ["site"], "expires_at": ["expires_at"]}.items():
        op.create_index(f"ix_reports_{name}", "reports", columns)
    op.create_table(
        "outcomes",
        sa.Column("cause", sa.Text, primary_key=True),
        sa.Column("guide", sa.Text, primary_key=True),
        sa.Column("step", sa.Text, primary_key=True),
        sa.Column("solved", sa.BigInteger, nullable=False),
        sa.Column("failed", sa.BigInteger, nullable=False),
    )
