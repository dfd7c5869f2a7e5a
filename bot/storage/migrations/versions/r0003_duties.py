"""Which process answers for which shard's conversations.

Written down as the table was then. Nothing here imports `bot`.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go one step forward."""
    op.create_table(
        "duties",
        sa.Column("surface", sa.Text, primary_key=True),
        sa.Column("shard", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("shards", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("holder", sa.Text),
        sa.Column("held_until", sa.Double, nullable=False),
    )
