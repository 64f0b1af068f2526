"""Topics, from db/schema/tables/0011_topic.sql."""

from alembic import op

from db.schema_files import read_sql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Change the tables as cc_owner."""
    op.get_bind().exec_driver_sql(read_sql("tables/0011_topic.sql"))


def downgrade() -> None:
    """Refuse: a city's cases are never dropped by a downgrade; restore a backup instead."""
    raise NotImplementedError("restore a backup instead of downgrading")
