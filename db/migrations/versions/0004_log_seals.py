"""Seals of the logs, from db/schema/tables/0004_log_seals.sql."""

from alembic import op

from db.schema_files import read_sql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables as cc_owner."""
    op.get_bind().exec_driver_sql(read_sql("tables/0004_log_seals.sql"))


def downgrade() -> None:
    """Refuse: a city's cases are never dropped by a downgrade; restore a backup instead."""
    raise NotImplementedError("restore a backup instead of downgrading")
