"""Which schema this program was written for, and which one a database has; without the weight of Alembic."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

VERSIONS = Path(__file__).parent / "migrations" / "versions"


def known_revisions() -> frozenset[str]:
    """Every revision from which this program can go on: migrations are numbered."""
    return frozenset(p.name.split("_", 1)[0] for p in VERSIONS.glob("[0-9]*_*.py"))


def wanted_revision() -> str:
    """The revision this program was written for: the last one counts."""
    return max(known_revisions())


def present_revision(connection: Connection) -> str | None:
    """The revision of the database, None when it holds no schema of ours."""
    if not connection.exec_driver_sql("select to_regclass('cc.alembic_version') is not null").scalar():
        return None
    found: str | None = connection.exec_driver_sql("select version_num from cc.alembic_version").scalar()
    return found
