"""Whose database it is.

Written down as the table was then. Nothing here imports `bot`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "applications",
        sa.Column("surface", sa.Text, primary_key=True),
        sa.Column("application", sa.Text, nullable=False),
        sa.Column("settled_at", sa.Double, nullable=False),
    )
