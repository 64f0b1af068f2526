"""Login roles and their SCRAM verifiers; a password in clear never travels to the server."""

from __future__ import annotations

import psycopg2.extensions
from sqlalchemy import Connection

CONNECTIONS = 12  # the most one person's programs hold at once


def verifier(connection: Connection, login: str, password: str) -> str:
    """The SCRAM-SHA-256 verifier of a password, computed here by libpq."""
    found: str = psycopg2.extensions.encrypt_password(
        password, login, scope=connection.connection.driver_connection, algorithm="scram-sha-256"
    )
    return found


def make_login(connection: Connection, login: str, password: str) -> None:
    """Give a person a login role, or a new password to the one that exists; for the database's owner only."""
    run = connection.exec_driver_sql
    name = connection.dialect.identifier_preparer.quote(login)
    known = run("select 1 from pg_roles where rolname = %s", (login,)).scalar()
    words = verifier(connection, login, password)
    if not known:
        run(f"create role {name} login connection limit {CONNECTIONS}")
    run(f"alter role {name} login password '{words}'")
    run(f"grant cc_operator to {name}")
    # From PostgreSQL 16 on CREATEROLE reaches only roles held with the admin option.
    if int(str(run("show server_version_num").scalar())) >= 160000:
        run(f"grant {name} to cc_people with admin true, inherit false, set false")
