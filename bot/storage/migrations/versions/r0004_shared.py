"""What was seen of an address a moment ago, and who asked for how many looks: shared by all processes.

Written down as the tables were then. Nothing here imports `bot`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "looks",
        sa.Column("url", sa.Text, primary_key=True),
        sa.Column("rules", sa.Text, primary_key=True),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("began_at", sa.Double, nullable=False),
        sa.Column("holder", sa.Text),
        sa.Column("held_until", sa.Double, nullable=False),
        sa.Column("report", sa.Text),
        sa.Column("seen_at", sa.Double),
        sa.Column("fresh_until", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    op.create_index("ix_looks_host", "looks", ["host"])
    op.create_index("ix_looks_expires_at", "looks", ["expires_at"])
    op.create_table(
        "acts",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("server", sa.Text),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("expires_at", sa.Double, nullable=False),
    )
    for name in ("owner", "server", "expires_at"):
        op.create_index(f"ix_acts_{name}", "acts", [name])
