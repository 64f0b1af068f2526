"""Foundation: every table of the first release, from db/schema/tables/0001_foundation.sql."""

from alembic import op

from db.schema_files import read_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the tables as cc_owner."""
    op.get_bind().exec_driver_sql(read_sql("tables/0001_foundation.sql"))


def downgrade() -> None:
    """Refuse: a city's cases are never dropped by a downgrade; restore a backup instead."""
    raise NotImplementedError("restore a backup instead of downgrading")
