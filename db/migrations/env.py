"""Alembic environment: runs on the connection that db.upgrade hands over, never on a URL of its own."""

from alembic import context

connection = context.config.attributes["connection"]
context.configure(connection=connection, version_table="alembic_version", version_table_schema="cc")
context.run_migrations()
